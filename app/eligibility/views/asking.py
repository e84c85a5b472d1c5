"""How payers are asked, and what became of the files, in words."""

from dataclasses import dataclass

from app.eligibility.actions.payer_routes import AskingSetup
from app.eligibility.facts.asking import AskState, Batch, Detail, NotAsked, Route
from app.eligibility.views.words import refused_words
from app.values.wording import clock_time, counted, listed, short_day

NOT_ASKED = {
    NotAsked.SELF_PAY: "The visit is billed to the patient: no plan is asked.",
    NotAsked.NO_COVERAGE: "No coverage is on file for the day of the visit. Add the coverage.",
    NotAsked.UNVERIFIED: "Only the schedule names this coverage. Compare it with the card and save it.",
    NotAsked.NO_MEMBER: "The member id is missing. Enter it from the card.",
    NotAsked.NO_BIRTH_DATE: "The patient's birth date is missing. Enter it; a plan finds nobody without it.",
    NotAsked.NO_PAYER_ID: "The payer's id at the clearinghouse is missing. Enter it under Rules, How plans are asked.",
    NotAsked.NO_CLEARINGHOUSE: "No clearinghouse is set up for this payer. Ask by portal or telephone.",
    NotAsked.NO_NPI: "The practice's group NPI is missing. An administrator enters it under Admin, Practice.",
    NotAsked.NEW_YEAR: "The visit is in the new year, for which plans answer from 2 January. It is asked about then.",
    NotAsked.NOT_WRITABLE: "A name or number has signs that a request cannot carry. Write plain letters and digits.",
}
DETAILS = (
    (Detail.PLAN.value, "The health plan only (30)"),
    (Detail.OFFICE.value, "The plan and office visits (30, 98)"),
    (Detail.DERMATOLOGY.value, "The plan, office visits and dermatology (30, 98, DG)"),
)
_STATES = {
    AskState.MADE: "Waits to be sent",
    AskState.SENT: "Sent",
    AskState.REFUSED: "Refused: nothing in it was asked",
    AskState.ANSWERED: "Answered",
    AskState.OVERDUE: "We could not ask the plan",
}
_COUNTED = (
    (AskState.ANSWERED, "answered"),
    (AskState.SENT, "waiting for the plan"),
    (AskState.MADE, "not sent yet"),
    (AskState.OVERDUE, "without an answer in a day"),
    (AskState.REFUSED, "refused"),
)


@dataclass(frozen=True, slots=True)
class PayerShown:
    """One payer: its key, name, id, the clearinghouse and what is asked."""

    key: str
    name: str
    payer_id: str
    clearinghouse: str
    asks: str


@dataclass(frozen=True, slots=True)
class BatchShown:
    """One file of requests: its number, when it was made, how many requests, and where they stand."""

    number: int
    made: str
    clearinghouse: str
    requests: str
    stands: str


@dataclass(frozen=True, slots=True)
class AskingPage:
    """The page of how plans are asked: what is missing, payers, files."""

    lacks: tuple[str, ...]
    january: str
    payers: tuple[PayerShown, ...]
    batches: tuple[BatchShown, ...]


def asking_page(setup: AskingSetup) -> AskingPage:
    """Put the page into words; payers with an id first, then by name."""
    lacks = []
    if not setup.clearinghouses:
        lacks.append(
            "No clearinghouse is set up, so plans are asked by portal and telephone. "
            "The README names the settings: CLEARINGHOUSE_OUT and CLEARINGHOUSE_IN, or CLEARINGHOUSE_URL."
        )
    if not setup.has_npi:
        lacks.append(NOT_ASKED[NotAsked.NO_NPI])
    keys = sorted(setup.payers, key=lambda key: (key not in setup.routes, setup.payers[key].casefold()))
    shown = tuple(_payer(key, setup.payers[key], setup.routes.get(key)) for key in keys)
    return AskingPage(tuple(lacks), january_words(setup), shown, tuple(_batch(one, setup) for one in setup.batches))


def january_words(setup: AskingSetup) -> str:
    """Say in January how far asking about everybody anew has come; empty at any other time."""
    if setup.january is None:
        return ""
    asked = sum(setup.january.values())
    if not asked:
        return "January list: nobody was asked about since 2 January yet."
    parts = [f"{setup.january[state]} {words}" for state, words in _COUNTED if setup.january.get(state)]
    return f"January list: {counted(asked, 'request')} since 2 January, {listed(parts)}."


def _payer(key: str, name: str, route: Route | None) -> PayerShown:
    if route is None:
        return PayerShown(key, name, "", "", "Not asked: its id is missing")
    asks = dict(DETAILS)[route.detail.value] + (", and the planned codes" if route.procedures else "")
    return PayerShown(key, name, route.payer_id, route.clearinghouse or "The first", asks)


def _batch(one: Batch, setup: AskingSetup) -> BatchShown:
    found = setup.counts.get(one.id, {})
    parts = [f"{found[state]} {words}" for state, words in _COUNTED if found.get(state)]
    stands = listed(parts) if one.state is AskState.SENT and parts else _STATES[one.state]
    if one.state is AskState.REFUSED:
        stands, tried = refused_words(one.code), ""
    else:
        tried = f" ({one.code})" if one.code else ""
    made = one.made_at.astimezone(setup.zone)
    return BatchShown(
        one.control,
        f"{short_day(made.date())} {clock_time(made)}",
        one.clearinghouse,
        counted(one.asks, "request"),
        f"{stands}{tried}",
    )
