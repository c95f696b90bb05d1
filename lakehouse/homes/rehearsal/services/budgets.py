"""Budgets: tags, changing a budget, who is notified.

Not emulated: costs; no budget ever sends anything.
"""

from moto.budgets.responses import BudgetsResponse

from lakehouse.homes.rehearsal.services.extending import (
    Answer,
    Parameters,
    kept,
    operation,
    replaces,
)


def _notification(asked: Parameters) -> tuple:
    wanted = asked["Notification"]
    return asked["BudgetName"], wanted["NotificationType"], float(wanted["Threshold"])


@replaces(BudgetsResponse)
def create_budget(original, self: BudgetsResponse):
    """CreateBudget keeps its tags too."""
    answer = original(self)
    name = self._get_param("Budget")["BudgetName"]
    arn = f"arn:aws:budgets::{self.current_account}:budget/{name}"
    tags = self._get_param("ResourceTags") or []
    kept(self.backend, "tags")[arn] = {tag["Key"]: tag["Value"] for tag in tags}
    return answer


@replaces(BudgetsResponse)
def create_notification(original, self: BudgetsResponse):
    """CreateNotification keeps its subscribers too."""
    answer = original(self)
    asked = {n: self._get_param(n) for n in ("BudgetName", "Notification")}
    kept(self.backend, "subscribers")[_notification(asked)] = self._get_param("Subscribers")
    return answer


@operation(BudgetsResponse)
def describe_subscribers_for_notification(self: BudgetsResponse, asked: Parameters) -> Answer:
    """DescribeSubscribersForNotification."""
    return {"Subscribers": kept(self.backend, "subscribers").get(_notification(asked), [])}


@operation(BudgetsResponse)
def update_budget(self: BudgetsResponse, asked: Parameters) -> None:
    """UpdateBudget."""
    budget = asked["NewBudget"]
    self.backend.budgets[asked["AccountId"]][budget["BudgetName"]].budget.update(budget)


@operation(BudgetsResponse)
def list_tags_for_resource(self: BudgetsResponse, asked: Parameters) -> Answer:
    """ListTagsForResource."""
    tags = kept(self.backend, "tags").get(asked["ResourceARN"], {})
    return {"ResourceTags": [{"Key": key, "Value": value} for key, value in tags.items()]}


@operation(BudgetsResponse)
def tag_resource(self: BudgetsResponse, asked: Parameters) -> None:
    """TagResource."""
    tags = kept(self.backend, "tags").setdefault(asked["ResourceARN"], {})
    tags.update({tag["Key"]: tag["Value"] for tag in asked["ResourceTags"]})


@operation(BudgetsResponse)
def untag_resource(self: BudgetsResponse, asked: Parameters) -> None:
    """UntagResource."""
    tags = kept(self.backend, "tags").get(asked["ResourceARN"], {})
    for key in asked["ResourceTagKeys"]:
        tags.pop(key, None)
