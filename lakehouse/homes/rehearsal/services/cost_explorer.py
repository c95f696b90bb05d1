"""Cost Explorer: anomaly monitors and subscriptions.

Not emulated: costs, the limit of one monitor for all services of an account.
"""

import uuid

from moto.ce.responses import CostExplorerResponse

from lakehouse.homes.rehearsal.services.extending import Answer, Parameters, kept, operation


def _create(self: CostExplorerResponse, asked: Parameters, kind: str) -> str:
    part = f"Anomaly{kind}"
    arn = f"arn:aws:ce::{self.current_account}:{part.lower()}/{uuid.uuid4()}"
    owner = {"AccountId": self.current_account} if kind == "Subscription" else {}
    kept(self.ce_backend, part)[arn] = {**asked[part], **owner, f"{kind}Arn": arn}
    if tags := asked.get("ResourceTags"):
        self.ce_backend.tag_resource(arn, tags)
    return arn


def _named(self: CostExplorerResponse, asked: Parameters, kind: str) -> list[dict]:
    arns = asked.get(f"{kind}ArnList")
    everything = kept(self.ce_backend, f"Anomaly{kind}")
    return [thing for arn, thing in list(everything.items()) if not arns or arn in arns]


@operation(CostExplorerResponse)
def create_anomaly_monitor(self: CostExplorerResponse, asked: Parameters) -> Answer:
    """CreateAnomalyMonitor."""
    return {"MonitorArn": _create(self, asked, "Monitor")}


@operation(CostExplorerResponse)
def get_anomaly_monitors(self: CostExplorerResponse, asked: Parameters) -> Answer:
    """GetAnomalyMonitors."""
    return {"AnomalyMonitors": _named(self, asked, "Monitor")}


@operation(CostExplorerResponse)
def delete_anomaly_monitor(self: CostExplorerResponse, asked: Parameters) -> None:
    """DeleteAnomalyMonitor."""
    del kept(self.ce_backend, "AnomalyMonitor")[asked["MonitorArn"]]


@operation(CostExplorerResponse)
def create_anomaly_subscription(self: CostExplorerResponse, asked: Parameters) -> Answer:
    """CreateAnomalySubscription."""
    return {"SubscriptionArn": _create(self, asked, "Subscription")}


@operation(CostExplorerResponse)
def get_anomaly_subscriptions(self: CostExplorerResponse, asked: Parameters) -> Answer:
    """GetAnomalySubscriptions."""
    return {"AnomalySubscriptions": _named(self, asked, "Subscription")}


@operation(CostExplorerResponse)
def delete_anomaly_subscription(self: CostExplorerResponse, asked: Parameters) -> None:
    """DeleteAnomalySubscription."""
    del kept(self.ce_backend, "AnomalySubscription")[asked["SubscriptionArn"]]
