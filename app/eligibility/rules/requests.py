"""What a request to a payer holds: the objects of the reading contract, which the writer of 270 files takes."""

from collections.abc import Mapping
from typing import Any

from app.eligibility.facts.asking import SERVICE_TYPES, Person, Route, Sender, ToAsk

_RELATIONSHIPS = {
    "spouse": "01", "wife": "01", "husband": "01", "01": "01", "child": "19", "son": "19", "daughter": "19", "19": "19",
}  # fmt: skip
"""The relationships that a 270 has words for (INS02); any other is another adult's: 34."""


def request_of(one: ToAsk, route: Route, person: Person, sender: Sender, trace: str) -> dict[str, Any]:
    """Write one request: who asks which payer about whom, for which day, service types and procedures.

    Of a dependent the subscriber's own name is not on file: the member id stands for the subscriber.
    """
    names = {"last_name": person.last_name, "first_name": person.first_name, "birth_date": _day(person)}
    nobody = dict.fromkeys((*names, "sex"))
    subscriber = {"member_id": person.member_id, **(nobody if person.dependent else {**names, "sex": None})}
    dependent = {**names, "sex": None, "relationship": relationship_code(person)} if person.dependent else None
    day = one.visit.day.isoformat()
    return {
        "trace": [trace],
        "payer": {"name": one.coverage.payer_name, "id": route.payer_id},
        "provider": {"name": sender.name, "npi": sender.npi},
        "subscriber": subscriber,
        "dependent": dependent,
        "service_dates": {"begins": day, "ends": day},
        "service_types": list(SERVICE_TYPES[route.detail]),
        "procedures": _procedures(one) if route.procedures else [],
    }


def _day(person: Person) -> str | None:
    return None if person.birth_date is None else person.birth_date.isoformat()


def relationship_code(person: Person) -> str:
    """The code of a dependent's relationship to the subscriber."""
    return _RELATIONSHIPS.get((person.relationship or "").strip().casefold(), "34")


def _procedures(one: ToAsk) -> list[Mapping[str, Any]]:
    return [{"qualifier": "HC", "code": code, "modifiers": []} for code in one.codes]
