# Workflows sign in with a token of GitHub's; no key of AWS is stored anywhere.
locals {
  workflow_roles = var.github_repository == null ? {} : {
    # Any branch's pull request may read what exists.
    plan = { subject = "repo:${var.github_repository}:pull_request", policy = "arn:aws:iam::aws:policy/ReadOnlyAccess" }
    # Only a job in the environment, which GitHub holds back until somebody approves.
    apply = {
      subject = "repo:${var.github_repository}:environment:${var.environment}"
      policy  = "arn:aws:iam::aws:policy/AdministratorAccess"
    }
  }
}

resource "aws_iam_openid_connect_provider" "github" {
  count = var.github_repository == null ? 0 : 1

  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "workflow" {
  for_each = local.workflow_roles

  name = "lakehouse-${var.environment}-github-${each.key}"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = aws_iam_openid_connect_provider.github[0].arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:sub" = each.value.subject
        }
      }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "workflow" {
  for_each = local.workflow_roles

  role       = aws_iam_role.workflow[each.key].name
  policy_arn = each.value.policy
}

# A plan takes the state's lock and reads the state.
resource "aws_iam_role_policy" "plan_state" {
  count = var.github_repository == null ? 0 : 1

  name = "lock-state"
  role = aws_iam_role.workflow["plan"].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["s3:PutObject", "s3:DeleteObject"], Resource = "${aws_s3_bucket.state.arn}/*.tflock" },
      { Effect = "Allow", Action = ["kms:Decrypt", "kms:GenerateDataKey"], Resource = aws_kms_key.state.arn },
    ]
  })
}
