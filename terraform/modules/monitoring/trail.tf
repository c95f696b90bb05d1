resource "aws_cloudtrail" "this" {
  #checkov:skip=CKV_AWS_252:nobody would read a message a file
  #checkov:skip=CKV2_AWS_10:the trail lies in the logs bucket; a second copy in CloudWatch would cost more than the trail
  name                          = var.name
  s3_bucket_name                = var.logs_bucket
  kms_key_id                    = var.kms_key_arn
  is_multi_region_trail         = true
  include_global_service_events = true
  enable_log_file_validation    = true

  dynamic "event_selector" {
    for_each = length(var.audited_buckets) > 0 ? [1] : []

    content {
      include_management_events = true
      read_write_type           = "All"

      data_resource {
        type   = "AWS::S3::Object"
        values = [for arn in var.audited_buckets : "${arn}/"]
      }
    }
  }
}
