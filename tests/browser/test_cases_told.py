"""Four cases told as a person's task, by keyboard alone and accessible at every step.

A drug from open criteria to its renewal; a course of light therapy; surgery with a repair on the same day; a denial
that is overturned.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from app.alerts.jobs.renewing import open_renewals
from app.alerts.jobs.sweeping import keep_watch, sweep
from app.coverage.facts import CheckResult, CoverageRecord
from app.coverage.store import coverages as coverage_store
from app.patients import store as patient_store
from app.patients.facts import PatientDetails
from app.platform.caller import Caller
from app.platform.db import db
from app.policies.facts.answers import Need
from app.practice.actions import staff as people
from app.practice.facts.staff import Role
from app.practice.store import staff as staffing
from app.schedule import store as schedule_store
from app.schedule.facts import LineSource, ServiceLine, Visit, VisitRecord, VisitStatus
from app.values.insurance import Line, Rank
from tests.support import make
from tests.support.browsers import focused
from tests.support.desk import MAIN, PAYER, PAYER_NAME, RIVERA, TODAY, Desk
from tests.support.papers import pdf
from tests.support.walking import Walk
from tests.support.web import EMAIL, equipped

pytestmark = pytest.mark.browser
PATIENT = make.an_id(7_001)
PROVIDER_EMAIL = "rivera@example.test"


class Scene:
    """A practice with one patient, a coordinator and a provider who sign in."""

    def __init__(self, app, clock) -> None:
        self.app, self.clock, self.password = app, clock, {}

    def caller(self) -> Caller:
        """Who puts things on file for the tests."""
        return equipped(Caller(db.session(), make.PRACTICE_ID, self.clock, via="test"))

    def furnish(self) -> None:
        """Sites, people, and what the payer of the tests asks."""
        with self.app.app_context():
            caller = self.caller()
            Desk(caller).furnish()
            roles = {EMAIL: ("Kim Example", Role.COORDINATOR), PROVIDER_EMAIL: ("Dr. Rivera", Role.PROVIDER)}
            for email, (name, role) in roles.items():
                self.password[email] = people.add_staff(caller, email, name, frozenset({role}))
            doctor = next(
                one for one in staffing.staff_of(caller.session, make.PRACTICE_ID) if one.email == PROVIDER_EMAIL
            )
            staffing.save_staff(caller.session, make.PRACTICE_ID, replace(doctor, provider_npi=RIVERA))
            caller.session.commit()

    def patient(self, payer: str, payer_name: str, line: Line, **coverage) -> None:
        """One patient with one coverage that was found active yesterday."""
        with self.app.app_context():
            session = self.caller().session
            person = PatientDetails(PATIENT, "M07001", "Lindholm", "Mara", date(1990, 5, 17))
            patient_store.add_patients(session, make.PRACTICE_ID, [person])
            row = CoverageRecord(
                make.an_id(7_002), PATIENT, Rank.PRIMARY, payer, payer_name, "W00700117", begins=date(2026, 1, 1),
                line=line, checked_on=TODAY - timedelta(days=1), result=CheckResult.ACTIVE, source="271", **coverage,
            )  # fmt: skip
            coverage_store.add_coverages(session, make.PRACTICE_ID, [row])
            session.commit()

    def book(self, number: int, day: date, *codes: str, status: VisitStatus = VisitStatus.BOOKED, **line) -> UUID:
        """Book a visit of the patient, and judge it."""
        starts = datetime.combine(day, time(9, 30), ZoneInfo(make.ZONE)).astimezone(UTC)
        lines = tuple(
            ServiceLine(make.an_id(number * 10 + place), place, code, place="11", provider_npi=RIVERA, **line)
            for place, code in enumerate(codes)
        )
        visit = Visit(make.an_id(number), f"V{number}", PATIENT, MAIN, starts, day, status, lines)
        with self.app.app_context():
            caller = self.caller()
            record = VisitRecord(visit, tuple(LineSource(one.position) for one in lines))
            schedule_store.add_visits(caller.session, make.PRACTICE_ID, [record])
            caller.session.commit()
            Desk(caller).judge()
        return visit.id


@pytest.fixture
def scene(web_app, web_clock) -> Scene:
    """The practice, without the patient."""
    found = Scene(web_app, web_clock)
    found.furnish()
    return found


@pytest.fixture
def walk(chromium, served, scene, tmp_path, request):
    """Give a signed-in walk for a person; contexts are closed at the end."""
    contexts = []

    def begin(email: str = EMAIL) -> Walk:
        context = chromium.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.goto(served)
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label("Password").fill(scene.password[email])
        page.keyboard.press("Enter")
        expect(page.locator("nav.side-bar")).to_be_attached()
        return Walk(page, request.node.name.split("[")[0], True, tmp_path)

    yield begin
    for context in contexts:
        context.close()


def into(walk: Walk, label: str, text: str) -> Walk:
    """Type into the field of a label, reached by Tab."""
    field = walk.page.get_by_label(label, exact=True).first
    return walk.type(str(field.get_attribute("id")), text)


def choose(walk: Walk, field: str, text: str) -> Walk:
    """Go to a list to choose from by Tab, and type the beginning of what is meant."""
    walk.to(field).page.keyboard.type(text)
    return walk


def pick(walk: Walk, name: str, value: str) -> Walk:
    """Go to a group of round buttons by Tab, and to one of them by the arrow."""
    for _ in range(60):
        walk.press("Tab")
        if focused(walk.page)["name"] == name:
            break
    for _ in range(12):
        if focused(walk.page)["value"] == value:
            return walk.press("Space")
        walk.press("ArrowDown")
    raise AssertionError(f"no {value} among {name}\n{walk.told()}")


def reached(walk: Walk, address: str) -> Walk:
    """Wait until the browser is at an address."""
    walk.page.wait_for_url(f"**{address}")
    walk.page.wait_for_load_state("load")
    return walk


def begun(walk: Walk, service: str, diagnosis: str, person: str = "Lindholm") -> Walk:
    """Begin a request for the patient, with the first words of what is asked."""
    walk.press("c").then("it asks for whom", "New request")
    reached(walk.type("words", person).press("Enter"), "/patients/**")
    walk.then("the form is open", "New request")
    walk.type("service", service).push("Add").then("what is asked for stands line by line", "New request")
    return walk.type("diagnoses", diagnosis).type("begins", "t").type("ends", "m+6").type("provider", RIVERA)


def code_of(walk: Walk) -> str:
    """The code of the case that is shown."""
    reached(walk, "/cases/*")
    return walk.page.locator("h1").inner_text().split()[1]


def sent(walk: Walk, code: str, way: str = "fax") -> Walk:
    """Record that the request went to the payer."""
    walk.then("how it goes is asked", f"Send, case {code}")
    pick(walk, "way", way)
    reached(walk.type("reference", "REF-2207").push("Record as sent"), "/cases/*")
    return walk.then("it waits for the payer", f"Case {code}").says("Submitted")


def granted(walk: Walk, code: str, number: str) -> Walk:
    """Log the approval, whose form is filled from what was asked."""
    walk.push("Record answer").then("the form is filled", f"Record the answer, case {code}")
    reached(walk.type("number", number).push("Save decision"), "/cases/*")
    return walk.then("it is approved", f"Case {code}").says(number)


def test_a_drug_from_open_criteria_to_its_renewal(walk, scene, tmp_path):
    scene.patient("texas_medicaid", "Texas Medicaid", Line.MEDICAID, state="TX")
    scene.book(8_001, TODAY - timedelta(days=3), "99213", status=VisitStatus.DONE, diagnoses=("L20.9",))
    kim = walk().given("a patient with atopic dermatitis whose plan asks for two trials before Dupixent")
    code = the_drug_is_asked_for(kim)
    case = kim.page.url
    the_doctor_is_asked(kim, code)
    the_doctor_answers(walk(PROVIDER_EMAIL))
    kim.page.goto(case)
    kim.when("she comes back").then("all criteria are proven", f"Case {code}").says("3 criteria: 3 met")
    papers_are_put_together(kim, code, tmp_path)
    kim.page.goto(case)
    kim.when("she sends it").push("Complete the request").then("nothing is lacking", "Request")
    reached(kim.push("Save and send"), "/send")
    sent(kim, code)
    more_is_asked_and_sent(kim, code)
    granted(kim.when("the payer approves"), code, "TX-880123")
    renewals_open_by_themselves(scene)
    kim = walk().given("the end of the approval is near")
    kim.then("the renewal stands among what is due", "Today").says("Ask for the renewal")
    kim.when("she opens it").push("A-")
    kim.then("it is a draft with what the renewal needs", f"Case {code_of(kim)}").says("Renewal").says("Draft")


def the_drug_is_asked_for(kim: Walk) -> str:
    """Ask for the drug under the pharmacy benefit. Returns the code of the case."""
    begun(kim.when("she asks for the drug"), "Dupixent", "L20.9")
    kim.to("More: kind").press("Enter")
    choose(kim, "channel", "Pharmacy")
    kim.push("Show what the payer asks").then("the payer's criteria stand beside it", "New request")
    kim.says("Approval is needed").says("2 criteria not shown yet")
    into(kim, "Units of Dupixent", "26").push("Save the request")
    code = code_of(kim)
    kim.then("the case is begun", f"Case {code}").says("Needs documents")
    return code


def the_doctor_is_asked(kim: Walk, code: str) -> None:
    """Ask the provider for all that is not known."""
    kim.when("she asks the doctor for what is not known").push("Ask the provider")
    kim.then("the open criteria are ticked", "Ask the provider")
    reached(choose(kim, "asked_of", "Dr").push("Ask the provider"), "/criteria**")
    kim.then("it is asked", f"Criteria of case {code}")


def the_doctor_answers(doctor: Walk) -> None:
    """Answer everything on one page."""
    doctor.given("a doctor who was asked").then("it stands on the day's page", "Today")
    reached(doctor.push("Lindholm, Mara"), "/asks/**").then("all stands on one page", "Question to the provider")
    choose(doctor, "a0-outcome", "Did").type("a0-duration", "8 weeks")
    choose(doctor, "a1-outcome", "Not tol").push("Send the answers")
    doctor.then("it is answered", "Question to the provider")


def papers_are_put_together(kim: Walk, code: str, folder: Path) -> None:
    """Add the chart note, write the letter, make the packet."""
    case, papers = kim.page.url, f"Documents of case {code}"
    kim.when("she adds the chart note").push("Documents and letters").then("it has a place", papers)
    note = folder / "visit.pdf"
    note.write_bytes(pdf("Atopic dermatitis, 14 percent of the body surface"))
    choose(kim.choose_file(note), "kind", "Chart").type("dated", "t-3").push("Add document")
    kim.page.get_by_role("link", name="visit.pdf").first.wait_for()
    kim.then("it is on file", papers)
    kim.when("she writes the letter").push("Write")
    kim.then("it is written from the facts", "Letter of medical necessity").push("Save letter")
    kim.says("Version 1").when("she makes the packet")
    kim.page.goto(f"{case}/packet")
    kim.then("its parts are offered", f"Packet of case {code}").type("to_fax", "512 555 0100")
    kim.push("Make the packet").page.wait_for_url("**/documents**")
    kim.then("it is on file", papers)
    expect(kim.page.get_by_role("table", name="Packets of this case")).to_be_visible()


def more_is_asked_and_sent(kim: Walk, code: str) -> None:
    """The payer asks for more, and gets it."""
    answer = f"Record the answer, case {code}"
    kim.when("the payer asks for more").push("Record answer").push("More information asked")
    kim.then("what it asks is written down", answer)
    reached(kim.type("words", "Photographs of both arms").type("due_on", "t+5").push("Save decision"), "/cases/*")
    kim.then("its clock stands on the case", f"Case {code}").says("More info asked")
    kim.push("Record answer").push("We sent what was asked").then("the answer is asked", answer)
    reached(kim.type("words", "Photographs faxed").push("Save decision"), "/cases/*")


def renewals_open_by_themselves(scene: Scene) -> None:
    """Let time go by, and the jobs run."""
    scene.clock.instant += timedelta(days=165)
    with scene.app.app_context():
        caller = scene.caller()
        keep_watch(caller)
        sweep(caller)
        assert open_renewals(caller) == 1


def test_a_course_of_light_therapy_is_counted_to_its_last_visit(walk, scene):
    scene.patient(PAYER, PAYER_NAME, Line.COMMERCIAL, plan="PPO Gold")
    first = scene.book(8_100, TODAY + timedelta(days=1), "96910", diagnoses=("L40.0",))
    kim = walk().given("a patient with psoriasis, of whose 36 treatments the first is booked")
    begun(kim.when("she asks for all of them"), "96910:36", "L40.0").says("Approval is needed")
    reached(kim.push("Save and send"), "/send")
    code = kim.page.locator("h1").inner_text().split()[1]
    sent(kim, code)
    granted(kim.when("the payer approves 36"), code, "AC-3636")
    case = kim.page.url
    kim.page.goto(case.replace(f"/cases/{case.rsplit('/', 1)[1]}", f"/visits/{first}"))
    kim.when("she looks at the visit").then("it may go ahead", "Visit").says("Cleared")
    kim.page.goto(case)
    kim.then("the case tells how far it reaches", f"Case {code}")
    kim.push("Units and run-out").then("the ledger stands there", "Units")
    choose(kim.when("she thinks of three visits a week"), "pattern", "3").type("units", "1")
    kim.push("Show how far it reaches")
    kim.then("it names the last visit that is covered", "Units").says("Last covered visit")
    kim.when("she asks for more in time").page.goto(case)
    kim.push("Renew").page.wait_for_url(lambda address: address != case)
    kim.then("a renewal is begun in draft", f"Case {code_of(kim)}").says("Renewal")


def test_surgery_with_a_repair_on_the_day(walk, scene):
    scene.patient(PAYER, PAYER_NAME, Line.COMMERCIAL, plan="PPO Gold")
    with scene.app.app_context():
        desk = Desk(scene.caller())
        desk.rule(62, Need.REQUIRED, "17311", "17312", "13132", "14040")
        desk.session.commit()
    visit = scene.book(8_200, TODAY + timedelta(days=2), "17311", diagnoses=("C44.319",))
    kim = walk().given("a carcinoma of the cheek, for which Mohs surgery is booked")
    begun(kim.when("she asks for the first stage"), "17311", "C44.319")
    kim.says("Mohs surgery and what closes the wound").to("Complex repair").press("Enter")
    kim.to("code-13132").press("Space")
    reached(kim.when("she ticks the repair that may follow").push("Save and send"), "/send")
    code = kim.page.locator("h1").inner_text().split()[1]
    sent(kim, code)
    granted(kim, code, "MOHS-77").says("Cleared")
    base = kim.page.url.rsplit("/cases/", 1)[0]
    scene.clock.instant += timedelta(days=2, hours=6)
    kim = walk().given("the day after the surgery")
    kim.page.goto(f"{base}/visits/{visit}/performed")
    kim.when("she records what was performed").then("it begins with what was planned", "What was performed")
    kim.type("codes", "17311, 17312, 13132, 14040").push("Record and compare")
    kim.then("what is not covered is named", "What was performed").says("1 service is not covered")
    kim.says("Ask by").push("Open the request")
    kim.then("it is asked for after the fact", f"Case {code_of(kim)}").says("Retro").says("14040")


def test_a_denial_is_talked_over_and_overturned(walk, scene):
    scene.patient(PAYER, PAYER_NAME, Line.COMMERCIAL, plan="PPO Gold")
    scene.book(8_300, TODAY + timedelta(days=20), "96910", diagnoses=("L40.0",))
    kim = walk().given("a request for light therapy that was sent")
    begun(kim, "96910:24", "L40.0")
    reached(kim.push("Save and send"), "/send")
    code = kim.page.locator("h1").inner_text().split()[1]
    sent(kim, code)
    kim.when("the payer denies it").push("Record answer").push("Denied")
    kim.then("its words are asked for", "Record a denial")
    kim.type("denied_on", "t").type("words", "Topical therapy was not tried long enough")
    kim.type("code", "A2").type("appeal_by", "t+60").push("Save denial")
    kim.then("what can be done stands there", f"Denial and appeal, case {code}").says("60 days left")
    denial = kim.page.url
    physicians_talk(kim, code)
    kim.page.goto(denial)
    it_is_appealed(kim, code)
    kim.page.goto(denial.removesuffix("/denial"))
    kim.then("the case is approved and its visit cleared", f"Case {code}").says("AC-9001").says("Cleared")


def physicians_talk(kim: Walk, code: str) -> None:
    """The payer offers a talk, it is booked, held with the sheet at hand, and changes nothing."""
    fight, denial = f"Denial and appeal, case {code}", kim.page.url
    kim.when("the payer offers a talk").push("Record an offer").then("its time is asked", "Offer of a peer-to-peer")
    kim.type("offered_on", "t").type("closes_on", "t+3").push("Save offer")
    kim.then("it can be booked", fight).push("Book it").then("when is asked", "Book the peer-to-peer")
    kim.type("booked_on", "t+1").type("booked_at", "9:05 AM").push("Save booking")
    kim.then("the doctor has a sheet", fight).push("Sheet to read to the payer")
    kim.then("the doctor reads it to the payer", f"Sheet for the peer-to-peer, case {code}")
    kim.says("Topical therapy was not tried long enough").page.goto(denial)
    kim.when("the payer stands by it").push("Record the outcome")
    kim.then("how it ended is asked", "Outcome of the peer-to-peer")
    pick(kim.type("held_on", "t"), "outcome", "upheld").type("words", "Wants twelve weeks").push("Save outcome")
    kim.then("an appeal can be filed", fight)


def it_is_appealed(kim: Walk, code: str) -> None:
    """Write the letter, file the appeal, and record that the payer gave in."""
    fight, denial = f"Denial and appeal, case {code}", kim.page.url
    kim.push("Appeal letter").then("the letter is written from the facts", "Appeal, first level")
    kim.type("words", "We appeal the denial. Light therapy is needed now.").push("Save letter").says("Version 1")
    kim.page.goto(denial)
    kim.when("she sends it").push("Record an appeal").then("its level is asked", "Record an appeal")
    pick(kim, "level", "1").type("filed_on", "t").push("Save appeal")
    kim.then("it is on file", fight)
    kim.when("the payer gives in").push("Record the decision")
    kim.then("what it granted is asked", "Decision of the appeal")
    pick(kim.type("decided_on", "t"), "outcome", "overturned").type("number", "AC-9001")
    kim.type("begins", "t").type("ends", "m+6").push("Save decision")
    kim.then("it says what the approval covers", "Approval saved")
