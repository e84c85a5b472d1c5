"""Writes eligibility requests (270, 005010X279A1), and reads them back as a check."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.standards.x12.eligibility.questions import read_270
from app.standards.x12.facts import Segment
from app.standards.x12.reader import transactions
from app.standards.x12.writing import REPETITION, Cover, WritingError, composite, exact, interchange, name

VERSION = "005010X279A1"
FUNCTIONAL = "HS"
ORIGINATOR = "9"
PROCEDURE_QUALIFIER = "HC"
MOST_TYPES = 99


def write_270(cover: Cover, requests: Sequence[Mapping[str, Any]]) -> bytes:
    """Write requests, each in a set of its own, in one group of one interchange.

    Takes     the cover; for each patient an object as the reading contract has it in `requests`: one trace (TRN02,
              comes back in the answer), payer, provider, subscriber, dependent, service_dates, service_types,
              procedures. Letters of names are written plain, without accents.
    Returns   the bytes, in ASCII. Reading them gives what was asked to write.
    Raises    WritingError, naming the field, for a value with a delimiter or a sign that X12 cannot carry, or that is
              too long, missing or no date.
    """
    if not requests:
        raise WritingError("requests", "there is nobody to ask about.")
    sets = [("270", _segments(cover, place, request)) for place, request in enumerate(requests, 1)]
    content = interchange(cover, FUNCTIONAL, VERSION, sets)
    for request, found in zip(requests, transactions(io.BytesIO(content)), strict=True):
        if list(read_270(found)["requests"]) != [as_written(request)]:
            raise WritingError("request", "what was written does not say what it should.")
    return content


def as_written(request: Mapping[str, Any]) -> dict[str, Any]:
    """Give what reading a written request gives: names in plain letters, empty values as None."""
    subscriber, dependent, dates = request["subscriber"], request["dependent"], request["service_dates"]
    keys = ("last_name", "first_name", "birth_date", "sex")
    return {
        "trace": list(request["trace"]),
        "payer": {"name": _name(request["payer"], "name"), "id": request["payer"]["id"] or None},
        "provider": {"name": _name(request["provider"], "name"), "npi": request["provider"]["npi"] or None},
        "subscriber": {"member_id": subscriber["member_id"] or None, **{key: _name(subscriber, key) for key in keys}},
        "dependent": dependent and {key: _name(dependent, key) for key in (*keys, "relationship")},
        "service_dates": {"begins": dates["begins"], "ends": dates["ends"] or dates["begins"]},
        "service_types": list(request["service_types"]),
        "procedures": [
            {
                "qualifier": one["qualifier"] or PROCEDURE_QUALIFIER,
                "code": one["code"],
                "modifiers": list(one["modifiers"]),
            }
            for one in request["procedures"]
        ],
    }


def _name(person: Mapping[str, Any], key: str) -> str | None:
    return name(key, person.get(key), 80) or None


def _segments(cover: Cover, place: int, request: Mapping[str, Any]) -> list[Segment]:
    payer, provider, dependent = request["payer"], request["provider"], request["dependent"]
    trace = [_trace(given, provider) for given in request["trace"]]
    heading = ["BHT", "0022", "13", f"{cover.control}-{place}", f"{cover.moment:%Y%m%d}", f"{cover.moment:%H%M}"]
    above = [
        heading,
        ["HL", "1", "", "20", "1"],
        ["NM1", "PR", "2", name("payer name", payer["name"], 60), *_id("payer id", "PI", payer["id"])],
        ["HL", "2", "1", "21", "1"],
        ["NM1", "1P", "2", name("provider name", provider["name"], 60), *_id("NPI", "XX", provider["npi"])],
        ["HL", "3", "2", "22", "0" if dependent is None else "1"],
    ]
    subscriber = _person("subscriber", "IL", request["subscriber"])
    asked = [*_dates(request["service_dates"]), *_questions(request)]
    if dependent is None:
        return [*above, *trace, *subscriber, *asked]
    relationship = exact("relationship", dependent["relationship"], 2)
    related = [["INS", "N", relationship]] if relationship else []
    below = [["HL", "4", "3", "23", "0"], *trace, *_person("dependent", "03", dependent), *related]
    return [*above, *subscriber, *below, *asked]


def _trace(given: str, provider: Mapping[str, Any]) -> Segment:
    """Write a trace with who gave it (TRN03: ten signs)."""
    originator = ORIGINATOR + (provider["npi"] or "")[-9:].rjust(9, "0")
    return ["TRN", "1", exact("trace", given, 50, 1), exact("originator", originator, 10, 10)]


def _id(field: str, qualifier: str, value: str | None) -> list[str]:
    """Write NM104 to NM109 of an organization."""
    number = exact(field, value, 80)
    return ["", "", "", "", qualifier, number] if number else []


def _person(field: str, role: str, person: Mapping[str, Any]) -> list[Segment]:
    last = name(f"{field} last name", person["last_name"], 60)
    first = name(f"{field} first name", person["first_name"], 35)
    number = exact(f"{field} member id", person.get("member_id"), 80, 0)
    born, sex = person["birth_date"], exact(f"{field} sex", person["sex"], 1)
    named = ["NM1", role, "1", last, first, "", "", "", *(("MI", number) if number else ())]
    day = ["D8", _day(f"{field} birth date", born)] if born else ["", ""]
    return [named, *([["DMG", *day, sex]] if born or sex else [])]


def _dates(dates: Mapping[str, Any]) -> list[Segment]:
    if not dates["begins"]:
        return []
    begins = _day("service date", dates["begins"])
    ends = _day("service date", dates["ends"] or dates["begins"])
    return [["DTP", "291", *(("D8", begins) if begins == ends else ("RD8", f"{begins}-{ends}"))]]


def _questions(request: Mapping[str, Any]) -> list[Segment]:
    types = [exact("service type", code, 2, 1) for code in request["service_types"]]
    if len(types) > MOST_TYPES:
        raise WritingError("service types", f"a request takes {MOST_TYPES} at most.")
    asked = [["EQ", REPETITION.join(types)]] if types else []
    return [*asked, *(["EQ", "", _procedure(one)] for one in request["procedures"])]


def _procedure(procedure: Mapping[str, Any]) -> str:
    modifiers = [exact("modifier", modifier, 2, 1) for modifier in procedure["modifiers"]]
    if len(modifiers) > 4:
        raise WritingError("modifiers", "a procedure takes four at most.")
    qualifier = exact("procedure qualifier", procedure["qualifier"] or PROCEDURE_QUALIFIER, 2, 2)
    return composite(qualifier, exact("procedure", procedure["code"], 48, 1), *modifiers)


def _day(field: str, text: str) -> str:
    try:
        return f"{date.fromisoformat(text):%Y%m%d}"
    except ValueError:
        raise WritingError(field, "it is no day of the calendar.") from None
