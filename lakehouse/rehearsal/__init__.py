"""The rehearsal's story: Terraform's platform, the Silver jobs and dbt on Athena, on one machine.

`run` holds the steps in order, `stage` what they work on, `record` what an interrupted run left.
`homes/rehearsal` supplies the emulated AWS, its engine and its Athena.
"""
