"""Which planned services the patient is to pay for, and which of them nobody has signed for yet."""

from collections.abc import Collection
from dataclasses import dataclass

from app.booking.facts.gate import Step
from app.booking.facts.papers import Paper, PaperKind
from app.booking.rules.gate import service_of
from app.policies.facts.answers import ServiceClass
from app.policies.facts.book import Book
from app.policies.rules.classify import classify
from app.schedule.facts import BillTo, ServiceLine, Visit

_ASKED: dict[ServiceClass, Step] = {
    ServiceClass.MEDICAL: Step.NOTHING,
    ServiceClass.CONDITIONAL: Step.FACT,
    ServiceClass.COSMETIC: Step.CONSENT,
    ServiceClass.UNKNOWN: Step.UNSORTED,
}


@dataclass(frozen=True, slots=True)
class Payer:
    """What decides whether a patient has to sign for a service that insurance is not asked for.

    `documented`: findings of the chart on the day of the visit. `uninsured`: by the practice's word the patient has no
    coverage, and none is on file.
    """

    documented: frozenset[str] = frozenset()
    uninsured: bool = False


def class_of(book: Book, line: ServiceLine, documented: frozenset[str]) -> ServiceClass:
    """The class of a planned service, whoever pays: what the visit type says, else the grid with what is on file."""
    if line.klass is not None:
        return ServiceClass(line.klass)
    return classify(book.grid, line.code, line.diagnoses, line.documented | documented).klass


def step_if_asked(klass: ServiceClass) -> Step:
    """What the gate would ask of a service of this class, were insurance asked for it."""
    return _ASKED[klass]


def needs_consent(line: ServiceLine, klass: ServiceClass, payer: Payer) -> bool:
    """Say whether the patient has to sign before paying for a service that insurance is not asked for.

    Takes     the planned service with its class, and whose it is.
    Returns   True where the patient pays, and it is cosmetic or insurance might cover it. Only a patient who is known
              to have no coverage needs none for a service that is not cosmetic: what is not known might be covered.
    """
    if line.bill_to is not BillTo.SELF_PAY:
        return False
    return klass is ServiceClass.COSMETIC or not payer.uninsured


def needing(book: Book, visit: Visit, payer: Payer) -> tuple[str, ...]:
    """Name the services of a visit that the patient pays for and has to sign for, each once."""
    mine = [line for line in visit.lines if needs_consent(line, class_of(book, line, payer.documented), payer)]
    return tuple(dict.fromkeys(service_of(line) for line in mine))


def unsigned(book: Book, visit: Visit, payer: Payer, signed: Collection[str]) -> tuple[str, ...]:
    """Name the services of a visit that the patient pays for, has to sign for, and has not signed for.

    Takes     the services that a signed consent of the visit names.
    """
    return tuple(one for one in needing(book, visit, payer) if one not in signed)


def without_paper(services: Collection[str], papers: Collection[Paper], kind: PaperKind) -> tuple[str, ...]:
    """Those of some services that no standing paper of a kind speaks of."""
    standing = {service for one in papers if one.kind is kind and one.standing for service in one.services}
    return tuple(one for one in services if one not in standing)
