"""Insurance is not asked for a cosmetic service: refused before a request is opened or sent, by whatever way."""

from collections.abc import Iterable, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from app.authorizations.facts import UNSENT, AuthorizationRecord, Kind, Status
from app.casework.rules.cosmetic import CosmeticService, cosmetic_services, refusal_words
from app.clinical.store import charted
from app.platform.caller import Caller
from app.policies.actions.library import current_book
from app.policies.rules.chart import known
from app.practice.store.practice import practice_of
from app.schedule import store as schedule_store
from app.schedule.facts import VisitStatus

REQUESTS = frozenset({Kind.INITIAL, Kind.RENEWAL, Kind.RETRO, Kind.EXTENSION})
"""Kinds that ask for a service. An appeal, a referral and the like follow what was asked before."""
ASKING = UNSENT | {Status.SUBMITTED, Status.NOTIFIED}
"""States in which a request asks, and the payer has said nothing yet."""


class CosmeticRequestError(Exception):
    """A request asks insurance for a cosmetic service. `sentence` says why and what to do; it names nobody."""

    field = "service"

    def __init__(self, services: Sequence[CosmeticService]) -> None:
        super().__init__("a cosmetic service is not asked of insurance")
        self.codes = tuple(one.code for one in services)
        self.sentence = ". ".join(map(refusal_words, services))


def refuse_cosmetic(caller: Caller, record: AuthorizationRecord) -> None:
    """Refuse a request that asks for a cosmetic service, before it is opened or sent.

    Takes     the request as it would stand. What the payer has decided is never refused.
    Raises    CosmeticRequestError. Only a recorded fact lets such a request through: a medical diagnosis, or a finding.
    """
    if record.kind not in REQUESTS or record.status not in ASKING:
        return
    asked = [(code, item.last) for item in record.items for code in item.codes]
    found = cosmetic_of(caller, record.patient_id, asked, record.diagnoses)
    if found:
        raise CosmeticRequestError(found)


def cosmetic_of(
    caller: Caller, patient_id: UUID, asked: Iterable[tuple[str | None, str | None]], diagnoses: Sequence[str]
) -> tuple[CosmeticService, ...]:
    """Find the cosmetic services among codes, by the patient's planned lines and chart as they are on file."""
    session, practice_id = caller.session, caller.practice_id
    today = caller.clock.today(ZoneInfo(practice_of(session, practice_id).zone))
    visits = schedule_store.of_patients(session, practice_id, [patient_id]).get(patient_id, ())
    booked = [line for one in visits if one.status in (VisitStatus.BOOKED, VisitStatus.DONE) for line in one.lines]
    facts = charted.of_patients(session, practice_id, [patient_id]).get(patient_id, ())
    documented = known(facts, today, diagnoses).documented
    return cosmetic_services(current_book(session, practice_id), asked, diagnoses, booked, documented)
