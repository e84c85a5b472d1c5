"""The practice that the matrix is asked of: two sites, two providers, two practices, people of all kinds.

Of each kind of object that the table of doors names there is one of a patient of the main site ("own"), one of a
patient of the north clinic and of another provider ("far"), one of another practice ("foreign"), and none ("missing").
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient

from app.alerts.facts.alerts import Alert
from app.alerts.facts.texts import Meaning, Reply
from app.alerts.store import alerts as alert_store
from app.alerts.store import replies as reply_store
from app.clearance.facts.questions import QuestionKey, QuestionKind
from app.deadlines.facts import Basis, BasisKind, Clears, Reason, Subject, SubjectKind
from app.mailroom.facts import Mail, MailState, Part, RecordState, Sort, Via
from app.mailroom.store import documents, records
from app.platform.caller import Caller
from app.platform.clock import Clock
from app.platform.db import db
from app.platform.ids import new_id
from app.practice.actions.signing_in import begin_session
from app.practice.facts.staff import Role, Staff
from app.practice.store import practice as practice_store
from app.practice.store import staff as staffing
from app.questions import store as question_store
from app.questions.facts.pages import GivenAnswer
from app.values.records import Filed, Outcome
from app.web.objects import KINDS, Row
from app.worklists import store as work_store
from app.worklists.facts import PrintedList
from tests.support import make
from tests.support.desk import CHEN, MAIN, NORTH, PARK, RIVERA, TODAY, Booking, Desk
from tests.support.filler import add_row
from tests.support.web import equipped

OWN, FAR, FOREIGN, MISSING = "own", "other site", "other practice", "missing"
SIDES = (OWN, FAR, FOREIGN)
NAMES = {OWN: "Nearby", FAR: "Farfield", FOREIGN: "Foreigner"}
NOWHERE = UUID("01900000-0000-7000-8000-00000000dead")


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who asks. `roles` empty: a stranger. `sees_own` False: nothing of a patient is in sight."""

    name: str
    roles: frozenset[Role] = frozenset()
    sites: frozenset[UUID] | None = None
    npi: str | None = None
    active: bool = True

    @property
    def limited(self) -> bool:
        """Whether something of the practice is out of sight."""
        return self.sites is not None or self.roles == {Role.PROVIDER}

    @property
    def sees_own(self) -> bool:
        """Whether the patient of the main site and of Dr. Rivera is in sight."""
        return self.roles != {Role.PROVIDER} or self.npi == RIVERA


ACTORS = (
    Actor("coordinator", frozenset({Role.COORDINATOR})),
    Actor("scheduler", frozenset({Role.SCHEDULER})),
    Actor("manager", frozenset({Role.MANAGER})),
    Actor("biller", frozenset({Role.BILLER})),
    Actor("provider", frozenset({Role.PROVIDER}), npi=RIVERA),
    Actor("administrator", frozenset({Role.ADMINISTRATOR})),
    Actor("coordinator of one site", frozenset({Role.COORDINATOR}), frozenset({MAIN})),
    Actor("manager of one site", frozenset({Role.MANAGER}), frozenset({MAIN})),
    Actor("administrator who schedules", frozenset({Role.ADMINISTRATOR, Role.SCHEDULER})),
    Actor("provider of whom nobody said which", frozenset({Role.PROVIDER})),
    Actor("disabled", frozenset({Role.MANAGER}), active=False),
    Actor("stranger"),
)


class Scene:
    """A filled database under a program, browsers of its people, and ids of every kind."""

    def __init__(self, app: Flask, clock: Clock) -> None:
        self.app, self.clock = app, clock
        self.people: dict[str, UUID] = {}
        self.made: dict[tuple[str, str, UUID], UUID | str] = {}
        with app.app_context():
            self.desk = self._furnish(make.PRACTICE_ID, 0)
            self._furnish(make.OTHER_PRACTICE_ID, 500)
            self.browsers = {actor.name: self._enter(actor) for actor in ACTORS}
            self.foreigner = self._person(Actor("foreigner", frozenset({Role.MANAGER})), make.OTHER_PRACTICE_ID)
            self.other = self._person(Actor("another", frozenset({Role.MANAGER})), make.PRACTICE_ID)
            db.session.commit()

    def caller(self, practice_id: UUID = make.PRACTICE_ID) -> Caller:
        """Who fills the database."""
        return equipped(Caller(db.session(), practice_id, self.clock, via="test"))

    def _furnish(self, practice_id: UUID, count: int) -> Desk:
        desk = Desk(self.caller(practice_id))
        if not count:
            desk.furnish()
            desk.book(
                Booking(8, NAMES[OWN], "Lena", "approved", MAIN, RIVERA),
                Booking(9, NAMES[FAR], "Karl", "approved", NORTH, PARK),
                Booking(10, NAMES[FAR], "Rita", "unmapped", NORTH, CHEN),
            )
            desk.judge()
            return desk
        desk.count = count
        practice_store.add_site(desk.session, practice_id, make.site(11, "Elsewhere"))
        practice_store.add_provider(desk.session, practice_id, make.provider(80))
        desk.book(Booking(8, NAMES[FOREIGN], "Fay", "approved", make.an_id(11), RIVERA))
        return desk

    def _person(self, actor: Actor, practice_id: UUID) -> UUID:
        staff_id = new_id()
        email = f"{staff_id.hex}@example.test"
        person = Staff(staff_id, practice_id, email, "Some One", actor.roles, True)
        person = replace(person, sites=actor.sites, provider_npi=actor.npi)
        staffing.add_staff(db.session(), practice_id, person, "no password")
        self.people[actor.name] = staff_id
        return staff_id

    def _enter(self, actor: Actor) -> FlaskClient:
        browser = self.app.test_client()
        if actor.roles:
            person = self._person(actor, make.PRACTICE_ID)
            db.session.commit()
            begun = begin_session(self.caller(), person)
            if not actor.active:
                found = staffing.person(db.session(), make.PRACTICE_ID, person)
                assert found is not None
                staffing.save_staff(db.session(), make.PRACTICE_ID, replace(found, active=False))
                db.session.commit()
            with browser.session_transaction() as cookie:
                cookie.update(_user_id=begun.hex, _fresh=True)
        return browser

    def whose(self, side: str, actor: Actor) -> UUID:
        """Whose an object is, where it is a person's own."""
        mine = self.people.get(actor.name, self.other)
        return {OWN: mine, FAR: self.other, FOREIGN: self.foreigner}[side]

    def id_of(self, kind: str, side: str, actor: Actor, before: UUID | str | None) -> UUID | str:
        """The id of an object of a kind on a side, made when it is first asked for. KeyError: the kind is unknown."""
        if side == MISSING:
            return "MISSING" if kind in ("alert code", "alert steps") else NOWHERE
        key = (kind, side, self.whose(side, actor))
        if key not in self.made:
            self.made[key] = self._make(kind, side, actor, before)
            db.session.commit()
        return self.made[key]

    @cached_property
    def ground(self) -> dict[str, dict[str, dict[str, Any]]]:
        """By side, the rows that are there."""
        return {side: self._ground(side) for side in SIDES}

    def _ground(self, side: str) -> dict[str, dict[str, Any]]:
        practice_id = make.OTHER_PRACTICE_ID if side == FOREIGN else make.PRACTICE_ID
        number = {OWN: 1, FAR: 2, FOREIGN: 501}[side]
        ids = {
            "practice": practice_id,
            "patient": make.an_id(10_000 + number),
            "visit": make.an_id(20_000 + number),
            "coverage": make.an_id(50_000 + number),
            "authorization": make.an_id(60_000 + number),
            "site": {OWN: MAIN, FAR: NORTH, FOREIGN: make.an_id(11)}[side],
            "provider": make.an_id({OWN: 50, FAR: 52, FOREIGN: 80}[side]),
            "staff": {OWN: self.people["manager"], FAR: self.other, FOREIGN: self.foreigner}[side],
        }
        return {table: {"id": one, "practice_id": practice_id} for table, one in ids.items()}

    def _make(self, kind: str, side: str, actor: Actor, before: UUID | str | None) -> UUID | str:
        check, ground = KINDS[kind], self.ground[side]
        if not isinstance(check, Row):
            return _SPECIAL[kind](self, side, actor)
        if check.table in ground:
            return UUID(str(ground[check.table]["id"]))
        fixed: dict[str, Any] = {}
        if check.of is not None:
            fixed[check.of] = before
        if check.patient is not None:
            fixed[check.patient] = ground["patient"]["id"]
        if check.visit is not None:
            fixed[check.visit] = ground["visit"]["id"]
        mine = check.mine or check.mine_if_limited
        if mine is not None:
            fixed[mine] = self.whose(side, actor)
        return add_row(db.session(), ground, check.table, **fixed)

    def practice_of(self, side: str) -> UUID:
        """The practice of a side."""
        return UUID(str(self.ground[side]["practice"]["id"]))

    def patient_of(self, side: str) -> UUID:
        """The patient of a side."""
        return UUID(str(self.ground[side]["patient"]["id"]))


def _alert(scene: Scene, side: str, _actor: Actor) -> UUID:
    return _some_alert(scene, side).id


def _some_alert(scene: Scene, side: str) -> Alert:
    alert_id, practice_id, now = new_id(), scene.practice_of(side), scene.clock.now()
    alert = Alert(
        alert_id, Subject(SubjectKind.PATIENT, alert_id.hex), Reason.REPLY, "1", make.ZONE, Clears.SEEN,
        Basis(BasisKind.PRACTICE, words="A text waits."), now, now, patient_id=scene.patient_of(side),
        code=alert_store.code_of(scene.caller().session, practice_id, alert_id),
    )  # fmt: skip
    alert_store.add(scene.caller().session, practice_id, [alert])
    return alert


def _alert_code(scene: Scene, side: str, _actor: Actor) -> str:
    return _some_alert(scene, side).code


def _reply(scene: Scene, side: str, _actor: Actor) -> UUID:
    reply_id, people = new_id(), (scene.patient_of(side),)
    at = datetime(2026, 3, 2, tzinfo=UTC)
    reply = Reply(reply_id, f"SM{reply_id.hex}", "+12125550123", "Yes", at, Meaning.OTHER, None, people, True)
    reply_store.add_reply(scene.caller().session, scene.practice_of(side), reply)
    return reply_id


def _duty(scene: Scene, side: str, actor: Actor) -> UUID:
    return add_row(db.session(), scene.ground[side], "on_call", staff_id=scene.whose(side, actor))


def _answer(scene: Scene, side: str, actor: Actor) -> UUID:
    key = QuestionKey(QuestionKind.COVERAGE, (str(scene.patient_of(side)),))
    given = GivenAnswer(new_id(), new_id(), key, scene.clock.now(), scene.whose(side, actor))
    question_store.begin_answer(scene.caller().session, scene.practice_of(side), given)
    return given.id


def _printed(scene: Scene, side: str, actor: Actor) -> UUID:
    content = {"sheets": [{"site": "North Clinic" if side == FAR else "Main Street"}]}
    printed = PrintedList(new_id(), scene.clock.now(), scene.whose(side, actor), TODAY, 1, content)
    work_store.add_printed(scene.caller().session, scene.practice_of(side), printed)
    return printed.id


def _mail_and_record(scene: Scene, side: str) -> tuple[UUID, UUID]:
    """A document that came, with one record about the patient of a side, which waits for a person."""
    practice_id, session, now = scene.practice_of(side), scene.caller().session, scene.clock.now()
    content = f"ISA*{new_id()}".encode()
    mail = Mail(new_id(), sha256(content).hexdigest(), len(content), "a.x12", Via.FOLDER, MailState.RECEIVED, now, None)
    documents.add_document(session, practice_id, mail, content)
    set_id, state = records.add_set(session, practice_id, mail.id, 1, {"kind": "x12.278"}, None)
    review = Part(Sort.REVIEW, "x12.278", {"trace": ["T-1"], "decision": "approved"})
    records.add_records(session, practice_id, mail.id, set_id, 1, [review], state, None)
    (record_id,) = records.to_file(session, practice_id, mail.id)
    waits = Filed(Outcome.UNMATCHED, scene.patient_of(side), why="no_request")
    records.settle(session, practice_id, record_id, RecordState.UNMATCHED, waits, now)
    documents.note_done(session, practice_id, mail.id)
    return mail.id, record_id


def _mail(scene: Scene, side: str, _actor: Actor) -> UUID:
    return _mail_and_record(scene, side)[0]


def _mail_record(scene: Scene, side: str, _actor: Actor) -> UUID:
    return _mail_and_record(scene, side)[1]


_SPECIAL: Mapping[str, Callable[[Scene, str, Actor], UUID | str]] = {
    "alert": _alert,
    "alert code": _alert_code,
    "answer": _answer,
    "duty": _duty,
    "mail": _mail,
    "mail record": _mail_record,
    "printed list": _printed,
    "reply": _reply,
}
