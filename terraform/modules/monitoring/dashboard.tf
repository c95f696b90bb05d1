locals {
  graphs = [
    {
      title = "Replication latency (s)"
      metrics = [
        for metric in ["CDCLatencySource", "CDCLatencyTarget"] : [
          "AWS/DMS", metric, "ReplicationInstanceIdentifier", var.dms.instance_id, "ReplicationTaskIdentifier", var.dms.task_id,
        ]
      ]
    },
    {
      title = "Pipeline runs"
      metrics = concat(
        [for metric in ["ExecutionsSucceeded", "ExecutionsFailed"] : ["AWS/States", metric, "StateMachineArn", var.state_machine_arn]],
        [["Lakehouse", "PipelineSucceeded", "Environment", var.name]],
      )
    },
    {
      title = "Glue executor use by job"
      metrics = [
        for table in sort(keys(var.job_names)) : [
          "Glue", "glue.driver.workerUtilization", "JobName", var.job_names[table], "JobRunId", "ALL", "Type", "gauge",
        ]
      ]
    },
    {
      title   = "Rows that went to the quarantine"
      metrics = [for table in sort(keys(var.job_names)) : ["Lakehouse/Silver", "RowsQuarantined", "Table", table]]
    },
    {
      title   = "Athena, bytes scanned"
      metrics = [for key in sort(keys(var.workgroups)) : ["AWS/Athena", "ProcessedBytes", "WorkGroup", var.workgroups[key]]]
    },
  ]
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name
  dashboard_body = jsonencode({
    widgets = [
      for index, graph in local.graphs : {
        type   = "metric"
        x      = 12 * (index % 2)
        y      = 6 * floor(index / 2)
        width  = 12
        height = 6
        properties = {
          title   = graph.title, region = var.region, view = "timeSeries", stat = "Maximum", period = 300
          metrics = graph.metrics
        }
      }
    ]
  })
}
