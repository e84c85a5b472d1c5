"""A practice that texts patients: people on file with numbers and wishes, and a sender with the real gate and words."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.alerts.actions import texting
from app.alerts.actions.delivering import deliver
from app.alerts.actions.outgoing import Hands
from app.alerts.actions.patience import Patience
from app.alerts.actions.replies import take_in
from app.alerts.actions.stopping import opted_out
from app.alerts.actions.writing import written
from app.alerts.facts.outbox import Delivery
from app.alerts.facts.texts import PracticeTexts, Reply
from app.alerts.store import outbox
from app.alerts.store import texts as store
from app.gateways.facts import Gateways, Limits
from app.gateways.recording import RecordingMail, RecordingSms
from app.patients import store as patient_store
from app.patients.facts import PatientDetails
from app.platform.caller import Caller
from app.platform.ids import new_id
from app.practice.store import practice as practice_store
from app.schedule import store as schedule_store
from app.schedule.facts import LineSource, ServiceLine, Visit, VisitRecord, VisitStatus
from tests.support import make

BASE = "https://practice.example"
LENA, OTTO, MAYA = (make.an_id(30_000 + number) for number in range(3))
"""Lena speaks English, Otto Spanish; both said yes. Maya did not."""
PHONES = {LENA: "(212) 555-0141", OTTO: "212-555-0142", MAYA: "2125550143"}
LENAS, OTTOS, MAYAS = ("+12125550141", "+12125550142", "+12125550143")
OURS = "+12125550100"
VISIT_DAY = date(2026, 3, 10)


@dataclass
class Texting:
    """Texts patients, and sends what may go."""

    caller: Caller
    sms: RecordingSms = field(default_factory=RecordingSms)
    mail: RecordingMail = field(default_factory=RecordingMail)
    visits: dict[UUID, UUID] = field(default_factory=dict)
    count: int = 0

    def furnish(self, site: bool = True, **texts: object) -> "Texting":
        """Put a site, three patients with a visit each, and the practice's name in texts on file."""
        session, practice_id = self.caller.session, self.caller.practice_id
        if site:
            practice_store.add_site(session, practice_id, make.site(1, "Main Street"))
        said = PracticeTexts(**({"short_name": "Lakeside", "phone": "2125550199"} | texts))  # type: ignore[arg-type]
        store.save_practice_texts(session, practice_id, said)
        people = ((LENA, "Lena", None, True), (OTTO, "Otto", "Spanish", True), (MAYA, "Maya", None, False))
        for number, (patient, first, language, consent) in enumerate(people):
            details = PatientDetails(
                patient, f"T{number}", "Example", first, date(1980, 1, 1), PHONES[patient], language=language
            )
            self.write(details, consent)
            self.visits[patient] = self.book(patient, 31_000 + number)
        session.commit()
        return self

    def write(self, details: PatientDetails, consent: bool) -> None:
        """Put a patient on file."""
        person = replace(details, text_consent=consent)
        patient_store.add_patients(self.caller.session, self.caller.practice_id, [person])

    def change(self, patient_id: UUID, **more: object) -> None:
        """Change what is on file of a patient."""
        session, practice_id = self.caller.session, self.caller.practice_id
        details = patient_store.details(session, practice_id, [patient_id])[patient_id]
        patient_store.change_patients(session, practice_id, [replace(details, **more)])  # type: ignore[arg-type]
        session.commit()

    def book(self, patient: UUID, number: int, day: date = VISIT_DAY) -> UUID:
        """Book a visit at 9:30 AM."""
        starts = datetime.combine(day, time(9, 30), ZoneInfo(make.ZONE)).astimezone(UTC)
        line = ServiceLine(make.an_id(number * 10), 0, "99213")
        visit = Visit(
            make.an_id(number), f"V{number}", patient, make.an_id(1), starts, day, VisitStatus.BOOKED, (line,)
        )
        record = VisitRecord(visit, (LineSource(0),))
        schedule_store.add_visits(self.caller.session, self.caller.practice_id, [record])
        return visit.id

    def send(self, patient: UUID = LENA, template: str = "patient.call_us", visit: UUID | None = None) -> UUID:
        """Text a patient about the visit that is booked."""
        message_id = new_id()
        return texting.send_text(self.caller, patient, template, visit or self.visits.get(patient), message_id)

    def deliver(self, **wait: float) -> list[tuple[str, str]]:
        """Let time pass and send what may go. Returns what went out since the last time: number and words."""
        self.wait(**wait)
        before = len(self.sms.sent)
        self.caller.session.info["gateways"] = Gateways(self.sms, self.mail, BASE, Limits(in_flight=1))
        hands = Hands(texting.gate, written, opted_out)
        deliver(self.caller, hands, Patience())
        return [(one.to, one.text) for one in self.sms.sent[before:]]

    def reply(self, number: str, body: str, sid: str | None = None) -> Reply:
        """Take in a text."""
        self.count += 1
        return take_in(self.caller, sid or f"SM{self.count:032}", number, OURS, body, self.caller.clock.now())

    def wait(self, **length: float) -> "Texting":
        """Let time pass."""
        self.caller.clock.instant += timedelta(**length)  # type: ignore[attr-defined]
        return self

    def at(self, instant: datetime) -> "Texting":
        """Set the clock."""
        self.caller.clock.instant = instant  # type: ignore[attr-defined]
        return self

    def stands(self, message_id: UUID) -> Delivery:
        """Read how a message stands."""
        self.caller.session.rollback()
        self.caller.session.expire_all()
        found = outbox.delivery(self.caller.session, self.caller.practice_id, message_id)
        assert found is not None
        return found

    def templates(self) -> list[str]:
        """The templates of all messages, the first queued first."""
        self.caller.session.rollback()
        found = outbox.page(self.caller.session, self.caller.practice_id)
        return [one.message.template for one in reversed(found)]
