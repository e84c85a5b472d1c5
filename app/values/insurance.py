"""The closed lists of health insurance that every room speaks."""

from enum import StrEnum

from app.values.fact import choices


@choices
class Line(StrEnum):
    """Line of business of a coverage."""

    COMMERCIAL = "commercial"
    SELF_FUNDED = "self_funded"
    FEDERAL_EMPLOYEES = "federal_employees"
    MEDICARE = "medicare"
    MEDICARE_ADVANTAGE = "medicare_advantage"
    MEDIGAP = "medigap"
    PART_D = "part_d"
    MEDICAID = "medicaid"
    MEDICAID_MANAGED = "medicaid_managed"
    CHIP = "chip"
    MARKETPLACE = "marketplace"
    TRICARE = "tricare"
    TRICARE_FOR_LIFE = "tricare_for_life"
    VA = "va"
    WORKERS_COMP = "workers_comp"
    OTHER = "other"


@choices
class PlanKind(StrEnum):
    """How a plan binds its members to providers."""

    HMO = "hmo"
    EPO = "epo"
    POS = "pos"
    PPO = "ppo"
    PRIME = "prime"
    SELECT = "select"
    OTHER = "other"


@choices
class Rank(StrEnum):
    """Which coverage pays first."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    TERTIARY = "tertiary"


@choices
class Benefit(StrEnum):
    """The benefits of a coverage."""

    MEDICAL = "medical"
    PHARMACY = "pharmacy"
    BOTH = "both"


@choices
class Channel(StrEnum):
    """The benefit under which a service or an approval is billed."""

    MEDICAL = "medical"
    PHARMACY = "pharmacy"


@choices
class Known(StrEnum):
    """An answer that may be unknown. Absent altogether is None, which is not the same."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


LINE_NAMES = {
    "medicare_ffs": (Line.MEDICARE, None),
    "medicaid_mco": (Line.MEDICAID_MANAGED, None),
    "fehb": (Line.FEDERAL_EMPLOYEES, None),
    "commercial_pbm": (Line.COMMERCIAL, Benefit.PHARMACY),
}
"""Other names of lines that files and facts use, with the benefit that they imply."""


def read_line(text: str) -> tuple[Line, Benefit | None] | None:
    """Read a line of business by its own or its other name. Returns the line and the benefit it implies, or None."""
    name = text.strip().lower().replace(" ", "_").replace("-", "_")
    if name in LINE_NAMES:
        return LINE_NAMES[name]
    return (Line(name), None) if name in Line.__members__.values() else None
