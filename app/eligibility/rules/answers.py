"""What an eligibility answer says of the health plan: active, inactive, not known, or that it could not be asked.

Takes one element of the `responses` of a 271 as the reader gives it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.coverage.facts import NetworkAnswer, Rejection
from app.eligibility.facts.checks import Answered, Because, Result
from app.eligibility.rules.plans import (
    ACTIVE,
    HEALTH_PLAN,
    INACTIVE,
    Row,
    holds_plan,
    in_force,
    of_health_plan,
    rows_of,
    stating,
)
from app.values.insurance import Known, Line, PlanKind

OF_THE_PERSON = frozenset(
    ("58", "64", "65", "66", "67", "68", "71", "72", "73", "74", "75", "76", "77", "78")
)  # fmt: skip
"""AAA03 codes that say that the plan does not know this patient as asked. The others say why nobody looked."""

PART_A, PART_B = "MA", "MB"
OFFICE_TYPES = frozenset(("30", "98", "DG"))
"""Service types whose network and referral count for a dermatology office."""
NOT_COVERED = INACTIVE | {"I"}
"""What is said of a service that the plan does not pay for, though the plan itself is active."""

PLAN_KINDS = {
    "HM": PlanKind.HMO, "HN": PlanKind.HMO, "EP": PlanKind.EPO, "PS": PlanKind.POS, "PR": PlanKind.PPO,
}  # fmt: skip


def result_of(response: Mapping[str, Any], line: Line | None = None, day: date | None = None) -> Result:
    """Tell what came of asking.

    Takes     the response; the coverage's line of business, where known; the day asked about.
    Returns   NOT_ASKED where the answer is rejected: it says nothing of the plan, so never inactive. Active or
              inactive only by a row of the health plan itself; for original Medicare by Part B. Active only where the
              dates of such a row, and those of the plan, leave room for the day, and where no row says that office
              visits or dermatology are not covered. Else UNKNOWN.
    """
    found = _of_plan(response, line, day)
    if found.result is Answered.ACTIVE and _leaves_out_office(rows_of(response), day):
        return Result(Answered.UNKNOWN, because=Because.NO_OFFICE)
    return found


def _leaves_out_office(rows: Sequence[Row], day: date | None) -> bool:
    """Say whether a plan names office visits or dermatology as not covered, and nowhere as active.

    What is not covered outside the network, or of one procedure, is none of that.
    """

    def named(infos: frozenset[str]) -> set[str]:
        stated = [row for row in rows if row.get("info") in infos and row.get("in_network") is not False]
        return {one for row in stated if in_force(row, day) and not row.get("procedure") for one in _types(row)}

    return bool((OFFICE_TYPES - {HEALTH_PLAN}) & named(NOT_COVERED) - named(ACTIVE))


def _types(row: Row) -> Sequence[str]:
    return row.get("service_types") or ()


def _of_plan(response: Mapping[str, Any], line: Line | None, day: date | None) -> Result:
    if response.get("status") == "rejected":
        return Result(Answered.NOT_ASKED, rejections_of(response), Because.REJECTED)
    rows = rows_of(response)
    active, inactive = stating(rows, ACTIVE), stating(rows, INACTIVE)
    if active and not holds_plan(response, day):
        return Result(Answered.UNKNOWN, because=Because.NOT_ON_THE_DAY)
    if line in (None, Line.MEDICARE) and (parts := _of_parts([*active, *inactive])):
        return _medicare(parts, day)
    if response.get("status") == "active" and active:
        held = any(in_force(row, day) for row in active)
        return Result(Answered.ACTIVE) if held else Result(Answered.UNKNOWN, because=Because.NOT_ON_THE_DAY)
    if response.get("status") == "inactive" and inactive:
        return Result(Answered.INACTIVE)
    return Result(Answered.UNKNOWN, because=Because.NO_HEALTH_PLAN)


def _of_parts(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row.get("insurance_type") in (PART_A, PART_B)]


def _medicare(parts: Sequence[Row], day: date | None) -> Result:
    """Part B pays for an office; Part A alone does not."""
    part_b = [row for row in parts if row.get("insurance_type") == PART_B]
    if any(row["info"] in ACTIVE and in_force(row, day) for row in part_b):
        return Result(Answered.ACTIVE)
    if part_b:
        return Result(Answered.INACTIVE, because=Because.NO_PART_B)
    return Result(Answered.UNKNOWN, because=Because.PART_A_ALONE)


def is_original_medicare(response: Mapping[str, Any], line: Line | None) -> bool:
    """Say whether an answer is of original Medicare: by the coverage's line, else by the parts that it names."""
    rows = rows_of(response)
    if line is not None:
        return line is Line.MEDICARE
    return bool(_of_parts([*stating(rows, ACTIVE), *stating(rows, INACTIVE)]))


def rejections_of(response: Mapping[str, Any]) -> tuple[Rejection, ...]:
    """List why a plan could not be asked, each reason once. A rejection below a benefit is none."""
    found = [
        Rejection(str(one["code"]), one.get("follow_up"), one.get("level"))
        for one in response.get("rejections") or ()
        if one.get("code") and one.get("level") != "benefit"
    ]
    return tuple(dict.fromkeys(found))


def names_person(why: Sequence[Rejection]) -> bool:
    """Say whether a rejection says that the plan does not know the patient, rather than that nobody looked."""
    return any(one.code in OF_THE_PERSON and one.level in ("subscriber", "dependent") for one in why)


def network_of(response: Mapping[str, Any]) -> NetworkAnswer | None:
    """Tell what an answer says of the network, where all rows that state an active plan say one thing.

    A copay of the network is none of that: plans list benefits in and out of it side by side.
    """
    rows = rows_of(response)
    stated = {row.get("in_network") for row in rows if row.get("info") in ACTIVE and _for_office(row)}
    elsewhere = {row.get("in_network") for row in rows} - {None}
    if len(stated - {None}) != 1 or len(elsewhere) != 1:
        return None
    return NetworkAnswer.IN if True in stated else NetworkAnswer.OUT


def referral_of(response: Mapping[str, Any]) -> Known | None:
    """Tell whether an answer asks for a referral: only a plain `referral required` on the plan or an office visit."""
    for row in rows_of(response):
        texts = [" ".join(str(text).upper().split()) for text in row.get("messages") or ()]
        if _for_office(row) and any(text.rstrip(".") in _REFERRAL for text in texts):
            return Known.YES
    return None


_REFERRAL = frozenset(
    ("REFERRAL REQUIRED", "REFERRAL IS REQUIRED", "PCP REFERRAL REQUIRED", "PCP REFERRAL IS REQUIRED")
)


def kind_of(response: Mapping[str, Any]) -> PlanKind | None:
    """Tell how the plan binds its members to providers, by the insurance type of its active rows, where all agree."""
    kinds = {
        PLAN_KINDS[row["insurance_type"]]
        for row in stating(rows_of(response), ACTIVE)
        if row.get("insurance_type") in PLAN_KINDS
    }
    return kinds.pop() if len(kinds) == 1 else None


def _for_office(row: Row) -> bool:
    return of_health_plan(row) or bool(OFFICE_TYPES.intersection(row.get("service_types") or ()))
