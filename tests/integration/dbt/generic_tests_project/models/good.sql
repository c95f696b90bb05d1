select *
from (
    values
    ('t1', 'a', 0.00, date '2026-01-01', 'p1'),
    ('t1', 'b', 1.00, date '2026-01-02', 'p1'),
    ('t2', 'a', 0.50, date '2026-01-31', 'p2')
) as good (tenant_id, id, amount, dt, parent_id)
