"""The rehearsal: Terraform's platform applied to an AWS emulator on this machine.

The emulator is moto's server with the project's extension (`services`). It keeps what it is told
and answers as the AWS API does. It runs nothing and checks no permission: no replication, no
Glue job, no query, no IAM policy, no Lake Formation filter. What a rehearsal shows is that
Terraform's wiring, API calls, repeatability, drift detection and destruction work.
"""
