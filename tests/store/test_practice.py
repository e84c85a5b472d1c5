"""Practices, sites, providers, participation and staff, as stored."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from app.platform import changes
from app.platform.changes import Changed, listen
from app.practice.actions import practice as actions
from app.practice.actions import signing_in
from app.practice.actions import staff as staffing
from app.practice.facts.practice import Network, Participation
from app.practice.facts.staff import Role
from app.practice.store import practice as store
from app.practice.store import sessions as sessions_on_file
from app.practice.store import staff as staff_store
from app.values.spans import DateSpan
from tests.support import make


def test_a_site_and_a_provider_come_back_as_they_were_given(session):
    site, provider = replace(make.site(), code="M1", fresh_days=3, unreviewed=True), make.provider()
    store.add_site(session, make.PRACTICE_ID, site)
    store.add_provider(session, make.PRACTICE_ID, provider)
    session.commit()
    assert store.sites(session, make.PRACTICE_ID) == (site,)
    assert store.providers(session, make.PRACTICE_ID) == (provider,)
    assert store.sites(session, make.OTHER_PRACTICE_ID) == ()


def test_two_sites_of_one_practice_never_share_a_name(session):
    store.add_site(session, make.PRACTICE_ID, make.site(1))
    with pytest.raises(IntegrityError):
        store.add_site(session, make.PRACTICE_ID, make.site(2))


def test_a_practice_that_is_not_there_is_named_as_such(session):
    with pytest.raises(store.PracticeNotFoundError):
        store.practice_of(session, make.an_id(99))


def test_a_participation_is_recorded_once_and_announced(caller, monkeypatch):
    heard: list[Changed] = []
    monkeypatch.setattr(changes, "_listeners", [])
    listen(lambda _caller, changed: heard.append(changed))
    span = DateSpan(date(2026, 1, 1), None)
    words = ("aetna", None, make.NPI, Network.OUT, span)
    assert actions.record_participation(caller, *words) is True
    assert actions.record_participation(caller, *words) is False
    assert store.participations(caller.session, caller.practice_id) == (Participation(*words),)
    assert heard == [Changed(payers=frozenset({"aetna"}))]


def test_a_word_taken_back_can_be_given_again(caller):
    span = DateSpan(date(2026, 1, 1), None)
    for network in (Network.IN, Network.OUT, Network.IN):
        assert actions.record_participation(caller, "aetna", None, make.NPI, network, span)
    words = store.participations(caller.session, caller.practice_id)
    assert [word.network for word in words] == [Network.IN, Network.OUT, Network.IN]


def test_a_new_password_replaces_the_old_one_and_ends_sessions(caller):
    staffing.add_staff(caller, "Kim@Example.test", "Kim", frozenset({Role.BILLER}))
    state = staff_store.sign_in_state(caller.session, "kim@example.test")
    begun = signing_in.begin_session(caller, state.staff.id)
    assert staffing.renew_password(caller, "KIM@example.test")
    assert sessions_on_file.signed_in(caller.session, begun) is None
    assert staff_store.sign_in_state(caller.session, "kim@example.test").password_hash != state.password_hash
