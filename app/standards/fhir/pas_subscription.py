"""Da Vinci PAS: the Subscription by which a payer's system is asked to tell us of decisions (R4 backport)."""

import json

TOPIC = "http://hl7.org/fhir/us/davinci-pas/SubscriptionTopic/PASSubscriptionTopic"
_BACKPORT = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"
_PROFILE = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/profile-subscription"


def write_subscription(endpoint: str, submitter: str, secret: str) -> bytes:
    """Write the Subscription.

    Takes     our address; our id in the exchange, for whose requests alone it asks; the secret that each call to our
              address is to bear.
    """
    resource = {
        "resourceType": "Subscription",
        "meta": {"profile": [f"{_BACKPORT}backport-subscription", _PROFILE]},
        "status": "requested",
        "reason": "Decisions on prior authorization requests",
        "criteria": TOPIC,
        "_criteria": {
            "extension": [{"url": f"{_BACKPORT}backport-filter-criteria", "valueString": f"org-identifier={submitter}"}]
        },
        "channel": {
            "type": "rest-hook",
            "endpoint": endpoint,
            "payload": "application/fhir+json",
            "_payload": {"extension": [{"url": f"{_BACKPORT}backport-payload-content", "valueCode": "full-resource"}]},
            "header": [f"Authorization: Bearer {secret}"],
        },
    }
    return json.dumps(resource, separators=(",", ":")).encode()
