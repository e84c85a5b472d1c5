"""Payers that take prior authorization by FHIR: what of them is set up."""

from collections.abc import Iterator

from app.web.doctor.findings import Finding, good, note
from config import Settings


def of_pas(settings: Settings) -> Iterator[Finding]:
    """Say whether requests can be sent by FHIR, and whether payers can tell us by themselves."""
    if not settings.pas:
        yield note(
            "requests by FHIR",
            "Not set up: requests are sent by portal, fax and telephone only.",
            "Set PAS_URL, PAS_PAYERS, PAS_SUBMITTER and PAS_TOKEN, if a payer takes them so; the README says more.",
        )
    for one in settings.pas:
        if one.hook_secret is None:
            yield note(
                "requests by FHIR",
                f"{one.name} may not tell us when it decides: people must ask.",
                "Set its HOOK_SECRET, and let the payer subscribe the address that the README names.",
            )
        yield good("requests by FHIR", f"{one.name} is set up.")
