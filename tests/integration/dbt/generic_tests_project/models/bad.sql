select *
from (
    values
    ('t1', 'a', -1.00, date '2026-01-01', 'p2'),
    ('t1', 'a', 2.00, date '2026-01-03', 'p1'),
    ('t2', 'b', null, date '2026-02-01', 'p2'),
    ('t2', null, 1.00, date '2026-02-01', 'p2')
) as bad (tenant_id, id, amount, dt, parent_id)
