"""Where what a person typed of a request differs from what somebody else saved meanwhile."""

from collections.abc import Sequence

from app.casework.facts.requests import Typed
from app.casework.rules.asking import shown_name
from app.casework.views.request_form import RequestPage

LABELS = {
    "coverage": "Coverage",
    "code": "Asked for",
    "diagnoses": "Diagnoses",
    "reason": "Reason",
    "begins": "First day",
    "ends": "Last day",
    "provider": "Provider",
    "site": "Place",
    "place": "Place of service",
    "channel": "Benefit",
    "ndc": "NDC",
    "kind": "Kind",
    "parent": "Earlier request",
    "urgent": "Urgent",
    "visit": "Visits",
    "have": "Documents at hand",
}


def differences(page: RequestPage, there: Typed, ours: Typed) -> Sequence[tuple[str, str, str]]:
    """List where an entry differs from what is on file now: field, on file, entered."""
    found = []
    for name, label in LABELS.items():
        theirs, mine = there.get(name, ()), ours.get(name, ())
        if sorted(theirs) != sorted(mine):
            found.append((label, _words(page, name, theirs), _words(page, name, mine)))
    for field, label in (("count-", "Units of"), ("modifiers-", "Modifiers of")):
        for name in dict.fromkeys((*there, *ours)):
            if name.startswith(field) and there.get(name, ()) != ours.get(name, ()):
                line = f"{label} {shown_name(name.removeprefix(field))}"
                found.append((line, _words(page, name, there.get(name, ())), _words(page, name, ours.get(name, ()))))
    return found


def _words(page: RequestPage, name: str, values: Sequence[str]) -> str:
    lists = {field: dict(choices) for field, choices in page.choices.items() if field != "provider"}
    lists["visit"] = {str(visit.id): visit.when for visit in page.visits}
    said = [lists[name].get(value, value) if name in lists else value for value in values if value]
    if name == "code":
        said = [shown_name(value) for value in said]
    return ", ".join("Yes" if value == "yes" else value for value in said) or "None"
