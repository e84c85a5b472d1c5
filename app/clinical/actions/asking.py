"""Ask a provider about a patient, all at once; the provider answers all on one page, or the question is withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.audit.actions import record
from app.clinical.actions.charting import record_facts
from app.clinical.facts import MEDICATION_LIST, ClinicalFact, FactKind, ProviderAsk, Source, SourceKind
from app.clinical.store import asks as store
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.practice.facts.staff import Role, Staff
from app.practice.rules.sight import scope_of
from app.practice.store import staff as staffing


class AskNotFoundError(Exception):
    """The practice has no such question to a provider."""


class AskClosedError(Exception):
    """The question was answered or withdrawn meanwhile: nothing is saved."""


class NotAskedError(Exception):
    """Only the provider who is asked answers: what others know stands in a document."""


class ProviderNotFoundError(Exception):
    """Nobody who may sign in as a provider has this id."""


class OutOfSightError(Exception):
    """The patient is out of the provider's sight: the question could not be opened."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a provider says to one item: values under the names that its kind has, and the day on which it was so."""

    id: UUID
    values: dict[str, str]
    dated: date


def providers_of(caller: Caller) -> tuple[Staff, ...]:
    """The providers who may sign in and so can be asked, in order of their names."""
    people = staffing.staff_of(caller.session, caller.practice_id)
    able = [one for one in people if one.active and Role.PROVIDER in one.roles]
    return tuple(sorted(able, key=lambda one: (one.name.casefold(), one.id)))


def ask_provider(caller: Caller, ask: ProviderAsk) -> bool:
    """Ask one provider. Returns False when it is on file already under this id.

    Raises    ProviderNotFoundError; OutOfSightError; AskNotFoundError where the patient is not on file.
    """
    with announced(caller) as session:
        if store.ask_of(session, caller.practice_id, ask.id) is not None:
            return False
        provider = next((one for one in providers_of(caller) if one.id == ask.asked_of), None)
        if provider is None:
            raise ProviderNotFoundError
        if not patient_store.opened(session, caller.practice_id, [ask.patient_id]):
            raise AskNotFoundError
        if not patient_store.in_sight(session, caller.practice_id, ask.patient_id, scope_of(provider)):
            raise OutOfSightError
        store.add_ask(session, caller.practice_id, ask)
        announce(session, Changed(frozenset({ask.patient_id})))
        record(caller, "clinical.provider_asked", [ask.patient_id, ask.id], items=len(ask.items))
    return True


def answer_ask(caller: Caller, ask_id: UUID, replies: Sequence[Reply | None], words: str | None) -> ProviderAsk:
    """Answer all items of a question at once: each reply becomes a fact that the provider said.

    Takes     one reply for each item, None where the provider does not know; what the provider adds in words.
    Returns   the question as it was.
    Raises    AskNotFoundError; NotAskedError; AskClosedError.
    """
    with announced(caller) as session:
        ask = store.ask_of(session, caller.practice_id, ask_id)
        if ask is None or len(replies) != len(ask.items):
            raise AskNotFoundError
        if caller.user_id is None or caller.user_id != ask.asked_of:
            raise NotAskedError
        facts = [_fact(caller, ask, place, reply) for place, reply in enumerate(replies) if reply is not None]
        answers = [reply.id if reply is not None else None for reply in replies]
        now = caller.clock.now()
        if not store.answer_ask(session, caller.practice_id, ask_id, now, caller.user_id, answers, words):
            raise AskClosedError
        record_facts(caller, ask.patient_id, facts)
        announce(session, Changed(frozenset({ask.patient_id})))
        record(caller, "clinical.ask_answered", [ask.patient_id, ask_id], known=len(facts), items=len(replies))
    return ask


def withdraw_ask(caller: Caller, ask_id: UUID) -> ProviderAsk:
    """Take a question back that nobody answered. Raises AskNotFoundError; AskClosedError."""
    with announced(caller) as session:
        ask = store.ask_of(session, caller.practice_id, ask_id)
        if ask is None:
            raise AskNotFoundError
        if not store.withdraw_ask(session, caller.practice_id, ask_id, caller.clock.now()):
            raise AskClosedError
        announce(session, Changed(frozenset({ask.patient_id})))
        record(caller, "clinical.ask_withdrawn", [ask.patient_id, ask_id])
    return ask


def _fact(caller: Caller, ask: ProviderAsk, place: int, reply: Reply) -> ClinicalFact:
    item = ask.items[place]
    return ClinicalFact(
        id=reply.id,
        patient_id=ask.patient_id,
        kind=item.kind,
        name=MEDICATION_LIST if item.kind is FactKind.MEDICATIONS else item.name,
        source=Source(SourceKind.PROVIDER, person=caller.user_id),
        recorded_at=caller.clock.now(),
        recorded_by=caller.user_id,
        dated=reply.dated,
        values=reply.values,
        ask_id=ask.id,
    )
