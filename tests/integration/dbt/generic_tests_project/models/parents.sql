select *
from (values ('t1', 'p1'), ('t2', 'p2')) as parents (tenant_id, parent_id)
