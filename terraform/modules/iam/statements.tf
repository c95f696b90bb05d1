# What each service may do; every data action names its resource.
locals {
  statements = {
    dms-target = concat(local.write_bucket["bronze"], [local.use_lake_key])

    dms-secret = [
      {
        Effect   = "Allow"
        Action   = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
        Resource = var.source_secret_arn
      },
      { Effect = "Allow", Action = ["kms:Decrypt", "kms:DescribeKey"], Resource = var.operations_key_arn },
    ]

    crawler = concat(local.read_bucket["bronze"], [
      local.use_lake_key,
      local.write_logs["glue"],
      {
        Effect   = "Allow"
        Action   = concat(local.read_catalog_actions, ["glue:BatchCreatePartition", "glue:BatchUpdatePartition", "glue:CreateTable", "glue:UpdateTable"])
        Resource = concat([local.catalog_arn], local.catalog["bronze"])
      },
      { Effect = "Allow", Action = "lakeformation:GetDataAccess", Resource = "*" },
    ])

    silver = concat(local.read_bucket["bronze"], local.read_bucket["scripts"], local.write_bucket["silver"], [
      local.use_lake_key,
      local.write_logs["glue"],
      {
        Effect   = "Allow"
        Action   = concat(local.read_catalog_actions, local.write_catalog_actions)
        Resource = concat([local.catalog_arn], local.catalog["silver"])
      },
      {
        # PutMetricData knows no resources; the condition narrows it to Glue's own metrics.
        Effect    = "Allow"
        Action    = "cloudwatch:PutMetricData"
        Resource  = "*"
        Condition = { StringEquals = { "cloudwatch:namespace" = "Glue" } }
      },
    ])

    dbt = concat(
      local.read_bucket["silver"], local.read_bucket["scripts"],
      local.write_bucket["gold"], local.write_bucket["athena-results"],
      [
        local.use_lake_key,
        local.write_logs["codebuild"],
        {
          Effect   = "Allow"
          Action   = local.read_catalog_actions
          Resource = concat([local.catalog_arn], local.catalog["silver"])
        },
        {
          Effect   = "Allow"
          Action   = concat(local.read_catalog_actions, local.write_catalog_actions)
          Resource = concat([local.catalog_arn], local.catalog["gold"], local.catalog["staging"])
        },
        {
          Effect = "Allow"
          Action = [
            "athena:GetQueryExecution", "athena:GetQueryResults", "athena:GetWorkGroup", "athena:StartQueryExecution",
            "athena:StopQueryExecution",
          ]
          Resource = "arn:aws:athena:${local.here}:workgroup/${var.name}-data-engineering"
        },
        {
          Effect   = "Allow"
          Action   = "athena:GetDataCatalog"
          Resource = "arn:aws:athena:${local.here}:datacatalog/AwsDataCatalog"
        },
        { Effect = "Allow", Action = "lakeformation:GetDataAccess", Resource = "*" },
      ]
    )

    pipeline = [
      {
        Effect   = "Allow"
        Action   = ["glue:BatchStopJobRun", "glue:GetJobRun", "glue:GetJobRuns", "glue:StartJobRun"]
        Resource = "arn:aws:glue:${local.here}:job/${var.name}-silver-*"
      },
      {
        Effect   = "Allow"
        Action   = ["codebuild:BatchGetBuilds", "codebuild:StartBuild", "codebuild:StopBuild"]
        Resource = "arn:aws:codebuild:${local.here}:project/${var.name}-dbt"
      },
      {
        # How Step Functions learns that a build has ended (Step Functions developer guide, CodeBuild .sync).
        Effect   = "Allow"
        Action   = ["events:DescribeRule", "events:PutRule", "events:PutTargets"]
        Resource = "arn:aws:events:${local.here}:rule/StepFunctionsGetEventForCodeBuildStartBuildRule"
      },
      { Effect = "Allow", Action = "sns:Publish", Resource = var.topic_arn },
      { Effect = "Allow", Action = ["kms:Decrypt", "kms:GenerateDataKey"], Resource = var.operations_key_arn },
      {
        Effect    = "Allow"
        Action    = "cloudwatch:PutMetricData"
        Resource  = "*"
        Condition = { StringEquals = { "cloudwatch:namespace" = "Lakehouse" } }
      },
      {
        # Log delivery of state machines cannot be narrowed to a resource (Step Functions developer guide, "Logging").
        Effect = "Allow"
        Action = [
          "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies",
          "logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:UpdateLogDelivery",
        ]
        Resource = "*"
      },
    ]

    schedule = [
      {
        Effect   = "Allow"
        Action   = "states:StartExecution"
        Resource = "arn:aws:states:${local.here}:stateMachine:${var.name}-pipeline"
      },
    ]

    lake-location = concat(local.write_bucket["silver"], local.write_bucket["gold"], [local.use_lake_key])
  }
}
