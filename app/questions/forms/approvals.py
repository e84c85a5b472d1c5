"""The forms of approvals, referrals and eligibility checks."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.authorizations.facts import AuthorizationRecord, Counting, Item
from app.authorizations.intake import read_number
from app.coverage.facts import CheckResult
from app.questions.facts.words import CheckWord, ReferralWord
from app.questions.forms.typed import Typed

LARGEST_COUNT = 400
LONGEST_SPAN = timedelta(days=731)
NOT_COUNTED = "*"


def read_approval(typed: Typed, row: AuthorizationRecord, member_missing: bool) -> Mapping[str, Any] | None:
    """Read what an approval lacked, by the field names of its record; None when something cannot be read.

    A field that is not on the form stays as it is; one that somebody filled in meanwhile is on it again.
    """
    changes: dict[str, Any] = {}
    number = typed.text("number", longest=40)
    if number:
        changes["number"] = _real(typed, number)
    changes |= _days(typed, row)
    items = tuple(_item(typed, place, item) for place, item in enumerate(row.items))
    if items != row.items:
        changes["items"] = items
    member = typed.text("member_id", longest=40) if member_missing else None
    if member:
        changes["member_id"] = member
    if not changes and not typed.errors:
        typed.errors["approval"] = "Enter what the approval lacks, as the payer's letter says it."
    if not typed.errors:
        typed.sure(_unlikely(typed, row, changes))
    return None if typed.open else changes


def _real(typed: Typed, number: str) -> str | None:
    """A number that the payer gave: a word in its place clears no visit."""
    found = read_number(number)
    if found is None:
        typed.errors["number"] = f"Enter the number that the payer gave; {number[:20]} is none."
    return found


def _days(typed: Typed, row: AuthorizationRecord) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    begins, ends = typed.day("begins", "First day"), typed.day("ends", "Last day")
    if begins is not None:
        changes["begins"] = begins
    if typed.values.get("no_end") == "yes":
        if ends is not None:
            typed.errors["ends"] = "Enter the last day, or tick that the payer set none; not both."
        changes["no_end"] = True
    elif ends is not None:
        changes["ends"] = ends
    first, last = begins or row.begins, ends or row.ends
    if first is not None and (begins or ends):
        typed.not_before("ends", "Last day", last, first, "it must be the same as or after the first day.")
    return changes


def _item(typed: Typed, place: int, item: Item) -> Item:
    name = f"count-{place}"
    text = typed.values.get(name, "").strip()
    if not text:
        return item
    if text == NOT_COUNTED:
        return replace(item, counting=Counting.NOT_COUNTED, count=None)
    visits = typed.values.get(f"counting-{place}") == Counting.VISITS.value
    if not (text.isascii() and text.isdigit()) or int(text[:9]) < 1:
        typed.errors[name] = f"{'Visits' if visits else 'Units'} must be a whole number, like 36; found {text[:20]}."
        return item
    return replace(item, counting=Counting.VISITS if visits else Counting.UNITS, count=int(text[:9]))


def _unlikely(typed: Typed, row: AuthorizationRecord, changes: Mapping[str, Any]) -> str | None:
    begins, ends = changes.get("begins", row.begins), changes.get("ends", row.ends)
    counts = [item.count for item in changes.get("items", ()) if item.count is not None and item.count > LARGEST_COUNT]
    if counts:
        return f"The count is {counts[0]:,}."
    if begins is not None and ends is not None and ends - begins > LONGEST_SPAN:
        return "The approval lasts longer than 24 months."
    if changes.get("ends") is not None and changes["ends"] < typed.today:
        return "The last day lies in the past."
    return None


def read_check(typed: Typed, coverages: Sequence[UUID]) -> CheckWord | None:
    """Read an eligibility check by phone or portal, of one of the coverages on file."""
    chosen = _coverage(typed, coverages, "Choose the coverage that was checked.")
    result = typed.one_of("result", tuple(CheckResult), "Choose what the plan answered.")
    day = typed.day("checked_on", "Day of the check", "Enter the day on which the plan answered.")
    typed.not_later("checked_on", "Day of the check", day, typed.today, "it cannot lie in the future.")
    source = typed.text("source", "Say how it was checked, like portal or phone.", 40)
    reference = typed.text("reference", longest=60)
    if typed.errors or chosen is None or result is None or day is None or source is None:
        return None
    return CheckWord(chosen, version_seen(typed, chosen), CheckResult(result), day, source, reference)


def version_seen(typed: Typed, coverage_id: UUID) -> int:
    """The version of a coverage that the form showed; 0 when it does not say."""
    text = typed.values.get(f"version-{coverage_id}", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _coverage(typed: Typed, coverages: Sequence[UUID], missing: str) -> UUID | None:
    """The coverage chosen; the only one needs no choice."""
    if len(coverages) == 1:
        return coverages[0]
    chosen = typed.one_of("coverage", [str(one) for one in coverages], missing)
    return None if chosen is None else UUID(chosen)


def read_referral(typed: Typed, coverages: Sequence[UUID]) -> ReferralWord | None:
    """Read a referral, or that the plan needs none."""
    kind = typed.one_of("referral", ("number", "not_needed"), "Choose whether there is a referral or none is needed.")
    coverage = _coverage(typed, coverages, "Choose the coverage that it is for.")
    if kind == "not_needed":
        said_by = typed.text("said_by", "Say who said so: the plan's page, or a call with its reference.", 60)
        return None if typed.errors or coverage is None else ReferralWord(coverage, True, said_by)
    if kind is None:
        return None
    number = typed.text("number", "Enter the referral's number, as the plan or the referring office wrote it.", 40)
    number = _real(typed, number) if number else None
    begins = typed.day("begins", "First day", "Enter the first day for which the referral holds.")
    ends = typed.day("ends", "Last day", "Enter the last day for which the referral holds.")
    if begins is not None:
        typed.not_before("ends", "Last day", ends, begins, "it must be the same as or after the first day.")
    visits = _visits(typed)
    if typed.errors or coverage is None:
        return None
    return ReferralWord(coverage, False, None, number, begins, ends, visits)


def _visits(typed: Typed) -> int | None:
    text = typed.values.get("visits", "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= LARGEST_COUNT:
        typed.errors["visits"] = f"Visits must be a whole number up to {LARGEST_COUNT}, like 6; found {text[:20]}."
        return None
    return int(text)
