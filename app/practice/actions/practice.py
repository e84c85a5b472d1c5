"""Set up a practice, its sites and providers, and record a provider's participation."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.db import writing
from app.practice.actions.telling import tell
from app.practice.facts.accounts import Happening
from app.practice.facts.practice import Network, Participation, Practice, Provider, Site
from app.practice.rules.accounts import administrators
from app.practice.rules.roles import version_of
from app.practice.store import practice as store
from app.practice.store import staff as staffing
from app.values.spans import DateSpan


class StaleRecordError(Exception):
    """Somebody else changed the record after the page was opened; nothing was saved."""


class TakenError(Exception):
    """Another record holds this already. `field` names which field."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def make_practice(caller: Caller, name: str, zone: str, sample: bool = False) -> Practice:
    """Make the practice of a new database under the caller's practice id; its page is filled in later."""
    practice = Practice(
        caller.practice_id, name, zone, None, None, sample=sample, set_up=sample, second_factor=not sample
    )
    with writing(caller.session) as session:
        store.save_practice(session, practice.id, practice)
        record(caller, "practice.made")
    return practice


def set_up_practice(
    caller: Caller,
    name: str,
    zone: ZoneInfo,
    state: str | None,
    group_npi: str | None,
    version: str | None = None,
) -> Practice:
    """Fill in the practice's page: name, zone, state and billing group NPI.

    `version`: of the page that the form was filled from, where there was one. Raises StaleRecordError.
    """
    with announced(caller) as session:
        before = store.practice_of(session, caller.practice_id)
        practice = replace(before, name=name, zone=zone.key, state=state, group_npi=group_npi, set_up=True)
        if version is not None and before != practice and version != version_of(before):
            raise StaleRecordError
        store.save_practice(session, practice.id, practice)
        record(caller, "practice.set_up")
        judged = (before.zone, before.group_npi) != (practice.zone, practice.group_npi)
        announce(session, Changed(practice=judged))
    return practice


def ask_for_second_factor(caller: Caller, required: bool) -> bool:
    """Ask everybody for a second factor from now on, or no longer; all administrators are told of the latter.

    Returns whether it was otherwise before.
    """
    with announced(caller) as session:
        record(caller, "practice.second_factor", required=int(required))
        practice = store.practice_of(session, caller.practice_id)
        if practice.second_factor == required:
            return False
        store.save_practice(session, practice.id, replace(practice, second_factor=required))
        for one in () if required else administrators(staffing.staff_of(session, caller.practice_id)):
            tell(caller, one.id, Happening.SECOND_FACTOR_OFF)
    return True


def save_site(caller: Caller, site: Site, version: str | None) -> None:
    """Write a site as a person has checked it. `version`: of the record that the form was filled from; None when new.

    Raises    StaleRecordError; TakenError for a name or a code that another site has.
    """
    with announced(caller) as session:
        known = {one.id: one for one in store.sites(session, caller.practice_id)}
        before = known.pop(site.id, None)
        for field, name in (("name", site.name), ("code", site.code)):
            if name and any(name.casefold() in _called(other) for other in known.values()):
                raise TakenError(field)
        if before == site:
            return
        if before is not None and version != version_of(before):
            raise StaleRecordError
        store.add_site(session, caller.practice_id, site)
        record(caller, "practice.site_saved", (site.id,))
        judged = before and (before.zone, before.state, before.fresh_days) != (site.zone, site.state, site.fresh_days)
        announce(session, Changed(practice=bool(judged)))


def _called(site: Site) -> set[str]:
    return {name.casefold() for name in (site.name, site.code) if name}


def save_provider(caller: Caller, provider: Provider, version: str | None) -> None:
    """Write a provider as a person has checked it; the NPI of a known one stays. `version` as for a site.

    Raises    StaleRecordError; TakenError for an NPI that is on file.
    """
    with announced(caller) as session:
        known = {one.id: one for one in store.providers(session, caller.practice_id)}
        before = known.pop(provider.id, None)
        if any(other.npi == provider.npi for other in known.values()):
            raise TakenError("npi")
        if before == provider:
            return
        if before is not None and version != version_of(before):
            raise StaleRecordError
        store.add_provider(session, caller.practice_id, provider)
        record(caller, "practice.provider_saved", (provider.id,))
        judged = before is None or before.group_npi != provider.group_npi
        announce(session, Changed(practice=judged))


def record_participation(
    caller: Caller, payer_key: str, plan: str | None, provider_npi: str, network: Network, span: DateSpan
) -> bool:
    """Record the practice's word on one provider in one payer's network. Returns False when it was on file already."""
    word = Participation(payer_key, plan, provider_npi, network, span)
    with announced(caller) as session:
        if word == _last_word(store.participations(session, caller.practice_id), word):
            return False
        store.add_participation(session, caller.practice_id, word)
        record(caller, "practice.participation", payer=payer_key, network=network)
        announce(session, Changed(payers=frozenset({payer_key})))
    return True


def _last_word(words: tuple[Participation, ...], word: Participation) -> Participation | None:
    """Find the last word on the same provider, payer and plan: a repetition of an older word is a new word."""
    about = (word.payer, word.plan, word.provider_npi)
    same = [one for one in words if (one.payer, one.plan, one.provider_npi) == about]
    return same[-1] if same else None
