"""Delivery with its whole protocol, beside a bare loop that sends the same texts and keeps nothing, in the same run.

The provider is a process of this machine. Both sides use the real client over kept connections; the bare loop is
measured one text at a time, and with as many in flight as the sender has.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy.engine import make_url

from app.alerts.actions.delivering import deliver
from app.alerts.actions.hands import HANDS
from app.alerts.actions.patience import Patience
from app.alerts.facts.outbox import Message, State, To, Way
from app.alerts.facts.people import Person
from app.alerts.store import outbox
from app.alerts.store.people import save_person
from app.gateways.facts import Gateways, Limits, Outcome
from app.gateways.twilio_sms import TwilioSms
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.ids import new_id
from app.platform.sessions import engine_of, session_on
from app.practice.facts.staff import Role, Staff
from app.practice.store import practice as practice_store
from app.practice.store import staff as staffing
from app.web.schema import bring_up_to_date
from tests.bench.databases import Databases
from tests.bench.measure import alone, rounded, seconds_of
from tests.support import make, sms_provider

PEOPLE, ROUNDS, IN_FLIGHT = 100, 3, 4  # so many people that none is sent more in a day than one may be
BASE = "https://practice.example"
PLENTY = Limits(per_hour=10**9, per_day=10**9, in_flight=IN_FLIGHT)


def bench(texts: int, databases: Databases) -> dict[str, Any]:
    """Send so many texts by each way in each of three rounds, and compare the medians."""
    with databases.fresh() as (url, folder):
        alone(_made, url)
        rounds = alone(_rounds, url, folder, texts)
    rates = {name: rounded(texts / median(one[name] for one in rounds)) for name in rounds[0]}
    return {
        "texts": texts,
        "in_flight": IN_FLIGHT,
        "texts_a_second": rates,
        "of_a_bare_loop": rounded(rates["delivered"] / rates["bare_loop"]),
        "of_a_bare_loop_with_as_many_in_flight": rounded(rates["delivered"] / rates["bare_loop_in_flight"]),
    }


def _made(url: str) -> None:
    """Make a practice with people who have numbers."""
    engine = engine_of(make_url(url))
    bring_up_to_date(engine)
    with session_on(engine, make.keys()) as session:
        practice_store.save_practice(session, make.PRACTICE_ID, make.practice())
        for number in range(PEOPLE):
            staff = Staff(_person(number), make.PRACTICE_ID, f"p{number}@example.test", "P", frozenset(Role))
            staffing.add_staff(session, make.PRACTICE_ID, staff, "no password")
            person = Person(staff.id, "P", staff.email, staff.roles, make.ZONE, phone=_number(number))
            save_person(session, make.PRACTICE_ID, person)
        session.commit()
    engine.dispose()


def _rounds(url: str, folder: Path, texts: int) -> list[dict[str, float]]:
    provider = sms_provider.start(folder / "provider", callbacks={"on": False})
    engine = engine_of(make_url(url))
    try:
        sms = TwilioSms(provider.account, provider.token, "+12025550100", None, provider.url)
        with session_on(engine, make.keys()) as session:
            session.info["gateways"] = Gateways(sms, None, BASE, PLENTY)
            caller = Caller(session, make.PRACTICE_ID, make.clock(), via="bench")
            _round(caller, sms, 2 * IN_FLIGHT)  # opens connections
            return [_round(caller, sms, texts) for _ in range(ROUNDS)]
    finally:
        provider.stop()
        engine.dispose()


def _round(caller: Caller, sms: TwilioSms, texts: int) -> dict[str, float]:
    words = [
        f"Cleared: 2 things need you. First: case {number} by 3/16. List: {BASE}/alerts" for number in range(texts)
    ]
    one_by_one = seconds_of(lambda: _bare(sms, words, 1))
    in_flight = seconds_of(lambda: _bare(sms, words, IN_FLIGHT))
    return {"bare_loop": one_by_one, "bare_loop_in_flight": in_flight, "delivered": _delivered(caller, texts)}


def _bare(sms: TwilioSms, words: Sequence[str], in_flight: int) -> None:
    def send(place: int) -> None:
        answer = sms.send(_number(place % PEOPLE), words[place], f"{BASE}/hooks/sms/status/x")
        assert answer.outcome is Outcome.ACCEPTED

    if in_flight == 1:
        for place in range(len(words)):
            send(place)
        return
    with ThreadPoolExecutor(in_flight) as pool:
        list(pool.map(send, range(len(words))))


def _delivered(caller: Caller, texts: int) -> float:
    """Seconds from texts that wait to texts that the provider has, each claimed, sent and recorded."""
    messages = [_text(caller, number) for number in range(texts)]
    with writing(caller.session) as session:
        outbox.queue_all(session, make.PRACTICE_ID, messages)
    before = outbox.counts(caller.session, make.PRACTICE_ID).get(State.SENT, 0)
    patience = Patience()

    def work() -> None:
        while deliver(caller, HANDS, patience):
            pass

    seconds = seconds_of(work)
    sent = outbox.counts(caller.session, make.PRACTICE_ID).get(State.SENT, 0) - before
    assert sent == texts, f"{sent} of {texts} texts were sent"
    return seconds


def _text(caller: Caller, number: int) -> Message:
    now = caller.clock.now()
    fields = {"count": "2", "case": f"case {number % 1000}", "due_date": "2026-03-16"}
    message_id = new_id()
    base = Message(
        message_id,
        f"bench:{message_id.hex}",
        Way.SMS,
        To.STAFF,
        _person(number % PEOPLE),
        "staff.merged",
        now,
        now,
        now.replace(year=now.year + 1),
    )
    return replace(base, fields=fields)


def _person(number: int) -> UUID:
    return make.an_id(1000 + number)


def _number(number: int) -> str:
    return f"+1202{5550100 + number:07}"
