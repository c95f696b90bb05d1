select *
from (
    values
    ('t1', null),
    ('t1', null),
    ('t2', null),
    ('t2', 'a'),
    (null, 'b')
) as nullable_key (tenant_id, id)
