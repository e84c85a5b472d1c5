"""Whether the health plan covers a patient, from the benefits (EB) of a 271."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from app.standards.x12.eligibility.values import first_day, last_day

ACTIVE = frozenset("12345")
INACTIVE = frozenset("678")
TELLING = ACTIVE | INACTIVE
HEALTH_PLAN = "30"
DENTAL = ("23", "24", "25", "26", "27", "28", "35", "36", "37", "38", "39", "40", "41")
PHARMACY = ("88", "89", "90", "91", "92")
VISION = ("AL", "AM", "AN", "AO")
OTHER_PLANS = frozenset((*DENTAL, *PHARMACY, *VISION))
"""Service types that plans of their own cover: that one of them is active says nothing about the health plan."""

BEGINS = ("346", "348", "356", "193")
ENDS = ("347", "349", "357", "194")
SPANS = ("291", "292", "307", *BEGINS)


class Standing(NamedTuple):
    """`status` is "active", "inactive" or "unknown"; `benefit` the one that says so, None for unknown."""

    status: str
    benefit: dict[str, Any] | None


NOTHING_TOLD = Standing("unknown", None)


def standing(benefits: Sequence[dict[str, Any]], day: str | None) -> Standing:
    """Tell what the benefits that tell a standing (EB01 in `TELLING`) say of the health plan.

    EB01 1 to 5 is active, 6 to 8 inactive. Those of service type 30 are heard first; where there is none, those without
    a service type; then those of any but dental, pharmacy and vision. Among them one active is enough, but for an
    active one whose own dates leave out `day` (ISO, or None for not known) beside an inactive one whose dates do not.
    """
    if not benefits:
        return NOTHING_TOLD
    if len(benefits) == 1 and HEALTH_PLAN in benefits[0]["service_types"]:  # most answers are so
        return Standing("active" if benefits[0]["info"] in ACTIVE else "inactive", benefits[0])
    heard = _heard(benefits)
    active = [benefit for benefit in heard if benefit["info"] in ACTIVE]
    inactive = [benefit for benefit in heard if benefit["info"] in INACTIVE]
    present = [benefit for benefit in active if in_force(benefit, day)]
    if present:
        return Standing("active", present[0])
    ended = [benefit for benefit in inactive if in_force(benefit, day)]
    if active and not ended:
        return Standing("active", active[0])
    return Standing("inactive", inactive[0]) if inactive else NOTHING_TOLD


def _heard(benefits: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    return (
        [benefit for benefit in benefits if HEALTH_PLAN in benefit["service_types"]]
        or [benefit for benefit in benefits if not benefit["service_types"]]
        or [benefit for benefit in benefits if not OTHER_PLANS.issuperset(benefit["service_types"])]
    )


def in_force(benefit: dict[str, Any], day: str | None) -> bool:
    """Say whether a benefit's own dates (DTP below the EB) leave room for a day. Those it does not give do."""
    dates = benefit["dates"]
    if day is None or not dates:
        return True
    spans = [dates[key] for key in SPANS if dates.get(key) and "/" in dates[key]]
    begins = [first_day(dates[key]) for key in BEGINS if dates.get(key)] + [first_day(span) for span in spans]
    ends = [last_day(dates[key]) for key in ENDS if dates.get(key)] + [last_day(span) for span in spans]
    return not (any(begin > day for begin in begins if begin) or any(end < day for end in ends if end))


def plan_dates(dates: dict[str, str | None]) -> tuple[str | None, str | None]:
    """Give the first and last day of the plan from the dates of the patient's loop.

    346 and 347 (plan), else 356 and 357 (eligibility), else 291 (plan, in one; a single day is both). The end of a
    range that begins the plan counts where no end stands alone.
    """
    if not dates:
        return None, None
    begins = first_day(dates.get("346") or dates.get("356"))
    ends = last_day(dates.get("347") or dates.get("357"))
    for key in ("346", "356", "291"):
        span = dates.get(key)
        if span and ("/" in span or (key == "291" and begins is None and ends is None)):
            begins, ends = begins or first_day(span), ends or last_day(span)
    return begins, ends
