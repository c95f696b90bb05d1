output "platform" {
  description = "Names and ARNs that the runbook and the deployment steps use."
  value       = module.platform
}
