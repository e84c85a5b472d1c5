"""Drill `faults`: whatever the providers do, nothing is lost, nothing goes out twice, and a refusal is tried once."""

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from app.alerts.facts.outbox import Message, State, To, Way
from app.alerts.models.outbox import OutboxMessageRow
from app.alerts.store.outbox import queue_all
from app.gateways.facts import Gateways, Limits
from app.gateways.smtp_mail import SmtpMail, SmtpServer
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.ids import new_id
from app.web.opening import Installation
from tests.drills.delivering import design_of, impatient
from tests.drills.scene import Scene, caller_of, email, person_id, phone, scene_on
from tests.drills.workers import address_of_web, end_of, fork, web
from tests.support import mail_server, make
from tests.support.mail_server import MailServer
from tests.support.sms_provider import SmsProvider

SPEED = 240.0  # seconds of the practice's clock for one of ours
LASTS = timedelta(days=10)
ROUNDS = 4  # of a planted design: it never comes to an end
PATIENCE = 120.0  # seconds in which everything must come to its end
TEXT_FAULTS = (
    "error_after", "error_before", "unavailable", "silent_after", "silent_before", "late", "slow", "reset_after",
    "reset_before", "not_json_after", "cut_json_after", "busy",
)  # fmt: skip
TEXT_REFUSALS = ("21610", "21211", "21614")
CARRIERS = ("30003", "30005", "30006", "30007")
MAIL_FAULTS = ("421", "451", "452", "rcpt_451", "slow", "drop_before", "drop_after", "silent_before", "silent_after")
MAIL_REFUSALS = ("550", "554", "rcpt_550")


@dataclass(frozen=True)
class Case:
    """One person's message by one way: what befalls it first, and how it must end."""

    number: int
    way: Way
    faults: tuple[str, ...] = ()
    always: str | None = None
    fate: str | None = None

    @property
    def state(self) -> State:
        """How it must end. An e-mail ends as sent: nobody reports of it."""
        if self.always:
            return State.FAILED
        if self.fate:
            return State.UNDELIVERED
        return State.DELIVERED if self.way is Way.SMS else State.SENT


def cases(seed: int, mails: bool, pairs: bool) -> list[Case]:
    """Each fault alone, each with another after it if `pairs`, each refusal, each fate of a carrier."""
    chance, made = random.Random(seed), []

    def add(way: Way, faults: Sequence[str] = (), **more: str) -> None:
        made.append(Case(len(made), way, tuple(faults), **more))

    kinds = [(Way.SMS, TEXT_FAULTS, TEXT_REFUSALS)] + [(Way.EMAIL, MAIL_FAULTS, MAIL_REFUSALS)] * mails
    for way, faults, refusals in kinds:
        add(way)
        for fault in faults:
            add(way, [fault])
            if pairs:
                add(way, [fault, chance.choice(faults)])
        for refusal in refusals:
            add(way, always=refusal)
    for fate in CARRIERS:
        add(Way.SMS, fate=fate)
    return made


def drill(seed: int, kind: str = "sqlite", plant: str | None = None, pairs: bool = True) -> dict[str, Any]:
    """Send one message for each case until all have ended, and count."""
    began, made = time.monotonic(), cases(seed, plant is None, pairs)
    settings = {
        "firsts": {phone(case.number): list(case.faults) for case in made if case.way is Way.SMS},
        "numbers": {phone(case.number): case.always for case in made if case.way is Way.SMS and case.always},
        "fates": {phone(case.number): case.fate for case in made if case.fate},
        "find_script": ["error", "silent", "not_json", "reset"],
        "late": 1.0,
        "hold": 3.0,
    }
    with scene_on(kind, len(made), SPEED, plant or "ours", **settings) as (scene, provider):
        listener = fork(scene, lambda: web(scene))
        server, controller = mail_server.start()
        try:
            provider.control(callbacks={"double": 0.5, "shuffle": 0.5, "through": address_of_web(scene)})
            _set_up(server, made)
            states = _send_all(scene, made, server)
        finally:
            controller.stop()
            end_of(listener)
        judged = _judge(made, states, provider, server)
    told = {"drill": "faults", "db": kind, "seed": seed, "plant": plant}
    return {**told, **judged, "seconds": round(time.monotonic() - began, 1)}


def _set_up(server: MailServer, made: Sequence[Case]) -> None:
    server.hold = 3.0
    for case in made:
        if case.way is Way.EMAIL:
            server.firsts[email(case.number)] = list(case.faults)
            server.addresses[email(case.number)] = case.always or "ok"


def _send_all(scene: Scene, made: Sequence[Case], server: MailServer) -> dict[int, State]:
    installation = _with_ways(scene, server)
    deliver = design_of(scene)
    with installation.session() as session, writing(session):
        queue_all(session, make.PRACTICE_ID, [_message(scene, case) for case in made])
    until = time.monotonic() + PATIENCE
    try:
        for round_ in count(1):
            states = _round(scene, installation, deliver)
            ended = all(states[case.number] is case.state for case in made)
            if ended or time.monotonic() > until or (scene.design != "ours" and round_ == ROUNDS):
                return states
            time.sleep(0.1)
        raise AssertionError
    finally:
        installation.engine.dispose()


def _with_ways(scene: Scene, server: MailServer) -> Installation:
    installation = scene.open()
    mail = SmtpMail(
        SmtpServer(server.host, server.port, "cleared@practice.example", "none", seconds=scene.patience),
        clock=scene.clock,
    )
    ways = Gateways(impatient(scene), mail, installation.gateways.base_url, Limits(10_000, 10_000))
    return replace(installation, gateways=ways)


def _round(scene: Scene, installation: Installation, deliver: Callable[[Caller], int]) -> dict[int, State]:
    with installation.session() as session:
        session.info["gateways"] = installation.gateways
        deliver(caller_of(installation, session, scene.clock))
        session.rollback()
        row = OutboxMessageRow
        found = session.execute(select(row.key, row.state).where(row.practice_id == make.PRACTICE_ID))
        return {int(key.partition(":")[2]): state for key, state in found}


def _message(scene: Scene, case: Case) -> Message:
    now = scene.clock.now()
    return Message(
        id=new_id(),
        key=f"drill:{case.number}",
        way=case.way,
        to=To.STAFF,
        recipient_id=person_id(case.number),
        template="staff.merged",
        queued_at=now,
        not_before=now,
        expires_at=now + LASTS,
        fields={"count": "2", "case": f"case {case.number}", "due_date": "2026-03-16"},
    )


def _judge(made: Sequence[Case], states: dict[int, State], provider: SmsProvider, server: MailServer) -> dict[str, Any]:
    numbers = {phone(case.number): case for case in made if case.way is Way.SMS}
    addresses = {email(case.number): case for case in made if case.way is Way.EMAIL}
    texts = Counter(numbers[entry["to"]].number for entry in provider.accepted())
    tries = Counter(numbers[entry["to"]].number for entry in provider.log("refused") if entry["fault"].isdecimal())
    mails = Counter(addresses[str(mail["To"])].number for mail in server.accepted)
    tries += Counter(addresses[address].number for address, fault in server.tried if addresses[address].always)
    ids = {case: {str(mail["Message-ID"]) for mail in server.accepted if str(mail["To"]) == case} for case in addresses}
    taken = texts + mails
    refused = [case for case in made if case.always]
    lost = [case for case in made if not case.always and not taken[case.number]]
    answer = {
        "messages": len(made),
        "lost": len(lost),
        "duplicates": sum(times - 1 for times in texts.values()),
        "tried_again_after_a_refusal": sum(tries[case.number] != 1 for case in refused),
        "wrong_ends": sum(states[case.number] is not case.state for case in made),
        "mails_of_two_ids": sum(len(one) > 1 for one in ids.values()),
        "faults": sum(len(case.faults) for case in made),
        "refusals": len(refused),
    }
    bad = ("lost", "duplicates", "tried_again_after_a_refusal", "wrong_ends", "mails_of_two_ids")
    return {"passed": all(answer[name] == 0 for name in bad), **answer}
