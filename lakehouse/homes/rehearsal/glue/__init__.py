"""Glue on this machine: runs the jobs that Terraform defined.

`runtime` reads a job's definition from the emulator, fetches script, wheel and dependencies from S3
as Glue does, and starts `runner` in a process that sees those alone, with Spark 3.5, Hudi 0.15 and
Java 17 as Glue 5.0 has them. `jars` has the parts of the AWS SDK that are there.
"""
