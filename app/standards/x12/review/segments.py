"""The segments of a request for a services review (005010X217), level by level."""

from datetime import date

from app.standards.x12.facts import Segment
from app.standards.x12.review.asking import AskedService, Member, Organization, Provider, ReviewRequest, Spread
from app.standards.x12.writing import WritingError, composite, exact, free, name

MOST_DIAGNOSES = 12
MOST_MODIFIERS = 4


def segments_of(request: ReviewRequest) -> list[Segment]:
    """Give the segments between ST and SE. Raises WritingError where a value cannot be written."""
    reference = exact("reference", request.reference, 50, 1)
    moment = request.moment
    levels = _Levels()
    levels.add([], ["BHT", "0007", "13", reference, f"{moment:%Y%m%d}", f"{moment:%H%M}"])
    levels.open("20", _organization(request.payer))
    levels.open("21", _provider("requester", "1P", request.requester))
    levels.open("22", *_subscriber(request.subscriber))
    if request.dependent is not None:
        levels.open("23", *_dependent(request.dependent))
    levels.open("EV", *_event(request))
    for number, service in enumerate(request.services, 1):
        levels.open("SS", *_service(f"service {number}", service))
    return levels.segments()


class _Levels:
    """The levels as they are opened: each below the one before, services side by side below the event."""

    def __init__(self) -> None:
        self._segments: list[tuple[Segment, list[Segment]]] = []
        self._event = 0

    def add(self, opener: Segment, *segments: Segment) -> None:
        """Add segments behind their HL."""
        self._segments.append((opener, list(segments)))

    def open(self, code: str, *segments: Segment) -> None:
        """Begin a level."""
        number = len(self._segments)
        parent = self._event if code == "SS" else number - 1
        self._event = number if code == "EV" else self._event
        self.add(["HL", str(number), str(parent) if parent else "", code, "0"], *segments)

    def segments(self) -> list[Segment]:
        """Give them all; HL04 says whether levels stand below."""
        parents = {opener[2] for opener, _ in self._segments if opener}
        given: list[Segment] = []
        for opener, segments in self._segments:
            if opener:
                given.append([*opener[:4], "1" if opener[1] in parents else "0"])
            given += segments
        return given


def _organization(payer: Organization) -> Segment:
    qualifier, number = exact("payer's qualifier", payer.qualifier, 2, 1), exact("payer's id", payer.id, 80, 2)
    return ["NM1", "X3", "2", name("payer's name", payer.name, 60, 1), "", "", "", "", qualifier, number]


def _provider(field: str, role: str, provider: Provider) -> Segment:
    first = name(f"{field}'s first name", provider.first_name, 35)
    last, npi = name(f"{field}'s name", provider.name, 60, 1), exact(f"{field}'s NPI", provider.npi, 10, 10)
    return ["NM1", role, "1" if first else "2", last, first, "", "", "", "XX", npi]


def _subscriber(person: Member) -> list[Segment]:
    return [[*_person("subscriber", "IL", person), "", "", "", "MI", _member_id(person)], *_born("subscriber", person)]


def _member_id(person: Member) -> str:
    return exact("member id", person.member_id, 80, 2)


def _dependent(person: Member) -> list[Segment]:
    relation = exact("relationship", person.relationship, 2, 2)
    return [_person("dependent", "QC", person), *_born("dependent", person), ["INS", "N", relation]]


def _person(field: str, role: str, person: Member) -> Segment:
    last = name(f"{field}'s last name", person.last_name, 60, 1)
    return ["NM1", role, "1", last, name(f"{field}'s first name", person.first_name, 35)]


def _born(field: str, person: Member) -> list[Segment]:
    if person.birth_date is None:
        return []
    return [["DMG", "D8", f"{person.birth_date:%Y%m%d}", exact(f"{field}'s sex", person.sex, 1)]]


def _event(request: ReviewRequest) -> list[Segment]:
    given = [
        ["TRN", "1", exact("trace", request.trace, 50, 1), exact("origin", request.origin, 10, 10)],
        _asked(request),
    ]
    if request.previous:
        given.append(["REF", "BB", exact("previous number", request.previous, 50, 1)])
    given += _period("AAH", request.begins, request.ends)
    given += _diagnoses(request.diagnoses)
    given += [_spread(request.spread)] if request.spread else []
    message = free("message", request.message, 264)
    given += [["MSG", message]] if message else []
    given += [_provider("performer", "SJ", request.performer)] if request.performer else []
    return given


def _asked(request: ReviewRequest) -> Segment:
    place = composite(exact("place of service", request.place, 2, 2), "B") if request.place else ""
    return [
        "UM",
        exact("category", request.category, 2, 1),
        exact("certification type", request.certification, 1, 1),
        exact("service type", request.service_type, 2),
        place,
        "",
        exact("urgency", request.urgency, 3),
    ]


def _diagnoses(codes: tuple[str, ...]) -> list[Segment]:
    if len(codes) > MOST_DIAGNOSES:
        raise WritingError("diagnoses", f"a request takes at most {MOST_DIAGNOSES}.")
    plain = [exact("diagnosis", code.replace(".", ""), 7, 3) for code in codes]
    return [["HI", *(composite("ABF" if place else "ABK", code) for place, code in enumerate(plain))]] if plain else []


def _spread(spread: Spread) -> Segment:
    count = "" if spread.period_count is None else str(spread.period_count)
    per, period = exact("per", spread.per, 2), exact("period", spread.period, 2)
    unit = exact("unit of the spread", spread.unit, 2, 2)
    return ["HSD", unit, _whole("quantity of the spread", spread.quantity), per, "", period, count]


def _service(field: str, service: AskedService) -> list[Segment]:
    if len(service.modifiers) > MOST_MODIFIERS:
        raise WritingError(field, f"a service takes at most {MOST_MODIFIERS} modifiers.")
    modifiers = [exact(f"modifier of {field}", modifier, 2, 2) for modifier in service.modifiers]
    modifiers += [""] * (MOST_MODIFIERS - len(modifiers))
    codes = [exact(f"code of {field}", code, 5, 5) if code else "" for code in (service.code, service.code_to)]
    if not codes[0]:
        raise WritingError(f"code of {field}", "a service needs a code.")
    procedure = composite("HC", codes[0], *modifiers, "", codes[1])
    unit = exact(f"unit of {field}", service.unit, 2, 2)
    dates = _period("472", service.begins, service.ends)
    return [*dates, ["SV1", procedure, "", unit, _whole(f"quantity of {field}", service.quantity)]]


def _whole(field: str, number: int) -> str:
    if number < 1:
        raise WritingError(field, "a quantity is a whole number from 1.")
    return exact(field, str(number), 15)


def _period(qualifier: str, begins: date | None, ends: date | None) -> list[Segment]:
    """Write a day or a range of days; nothing where the first is not given."""
    if begins is None:
        return []
    last = ends or begins
    if last < begins:
        raise WritingError("dates", "a period ends before it begins.")
    if last == begins:
        return [["DTP", qualifier, "D8", f"{begins:%Y%m%d}"]]
    return [["DTP", qualifier, "RD8", f"{begins:%Y%m%d}-{last:%Y%m%d}"]]
