"""A correction of the library: the original stays beside it, and what the library says anew is told."""

import re
import shutil
from datetime import UTC, datetime
from html import unescape

import pytest

from app.platform.caller import Caller
from app.platform.db import db
from app.platform.ids import new_id
from app.policies.actions.changing import save_rule
from app.policies.actions.library import SHIPPED, current_book
from app.policies.facts.answers import BasisKind, Need
from app.policies.facts.desk import Basis
from app.policies.facts.own_rules import RuleWord
from app.policies.store.practice import kept_rules
from app.policies.store.verifications import corrected_by
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.desk import Desk
from tests.support.rule_files import put_in_force
from tests.support.web import equipped

LATE = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
REF = "medicare_ffs/hospital_outpatient#"


@pytest.fixture
def desk(web_app, web_clock, tmp_path):
    """A furnished practice whose rules stand in files of a test's own."""
    web_clock.instant = LATE
    with web_app.app_context():
        made = Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()
        for name in ("_grid", "medicare_ffs"):
            shutil.copytree(SHIPPED / name, tmp_path / "rules" / name)
        put_in_force(made.caller, tmp_path / "rules")
        yield made


def words(page):
    """A page's text without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def corrected(desk):
    """Record that 15820 needs no approval where the library asks it. Returns the rule's id."""
    basis = Basis(BasisKind.LETTER, "letter of the contractor", LATE.date())
    word = RuleWord(new_id(), "medicare_ffs", frozenset({"15820"}), Need.NOT_REQUIRED, LATE.date(),
                    LATE.date().replace(year=2027, month=6), basis, corrects=True)  # fmt: skip
    save_rule(desk.caller, word)
    return kept_rules(desk.session, desk.practice_id)[-1].id


def test_a_correction_keeps_the_original_and_a_turn_of_the_library_is_told_until_it_is_settled(
    desk, sign_in, web_clock, tmp_path
):
    rule = corrected(desk)
    (noted,) = [one for one in corrected_by(desk.session, desk.practice_id, rule) if one.ref.startswith(REF)]
    book = current_book(desk.session, desk.practice_id)
    assert (noted.content, noted.version) == (book.rules[noted.ref].content, book.version)
    browser = sign_in(Role.COORDINATOR)
    text = words(browser.get(f"/rules/practice/{rule}"))
    assert "The library's rule that this corrects" in text and f"Rule {noted.ref} ." in text
    assert "Since this rule was recorded" not in text
    assert "The library changed" not in words(browser.get("/rules/practice"))

    file = tmp_path / "rules" / "medicare_ffs" / "hospital_outpatient.yaml"
    asked = re.compile(r"approval: required_when\n    coverage: criteria\n    when:\n      settings:.+\n.+13x.+\n")
    file.write_text(asked.sub("approval: not_required\n    coverage: criteria\n", file.read_text(), count=1))
    web_clock.instant = LATE.replace(hour=16)
    put_in_force(desk.caller, tmp_path / "rules")
    text = words(browser.get("/rules/practice"))
    assert "The library changed since these were recorded" in text
    assert "15820: The library now says the same, so this rule is no longer needed. " in text
    assert f"Approval was required in some cases, is not required ({noted.ref})." in text
    text = words(browser.get(f"/rules/practice/{rule}"))
    assert (
        "Required in some cases" in text
        and "Since this rule was recorded: approval was required in some cases, is not required." in text
    )

    web_clock.instant = LATE.replace(hour=17)
    corrected(desk)
    text = words(browser.get("/rules/practice"))
    assert text.count("is no longer needed") == 1
