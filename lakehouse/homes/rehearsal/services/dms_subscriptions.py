"""DMS: event subscriptions and certificates.

Not emulated: events; a subscription never sends anything. Certificates are not read.
"""

import uuid

from moto.dms.exceptions import ResourceNotFoundFault
from moto.dms.responses import DatabaseMigrationServiceResponse as Dms

from lakehouse.homes.rehearsal.services.extending import Answer, Parameters, kept, operation


def _arn(self: Dms, kind: str, name: str) -> str:
    return f"arn:aws:dms:{self.region}:{self.current_account}:{kind}:{name}"


@operation(Dms)
def create_event_subscription(self: Dms, asked: Parameters) -> Answer:
    """CreateEventSubscription."""
    name = asked["SubscriptionName"]
    subscription = {
        "CustSubscriptionId": name,
        "CustomerAwsId": self.current_account,
        "Enabled": asked.get("Enabled", True),
        "EventCategoriesList": asked.get("EventCategories", []),
        "SnsTopicArn": asked["SnsTopicArn"],
        "SourceIdsList": asked.get("SourceIds", []),
        "SourceType": asked.get("SourceType"),
        "Status": "active",
    }
    kept(self.dms_backend, "subscriptions")[name] = subscription
    self.dms_backend.tagger.tag_resource(_arn(self, "es", name), asked.get("Tags", []))
    return {"EventSubscription": subscription}


@operation(Dms)
def modify_event_subscription(self: Dms, asked: Parameters) -> Answer:
    """ModifyEventSubscription: values that are not named stay."""
    subscription = kept(self.dms_backend, "subscriptions")[asked["SubscriptionName"]]
    for name in ("SnsTopicArn", "SourceType", "Enabled"):
        subscription[name] = asked.get(name, subscription[name])
    subscription["EventCategoriesList"] = asked.get(
        "EventCategories", subscription["EventCategoriesList"]
    )
    return {"EventSubscription": subscription}


@operation(Dms)
def describe_event_subscriptions(self: Dms, asked: Parameters) -> Answer:
    """DescribeEventSubscriptions; a name that does not exist is an error, as on AWS."""
    subscriptions = kept(self.dms_backend, "subscriptions")
    name = asked.get("SubscriptionName")
    if name and name not in subscriptions:
        raise ResourceNotFoundFault(f"Event subscription {name} not found")
    found = [subscriptions[name]] if name else list(subscriptions.values())
    return {"EventSubscriptionsList": found}


@operation(Dms)
def delete_event_subscription(self: Dms, asked: Parameters) -> Answer:
    """DeleteEventSubscription."""
    subscriptions = kept(self.dms_backend, "subscriptions")
    return {"EventSubscription": subscriptions.pop(asked["SubscriptionName"])}


@operation(Dms)
def import_certificate(self: Dms, asked: Parameters) -> Answer:
    """ImportCertificate."""
    arn = _arn(self, "cert", uuid.uuid4().hex[:26].upper())
    certificate = {
        "CertificateArn": arn,
        "CertificateIdentifier": asked["CertificateIdentifier"],
        "CertificatePem": asked.get("CertificatePem"),
    }
    kept(self.dms_backend, "certificates")[arn] = certificate
    self.dms_backend.tagger.tag_resource(arn, asked.get("Tags", []))
    return {"Certificate": certificate}


@operation(Dms)
def describe_certificates(self: Dms, asked: Parameters) -> Answer:
    """DescribeCertificates, by identifier when a filter names one."""
    wanted = [
        value
        for condition in asked.get("Filters", [])
        if condition["Name"] == "certificate-id"
        for value in condition["Values"]
    ]
    certificates = list(kept(self.dms_backend, "certificates").values())
    found = [c for c in certificates if not wanted or c["CertificateIdentifier"] in wanted]
    if not found:
        raise ResourceNotFoundFault("Certificate not found")
    return {"Certificates": found}


@operation(Dms)
def delete_certificate(self: Dms, asked: Parameters) -> Answer:
    """DeleteCertificate."""
    certificates = kept(self.dms_backend, "certificates")
    return {"Certificate": certificates.pop(asked["CertificateArn"])}
