"""The watchdog: a scheduler that stands still is told within six minutes, once, on every page and by e-mail."""

import threading
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from app.alerts.store import sweeps
from app.gateways.access import gateways_of
from app.gateways.facts import Answer, Gateways, Outcome
from app.gateways.recording import RecordingMail
from app.gateways.smtp_mail import SmtpMail, SmtpServer
from app.platform import store as runs
from app.platform.caller import Caller
from app.platform.db import db, writing
from app.platform.runs import JobRun, Ran
from app.platform.sessions import session_on
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from app.practice.store import practice as store
from app.practice.store import staff as staffing
from app.web import server, watchdog
from app.web.standing import DELIVER, SWEEP, WATCH
from app.web.starting import web_words
from tests.support import make
from tests.support.swept import Practice, approval_ends
from tests.support.web import equipped

MINUTE = timedelta(minutes=1)
BANNER = "Reminders have stood still since 10:03 AM. Start the scheduler: scripts/manage jobs run"


@pytest.fixture
def mail():
    return RecordingMail()


@pytest.fixture
def desk(web_app, web_clock, mail):
    """A practice with four people, whose web server has begun to watch at 10:00 AM, with a mail server."""
    web_app.extensions["cleared_gateways"] = Gateways(mail=mail, base_url="http://localhost")
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        for name, role in (
            ("ada", Role.ADMINISTRATOR),
            ("mara", Role.MANAGER),
            ("cora", Role.COORDINATOR),
            ("gone", Role.MANAGER),
        ):
            actions.add_staff(caller, f"{name}@example.test", name.title(), frozenset({role}))
        gone = next(one for one in staffing.staff_of(caller.session, make.PRACTICE_ID) if one.name == "Gone")
        with writing(caller.session) as session:
            staffing.save_staff(session, make.PRACTICE_ID, replace(gone, active=False))
    return web_app


@pytest.fixture
def swept(desk, web_clock):
    """`swept()`: a run of all jobs that reminders need finishes now; `swept("sweep")`: of one; `broke`: it breaks."""

    def sweep(*jobs, broke=False):
        ran, incident = (Ran(failed=1), "0badcafe") if broke else (Ran(), None)
        with desk.app_context(), session_on(db.engine, make.keys()) as session, writing(session):
            for job in jobs or (WATCH, SWEEP, DELIVER):
                run = JobRun(job, web_clock.instant, web_clock.instant, ran, incident)
                runs.record_run(session, make.PRACTICE_ID, run)

    return sweep


@pytest.fixture
def at(desk, web_clock):
    """`at(6)`: it is six minutes past ten, and the watchdog looks."""

    def move(minutes):
        web_clock.instant = make.NOW + minutes * MINUTE
        watchdog.look(desk)

    return move


def addresses(mail):
    return sorted(one.to for one in mail.sent if one.to.endswith("@example.test"))


def test_the_scheduler_stops_and_within_six_minutes_a_banner_and_an_email_tell_of_it_once(
    desk, swept, at, mail, sign_in
):
    browser = sign_in(Role.SCHEDULER)
    for minute in range(4):
        at(minute)
        swept()
    at(7)
    assert BANNER not in browser.get("/settings").text
    assert mail.sent == []
    at(8)  # five minutes after the last sweep
    assert BANNER in browser.get("/settings").text
    assert addresses(mail) == ["ada@example.test", "mara@example.test"]
    told = mail.sent[0]
    assert told.subject == "Reminders stand still"
    assert "since 10:03 AM" in told.text
    assert "since 10:03 AM" in told.html
    assert "http://localhost" in told.text
    for minute in (9, 12, 60, 700):
        at(minute)
    assert len(mail.sent) == 2


def test_when_sweeps_finish_again_the_banner_goes_and_the_next_outage_is_told_anew(desk, swept, at, mail, sign_in):
    browser = sign_in(Role.SCHEDULER)
    swept()
    at(6)
    swept()
    at(7)
    assert "stood still" not in browser.get("/settings").text
    at(8)
    assert len(mail.sent) == 2
    at(12)
    assert len(mail.sent) == 4
    assert len({one.message_id for one in mail.sent}) == 4


def test_a_sweep_that_breaks_is_none(desk, swept, at, mail):
    swept()
    for minute in range(1, 6):
        at(minute)
        swept(broke=True)
    assert addresses(mail) == ["ada@example.test", "mara@example.test"]


def test_a_start_after_a_night_gives_the_scheduler_five_minutes(desk, web_clock, swept, at, mail):
    web_clock.instant = make.NOW - timedelta(hours=9)
    swept()
    at(4)
    assert mail.sent == []
    at(5)
    assert "since 1:00 AM" in mail.sent[0].text


def test_a_practice_that_no_sweep_ever_finished_for_is_told_from_the_start_of_the_program(at, mail):
    at(5)
    assert "since 10:00 AM" in mail.sent[0].text


def test_two_web_workers_tell_of_an_outage_once(desk, web_clock, mail):
    """Both have found it; the second comes while the first one sends."""
    web_clock.instant = make.NOW + 6 * MINUTE

    class Slow(RecordingMail):
        def send(self, one):
            if not self.sent:
                self.sent.append(one)
                look(desk)
            return mail.send(one)

    look = watchdog.look
    desk.extensions["cleared_gateways"] = Gateways(mail=Slow(), base_url="http://localhost")
    look(desk)
    assert addresses(mail) == ["ada@example.test", "mara@example.test"]


def test_two_web_workers_that_find_an_outage_at_the_same_moment_tell_of_it_once(desk, web_clock, mail):
    web_clock.instant = make.NOW + 6 * MINUTE
    together = threading.Barrier(2)
    broke = []

    def worker():
        try:
            together.wait(30)
            watchdog.look(desk)
        except Exception as error:
            broke.append(error)

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert broke == []
    assert addresses(mail) == ["ada@example.test", "mara@example.test"]


def test_whom_the_server_did_not_take_is_tried_again_later_and_nobody_twice(at, mail):
    mail.lasting["ada@example.test"] = Answer(Outcome.LATER)
    at(5)
    at(6)
    assert addresses(mail) == ["ada@example.test", "mara@example.test"]
    mail.lasting.clear()
    at(7)
    assert addresses(mail) == ["ada@example.test", "ada@example.test", "mara@example.test"]
    at(60)
    assert len(mail.sent) == 3
    assert len({one.message_id for one in mail.sent}) == 2


def test_a_worker_that_dies_while_it_sends_leaves_the_rest_to_the_next_look(desk, at, mail):
    class Dying(RecordingMail):
        def send(self, one):
            raise KeyboardInterrupt

    desk.extensions["cleared_gateways"] = Gateways(mail=Dying(), base_url="http://localhost")
    with pytest.raises(KeyboardInterrupt):
        at(5)
    desk.extensions["cleared_gateways"] = Gateways(mail=mail, base_url="http://localhost")
    at(6)
    assert mail.sent == []
    at(7)
    assert addresses(mail) == ["ada@example.test", "mara@example.test"]


@pytest.mark.parametrize("job", [WATCH, SWEEP])
def test_one_of_the_jobs_that_reminders_need_is_missed_alone(swept, at, mail, job):
    swept()
    for minute in range(1, 7):
        at(minute)
        swept(*({WATCH, SWEEP, DELIVER} - {job}))
    assert {one.subject for one in mail.sent} == {"Reminders stand still"}


def test_messages_that_a_sweep_held_back_are_told_until_a_person_has_looked(desk, swept, at, mail, web_clock, sign_in):
    browser = sign_in(Role.SCHEDULER)
    with desk.app_context(), session_on(db.engine, make.keys()) as session, writing(session):
        sweeps.hold_state(session, make.PRACTICE_ID)
        sweeps.hold_back(session, make.PRACTICE_ID, make.NOW, 731)
    swept()
    at(1)
    assert "Messages have been held back since 10:00 AM: 731 reminders at once" in browser.get("/settings").text
    assert {one.subject for one in mail.sent} == {"Messages are held back"}
    with desk.app_context(), session_on(db.engine, make.keys()) as session, writing(session):
        sweeps.release(session, make.PRACTICE_ID, None)
    at(2)
    assert "held back" not in browser.get("/settings").text


def test_what_is_due_and_not_told_although_sweeps_finish_is_told(desk, swept, at, mail, sign_in):
    """Expected and told differ: a sweep that says it is done, and is not."""
    browser = sign_in(Role.SCHEDULER)
    with desk.app_context(), session_on(db.engine, make.keys()) as session:
        practice = Practice(Caller(session, make.PRACTICE_ID, make.clock(), via="test"))
        practice.watch(*(approval_ends(number, date(2026, 3, 16)) for number in (1, 2)))
    for minute in range(6):
        at(minute)
        swept()
    at(6)
    banner = "2 reminders due since 8:00 AM did not become messages. Admin &gt; Jobs shows what failed"
    assert banner in browser.get("/settings").text
    assert {one.subject for one in mail.sent} == {"Reminders are behind"}


def test_a_sender_that_does_not_finish_is_told_after_a_quarter_of_an_hour(swept, at, mail):
    swept()
    for minute in range(1, 16):
        at(minute)
        swept(WATCH, SWEEP)
    assert {one.subject for one in mail.sent} == {"Messages do not go out"}


def test_without_a_mail_server_the_banner_says_that_no_email_tells_of_it(desk, at, sign_in, mail):
    desk.extensions["cleared_gateways"] = Gateways(base_url="http://localhost")
    browser = sign_in(Role.SCHEDULER)
    at(6)
    assert "No e-mail tells of it: e-mail is not set up." in browser.get("/settings").text
    desk.extensions["cleared_gateways"] = Gateways(mail=mail, base_url="http://localhost")
    at(7)
    assert len(addresses(mail)) == 2


def test_in_a_sample_practice_no_page_and_no_watchdog_has_a_way_out(desk, at, mail, sign_in):
    seen = []
    desk.after_request(lambda answer: seen.append(gateways_of(db.session())) or answer)
    with desk.app_context():
        store.save_practice(db.session(), make.PRACTICE_ID, replace(make.practice(), sample=True))
        db.session().commit()
    page = sign_in(Role.SCHEDULER).get("/settings").text
    assert "Messages stay in the Outbox." in page
    assert seen[-1].mail is None
    at(6)
    assert mail.sent == []


def test_a_page_asks_the_database_at_most_every_fifteen_seconds(desk, swept, web_clock, sign_in):
    browser = sign_in(Role.SCHEDULER)
    web_clock.instant += 6 * MINUTE
    assert "stood still" in browser.get("/settings").text
    swept()
    web_clock.instant += timedelta(seconds=14)
    assert "stood still" in browser.get("/settings").text
    web_clock.instant += timedelta(seconds=1)
    assert "stood still" not in browser.get("/settings").text


def test_health_says_it_too_without_a_name(desk, client, web_clock, swept):
    assert client.get("/health").get_json() == {"status": "ok", "reminders": "running"}
    web_clock.instant += 6 * MINUTE
    answer = client.get("/health")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok", "reminders": "standing still"})


def test_the_jobs_page_says_since_when_and_what_failed(desk, swept, at, sign_in):
    browser = sign_in(Role.ADMINISTRATOR)
    swept(broke=True)
    at(6)
    page = browser.get("/admin/jobs").text
    assert "Reminders have stood still since 10:00 AM." in page
    assert "Broke. Incident 0badcafe" in page
    at(7)
    swept()
    at(8)
    page = browser.get("/admin/jobs").text
    assert "The scheduler runs." in page
    assert "Reminders last stood still from 10:00 AM to 10:08 AM." in page


def test_the_watchdog_goes_on_when_a_look_breaks_and_begins_in_no_test_by_itself(desk, monkeypatch, capsys):
    assert "watchdog" not in {thread.name for thread in threading.enumerate()}
    looks = threading.Semaphore(0)

    def break_down(_app):
        looks.release()
        raise RuntimeError("Ada Lovelace")

    monkeypatch.setattr(watchdog, "EVERY", 0.01)
    monkeypatch.setattr(watchdog, "look", break_down)
    ended = threading.Event()
    thread = watchdog.begin_watching(desk, ended)
    assert looks.acquire(timeout=60)
    assert looks.acquire(timeout=60)
    ended.set()
    thread.join(60)
    assert not thread.is_alive()
    logged = capsys.readouterr()
    assert "watchdog broke" in logged.err + logged.out
    assert "Lovelace" not in logged.err + logged.out


def test_each_worker_of_the_web_server_begins_to_watch_once_it_was_forked(desk, monkeypatch):
    begun = []
    monkeypatch.setattr(server, "begin_watching", begun.append)
    server.post_worker_init(SimpleNamespace(wsgi=desk))
    assert begun == [desk]
    assert "python:app.web.server" in web_words(8000)


@pytest.mark.loopback
def test_a_real_mail_server_gets_one_email_for_each_person_of_an_outage(desk, swept, at, mail_server):
    server = mail_server()
    smtp = SmtpMail(SmtpServer(server.host, server.port, "cleared@practice.example", tls="none"))
    desk.extensions["cleared_gateways"] = Gateways(mail=smtp, base_url="https://cleared.practice.example")
    server.firsts["ada@example.test"] = ["451"]
    swept()
    for minute in range(1, 30):
        at(minute)
    assert sorted(one["To"] for one in server.accepted) == ["ada@example.test", "mara@example.test"]
    assert len({one["Message-ID"] for one in server.accepted}) == 2
    for one in server.accepted:
        assert one["Subject"] == "Reminders stand still"
        plain = one.get_body(("plain",)).get_content()
        assert "Reminders have stood still since 10:00 AM. Start the scheduler: scripts/manage jobs run" in plain
        assert "https://cleared.practice.example" in one.get_body(("html",)).get_content()
