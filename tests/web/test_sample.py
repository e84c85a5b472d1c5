"""The sample practice: every story shows what it promises on any day, and nothing in it is anybody's."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clearance.actions.answering import Asking, clear_visits
from app.clearance.actions.book import rejudge_all
from app.clearance.facts.answered import AnsweredVisit
from app.clearance.facts.reasons import Badge, Check
from app.clearance.rules.badges import badge_of_visit
from app.imports.intake.words import STATUS
from app.platform.caller import Caller
from app.policies.actions.library import SHIPPED
from app.policies.files.directory import files_of, policies_of
from app.policies.rules.scope import plain_name
from app.practice.store import practice as practices
from app.values.codes import read_npi
from app.web.models import all_tables
from app.web.opening import OpeningError
from app.web.sample.building import PEOPLE, build
from app.web.sample.clinic import CLINICIANS, FIRST, GROUP_NPI, LAST, PAYERS, SITES, Person
from app.web.sample.days import AHEAD, PAST, Days
from app.web.sample.filling import LASTS, POLICIES, filled_on
from app.web.sample.tour import STORIES
from app.web.sampling import age_of_sample, fill_sample
from app.web.wiring import wire
from config import load
from tests.support import make
from tests.support.commands import Ran

TUESDAY = date(2026, 6, 9)
DAYS = (
    TUESDAY,
    date(2026, 12, 31),
    date(2027, 1, 1),
    date(2027, 2, 28),
    date(2026, 3, 8),  # clocks are set forward
    date(2026, 11, 1),  # clocks are set back
)


def at(day: date) -> datetime:
    """Seven in the morning of a day in the practice's zone."""
    return datetime.combine(day, time(7), ZoneInfo(make.ZONE)).astimezone(UTC)


@pytest.fixture
def sample(session: Session) -> Iterator[Caller]:
    """Someone of an empty sample practice."""
    wire()
    with session.begin():
        made = replace(make.practice(), sample=True, state=None, group_npi=None)
        practices.save_practice(session, make.PRACTICE_ID, made)
    yield Caller(session, make.PRACTICE_ID, make.clock(at(TUESDAY)), via="test")


def on(caller: Caller, day: date) -> Caller:
    """The same person on another day."""
    return replace(caller, clock=make.clock(at(day)))


def answers(caller: Caller, day: date) -> dict[str, AnsweredVisit]:
    """Every booked visit's answer, from a day to the end of the sample."""
    asking = Asking(day, day + timedelta(days=AHEAD))
    return {one.lines[0].visit.reference: one for one in clear_visits(caller, asking)}


def badge_of(one: AnsweredVisit) -> Badge:
    """The badge that a visit shows."""
    return Badge.ACCEPTED_RISK if one.accepted else badge_of_visit([line.badge for line in one.lines])


def shown(one: AnsweredVisit) -> tuple[Badge, Check | None]:
    """The badge of a visit and the check that names the reason, of the first line that made the badge."""
    worst = badge_of_visit([line.badge for line in one.lines])
    line = next(line for line in one.lines if line.badge is worst)
    return badge_of(one), line.reason.check if line.reason else None


@pytest.fixture
def stories_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sample of the stories' patients only, which is sooner filled."""
    monkeypatch.setattr("app.web.sample.building.PEOPLE", len(STORIES))


def keep_promises(found: dict[str, AnsweredVisit]) -> None:
    """Every story shows its badge and reason; all checks name a reason; every badge is there."""
    promised = {story.visit_id: (story.badge, story.check) for story in STORIES}
    assert {visit_id: shown(found[visit_id]) for visit_id in promised} == promised
    assert {line.reason.check for one in found.values() for line in one.lines if line.reason} == set(Check)
    assert {badge_of(one) for one in found.values()} == set(Badge)


@pytest.mark.usefixtures("stories_alone")
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_story_shows_the_badge_and_reason_that_it_promises_on_any_day(sample: Caller, day: date) -> None:
    caller = on(sample, day)
    assert fill_sample(caller)
    keep_promises(answers(caller, day))


def test_the_whole_sample_keeps_its_promises_and_is_mostly_cleared(sample: Caller) -> None:
    assert fill_sample(sample)
    assert rejudge_all(sample).changed == 0
    found = answers(sample, TUESDAY)
    keep_promises(found)
    week = {badge_of(one) for one in found.values() if one.lines[0].visit.day <= TUESDAY + timedelta(days=7)}
    assert week == set(Badge)
    badges = Counter(badge_of(one) for one in found.values())
    assert 0.8 < badges[Badge.CLEARED] / badges.total() < 0.9


def counts(session: Session) -> dict[str, int]:
    """How many rows each table has."""
    tables = all_tables().sorted_tables
    return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


@pytest.mark.usefixtures("stories_alone")
def test_filling_twice_changes_nothing(sample: Caller) -> None:
    assert fill_sample(sample)
    before = counts(sample.session)
    assert not fill_sample(sample)
    assert not fill_sample(on(sample, TUESDAY + timedelta(days=LASTS)))
    assert counts(sample.session) == before
    assert filled_on(sample) == TUESDAY
    assert age_of_sample(sample) is None
    assert "06/09/2026" in str(age_of_sample(on(sample, TUESDAY + timedelta(days=1))))


@pytest.mark.usefixtures("stories_alone")
def test_a_sample_older_than_a_week_is_filled_anew_and_its_stories_are_live_again(sample: Caller) -> None:
    assert fill_sample(sample)
    before = counts(sample.session)
    day = TUESDAY + timedelta(days=LASTS + 1)
    later = on(sample, day)
    assert fill_sample(later)
    assert filled_on(later) == day
    after = counts(sample.session)
    assert after["patient"] == before["patient"]
    assert after["audit_entry"] > before["audit_entry"]
    keep_promises(answers(later, day))


@pytest.mark.usefixtures("stories_alone")
def test_a_filling_that_was_cut_off_is_begun_again(sample: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("app.web.sample.filling.record_answer", _cut_off)
        with pytest.raises(KeyboardInterrupt):
            fill_sample(sample)
    sample.session.rollback()
    assert filled_on(sample) is None
    assert fill_sample(sample)
    assert counts(sample.session)["patient"] == len(STORIES)


def _cut_off(*_words: object) -> None:
    raise KeyboardInterrupt


def test_a_real_practice_is_never_filled(caller: Caller) -> None:
    before = counts(caller.session)
    with pytest.raises(OpeningError, match="real practice"):
        fill_sample(caller, again=True)
    assert counts(caller.session) == before


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_same_day_gives_the_same_rows_and_the_promised_size(day: date) -> None:
    tables = build(day)
    assert tables == build(day)
    days = {row["visit_id"]: date.fromisoformat(row["starts_at"][:10]) for row in tables.schedule}
    assert 430 <= len(days) <= 470
    assert 130 <= len(tables.authorizations) <= 150
    assert len({row["patient_mrn"] for row in tables.schedule}) == PEOPLE
    assert min(days.values()) >= day - timedelta(days=PAST)
    assert max(days.values()) <= day + timedelta(days=AHEAD)
    statuses = {STATUS[row["status"].replace(" ", "")] for row in tables.authorizations}
    assert statuses == set(STATUS.values())


def test_every_check_and_badge_has_a_story_with_a_sentence() -> None:
    assert {story.check for story in STORIES} == {*Check, None}
    assert {story.badge for story in STORIES} == set(Badge)
    assert len({story.visit_id for story in STORIES}) == len(STORIES)
    assert all(story.sentence.endswith(".") for story in STORIES)


def test_the_strict_loader_takes_the_fictional_rules_alone_and_beside_the_shipped_ones() -> None:
    shipped = files_of(SHIPPED)
    common = {name: content for name, content in shipped.items() if name.startswith("_grid/")}
    alone = policies_of(common | files_of(POLICIES))
    assert set(alone.payers) == {payer.key for payer in PAYERS}
    assert set(policies_of(shipped | files_of(POLICIES)).payers) > set(alone.payers)
    assert not {path.name for path in Path(SHIPPED).iterdir()} & set(alone.payers)


def test_no_real_payer_and_no_real_person_is_in_the_sample() -> None:
    real = policies_of(files_of(SHIPPED)).payers.values()
    names = {plain_name(name) for one in real for name in (one.file.payer.name, *one.file.payer.aliases)}
    assert not names & {plain_name(payer.name) for payer in PAYERS}
    tables = build(TUESDAY)
    payers = {row["payer"] for row in (*tables.coverage, *tables.authorizations)}
    assert payers == {payer.name for payer in PAYERS}
    people = [Person(number) for number in range(1, PEOPLE + 1)]
    assert len({(one.last, one.first) for one in people}) == PEOPLE
    assert {one.last for one in people} <= set(LAST)
    assert {one.first for one in people} <= set(FIRST)
    assert all(one.phone.startswith("212-555-01") for one in people)


def test_the_clinic_has_two_sites_and_five_people_with_numbers_that_nobody_was_given() -> None:
    assert len(SITES) == 2
    assert len(CLINICIANS) == 5
    numbers = [GROUP_NPI, *(one.npi for one in CLINICIANS)]
    assert len(set(numbers)) == 6
    assert all(read_npi(number) == number and number.startswith("2") for number in numbers)


def test_a_story_of_another_risk_stands_before_the_new_year() -> None:
    assert Days(date(2026, 12, 31)).before_new_year() == date(2026, 12, 31)
    assert Days(date(2026, 12, 30)).before_new_year() == date(2026, 12, 31)
    assert Days(date(2027, 1, 1)).before_new_year() == date(2027, 1, 4)


@pytest.mark.usefixtures("stories_alone")
def test_the_command_fills_once_and_fills_anew_when_told_to(manage: Callable[..., Ran]) -> None:
    assert manage("sample", "fill").out == "The sample practice is filled.\n"
    assert manage("sample", "fill").out == "The sample practice was filled already.\n"
    assert manage("sample", "fill", "--again").out == "The sample practice is filled.\n"
    why = manage("visits", "why", "S-APPROVAL-1")
    assert why.code == 0
    assert "Blocked" in why.out


def test_the_command_refuses_a_real_practice(manage: Callable[..., Ran]) -> None:
    assert manage("practice", "setup", "--name", "Real Dermatology").code == 0
    refused = manage("sample", "fill", "--again")
    assert refused.code == 2
    assert "real practice" in refused.err


def test_the_sample_has_a_database_of_its_own(tmp_path: Path) -> None:
    settings = load({"CLEARED_HOME": str(tmp_path)})
    assert settings.on_sample().database_url != settings.database_url
    assert settings.on_sample().database_url.endswith("/sample.sqlite")
