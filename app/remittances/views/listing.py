"""The list of claims in words, and the few that stand beside a visit, a case or on Today."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.clearance.facts.reasons import Badge, Check
from app.clearance.views.sentences import BADGE_WORDS, CHECK_WORDS
from app.patients.facts import Patient
from app.remittances.actions.reading import Claims, without_place
from app.remittances.facts.claims import Category, ClaimLine, ClaimQuery, ClaimState, Show, Why
from app.remittances.store.listing import MOST_COUNTED
from app.remittances.views.codes import CATEGORY_WORDS, money_words, status_words
from app.values.wording import counted, listed, short_day

Address = Callable[..., str]
Write = Callable[[ClaimQuery], dict[str, str]]

WHY_WORDS = {
    Why.NO_PATIENT: "No patient on file has its member id or control number.",
    Why.SEVERAL_PATIENTS: "More than one patient on file fits it.",
    Why.OTHER_PATIENT: "A patient on file has its number, but goes by another name or member id.",
    Why.NO_VISIT: "The patient has no visit on its day of service.",
    Why.SEVERAL_VISITS: "The patient has more than one visit on its day of service.",
}
STATE_WORDS = {
    ClaimState.STANDS: "",
    ClaimState.REVERSED: "Taken back by the payer",
    ClaimState.FOLLOWED: "Answered anew later",
    ClaimState.REVERSAL: "Takes an earlier answer back",
}
SHOW_WORDS = {Show.ALL: "All claims", Show.DENIED: "Denied", Show.WAITING: "Without a visit"}
_EMPTY = {
    Show.ALL: "No remittance has come in yet. Claims appear here when a remittance (835) is taken in.",
    Show.DENIED: "No claim that stands was denied.",
    Show.WAITING: "Every claim is tied to its visit.",
}


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim as a list shows it. `said`: what Cleared had said; `calm`: nothing to do about it."""

    id: UUID
    paid_on: str
    service: str
    patient: str
    mrn: str
    payer: str
    charge: str
    paid: str
    result: str
    denied: bool
    said: str
    badge: str | None
    visit_id: UUID | None
    why: str
    calm: bool


@dataclass(frozen=True, slots=True)
class ShowLink:
    """A way to narrow the list, its count, where it leads, whether it is this one."""

    words: str
    count: str
    address: str
    here: bool


@dataclass(frozen=True, slots=True)
class ClaimsPage:
    """All that the list's template shows."""

    shows: tuple[ShowLink, ...]
    rows: tuple[ClaimRow, ...]
    show: str
    category: str
    categories: tuple[tuple[str, str], ...]
    empty: str | None
    clear: str | None
    shown: str
    next_page: str | None


def claims_page(found: Claims, address: Address, write: Write) -> ClaimsPage:
    """Put the list into words. `address` makes the page's address of the parts of a query, `write` these parts."""
    query = without_place(found.query)
    narrowed = query != ClaimQuery()
    lines = found.lines
    following = None if found.next is None else address(**write(_placed(found)))
    return ClaimsPage(
        shows=tuple(_show(one, found, address, write) for one in Show),
        rows=tuple(claim_row(one, found.people) for one in lines),
        show=query.show.value if query.show is not Show.ALL else "",
        category=query.category.value if query.category is not None else "",
        categories=tuple((one.value, CATEGORY_WORDS[one]) for one in Category),
        empty=None if lines else _empty(found.query),
        clear=address() if narrowed else None,
        shown=counted(len(lines), "claim") + (" on this page" if following or found.query.after else ""),
        next_page=following,
    )


def _placed(found: Claims) -> ClaimQuery:
    query = found.query
    return ClaimQuery(query.show, query.category, query.first, query.last, found.next)


def _show(show: Show, found: Claims, address: Address, write: Write) -> ShowLink:
    number = found.counts.get(show)
    here = show is found.query.show and found.query.category is None
    count = "" if number is None else count_words(number)
    return ShowLink(SHOW_WORDS[show], count, address(**write(ClaimQuery(show))), here)


def count_words(number: int) -> str:
    """A count no further than 500+."""
    return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number)


def _empty(query: ClaimQuery) -> str:
    if query.category is not None or query.first is not None or query.last is not None or query.after is not None:
        return "No claim fits these filters."
    return _EMPTY[query.show]


def claim_row(line: ClaimLine, people: Mapping[UUID, Patient]) -> ClaimRow:
    """Put one claim of a list into words."""
    patient = people.get(line.patient_id) if line.patient_id is not None else None
    return ClaimRow(
        id=line.id,
        paid_on=short_day(line.paid_on),
        service=short_day(line.begins) if line.begins is not None else "",
        patient=name_words(patient),
        mrn=patient.mrn if patient is not None else "",
        payer=line.payer or "",
        charge=money_words(line.charge),
        paid=money_words(line.paid),
        result=result_words(line.status, line.state, line.categories, line.paid),
        denied=line.denied,
        said=said_words(line.badge, line.check),
        badge=line.badge.value if line.badge is not None else None,
        visit_id=line.visit_id,
        why=WHY_WORDS[line.why] if line.why is not None else "",
        calm=not line.denied and line.why is None,
    )


def name_words(patient: Patient | None) -> str:
    """A patient's name as lists show it; nothing where none is known."""
    return "" if patient is None else f"{patient.last_name}, {patient.first_name}"


def result_words(status: str | None, state: ClaimState, categories: Sequence[Category], paid: int | None) -> str:
    """What the payer's answer came to, in a few words."""
    if state is not ClaimState.STANDS:
        return STATE_WORDS[state]
    if categories:
        names = listed([CATEGORY_WORDS[one].lower() for one in categories])
        return f"Denied in part: {names}" if paid else f"Denied: {names}"
    return status_words(status)


def said_words(badge: Badge | None, check: Check | None) -> str:
    """What Cleared had said: the badge, and the check that made it."""
    if badge is None:
        return ""
    return BADGE_WORDS[badge] + (f", {CHECK_WORDS[check].lower()}" if check is not None else "")
