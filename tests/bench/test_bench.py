"""Each bench runs at a tiny size: its answer has all its parts, and all ways to an answer agree. Never how quick."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from app.clearance.models import VisitVerdictRow
from app.policies.actions.library import current_policies
from app.rule_changes.actions.impact import impact_of
from tests.bench import alerts, clearance, copies, delivery, impact
from tests.bench.commandline import bench
from tests.bench.databases import databases
from tests.bench.measure import growth_exponent
from tests.bench.practice import make_practice, opened


def answer_of(*words: str) -> dict[str, object]:
    """Run a bench in this process and read its one JSON object."""
    ran = CliRunner().invoke(bench, [*words, "--json"], catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    return json.loads(ran.stdout)


def test_the_clearance_bench_tells_all_that_it_measured_and_finds_every_line_equal():
    answer = answer_of("clearance", "--size", "300", "--rules", "60", "--processes", "1")
    (one,) = answer["sizes"]
    assert one["size"] == one["made"]["booked"] == one["first_run"]["lines"] == 300
    assert one["equality"] == {"lines_compared": 300, "visits_unequal": 0}
    assert one["first_run"]["changed"] > 0 == one["second_run"]["changed"]
    assert one["first_run"]["peak_memory_mib"] > 0
    assert {"visit", "coverage", "approval"} < set(one["edit"])
    assert one["one_visit"]["visits"] > 0
    assert one["yardsticks"]["bare_reading_rows"] > 300
    assert one["yardsticks"]["orm_loop_lines"] == one["made"]["lines"]


def test_the_policies_bench_asks_every_size_with_and_without_criteria():
    answer = answer_of("policies", "--sizes", "40,120", "--size", "600", "--rules", "360")
    assert [one["size"] for one in answer["sizes"]] == [40, 120]
    assert all(one["without_criteria"]["questions"] and one["with_criteria"]["questions"] for one in answer["sizes"])
    assert answer["largest_over_smallest"] > 0
    changes = answer["impact"]["changes"]
    assert changes["one_rule_of_a_payer"]["patients_searched"] < changes["a_closed_list"]["patients_searched"]
    assert any(one["visits_turned"] for one in changes.values())


def test_a_practice_of_copies_is_judged_as_its_original_so_many_times_over(tmp_path):
    file = tmp_path / "practice.sqlite"
    url = f"sqlite:///{file}"
    make_practice(url, tmp_path, 400, 360, 1)

    def turned() -> tuple[int, int, int]:
        with opened(url) as caller:
            change = impact.CHANGES["a_whole_payer"](current_policies(caller.session, caller.practice_id))
            found = impact_of(caller, change)
            return found.searched, len(found.visits), len(found.cases)

    before = turned()
    copies.multiply(file, 3)
    assert turned() == tuple(3 * count for count in before)
    assert before[1] > 0


def test_the_x12_bench_reads_all_that_it_made():
    answer = answer_of("x12", "--size", "1200", "--claims", "20")
    assert (answer["eligibility"]["answers"], answer["remittance"]["claims"]) == (1200, 20)
    assert answer["eligibility"]["times"] > 0 < answer["eligibility"]["peak_memory_mib"][1]


def test_the_pages_bench_asks_the_database_the_same_number_of_questions_for_every_full_page():
    answer = answer_of("pages", "--size", "1500", "--rules", "60")
    day, week, later = (
        answer["pages"][name]["queries"] for name in ("schedule_day", "schedule_week", "schedule_later_week")
    )
    assert 0 < day <= week == later  # a day with few visits may have nothing of a kind to read
    assert set(answer["yardsticks"]) == {"request_without_a_page", "reading_50_verdicts"}


def test_the_imports_bench_takes_a_long_file_whole_and_then_finds_it_unchanged():
    answer = answer_of("imports", "--rows", "2100")
    taken = {"created": 2080, "updated": 0, "unchanged": 0, "refused": 20}
    same = {"created": 0, "updated": 0, "unchanged": 2080, "refused": 20}
    assert {name: answer["check"][name] for name in taken} == taken
    assert {name: answer["check_of_the_same_file"][name] for name in same} == same
    assert answer["confirm"]["seconds"] > 0


@pytest.mark.loopback
def test_the_delivery_bench_sends_every_text_by_each_way_and_compares_them():
    with databases() as places:
        answer = delivery.bench(60, places)
    assert set(answer["texts_a_second"]) == {"bare_loop", "bare_loop_in_flight", "delivered"}
    assert answer["of_a_bare_loop"] > 0 < answer["of_a_bare_loop_with_as_many_in_flight"]


def test_a_stored_answer_that_is_not_the_answer_ends_the_bench():
    with databases() as places, places.fresh() as (url, folder):
        make_practice(url, folder, 150, 60, 1)
        clearance.whole_book(url, 1)
        with opened(url) as caller:
            one = caller.session.scalars(select(VisitVerdictRow).limit(1)).one()
            one.content = b"spoilt"
            caller.session.commit()
        with pytest.raises(clearance.UnequalError):
            clearance.equality(url)


@pytest.mark.parametrize(("points", "slope"), [([(10, 1.0), (100, 10.0)], 1.0), ([(10, 1.0), (100, 100.0)], 2.0)])
def test_growth_is_the_slope_of_logarithms(points, slope):
    assert growth_exponent(points) == slope


def test_one_size_has_no_growth():
    assert growth_exponent([(10, 1.0)]) is None


def test_the_alerts_bench_tells_what_is_due_and_a_repeat_adds_nothing():
    with databases() as places:
        answer = alerts.bench(600, 40, 60, 1, places)
    assert answer["made"]["booked"] == answer["made"]["approvals"] == 600
    assert answer["watch"]["compared"]["different"] == answer["watch"]["compared"]["missing"] == 0
    assert answer["watch"]["deadlines"] == answer["standing"]["deadlines"] > 100
    assert answer["standing"]["due"] == answer["sweep"]["added"]["alerts"] == 40
    assert answer["sweep"]["added"]["messages"] > 0
    assert answer["repeat"]["done"] == 0 == max(answer["repeat"]["added"].values())
    assert answer["bare_writing_seconds"] > 0


def test_the_cases_bench_opens_every_view_and_finds_the_list_true():
    answer = answer_of("cases", "--size", "100")
    assert {"mine", "open", "expiring", "open_in_its_middle", "today"} < set(answer["views"])
    assert answer["rows_compared"] > 100
    assert answer["packet"]["pages"] == 10
    assert answer["run_out_of_36_visits"]["median_milliseconds"] > 0
