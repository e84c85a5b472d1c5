"""The eighteen checks of a line, their results and every reason that one can give. Reasons are data; words are views.

Numbers are stored, and ordered as the checks are: never reuse or change one.
"""

from enum import Enum, StrEnum

from app.values.fact import choices


@choices
class Check(StrEnum):
    """The checks, in the order in which they name the reason."""

    CLASS = "class"
    COVERAGE = "coverage"
    NETWORK = "network"
    RULE = "rule"
    REFERRAL = "referral"
    APPROVAL = "approval"
    PLAN = "plan"
    CODE = "code"
    DATES = "dates"
    UNITS = "units"
    DIAGNOSIS = "diagnosis"
    PROVIDER = "provider"
    PLACE = "place"
    CHANNEL = "channel"
    DRUG = "drug"
    SPACING = "spacing"
    SECONDARY = "secondary"
    RENEWAL = "renewal"


@choices
class Result(StrEnum):
    """What a check found. Unknown is not good."""

    PASS = "pass"  # noqa: S105 (a result, not a password)
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"


@choices
class Badge(StrEnum):
    """The answer for a line or a visit, from worst to best."""

    BLOCKED = "blocked"
    NOT_CHECKED = "not_checked"
    WAITING = "waiting"
    AT_RISK = "at_risk"
    CLEARED = "cleared"
    ACCEPTED_RISK = "accepted_risk"
    SELF_PAY = "self_pay"


PASSES, WARNS, WAITS, UNKNOWN, FAILS = 1, 2, 4, 8, 16
WEIGHTS = {Result.PASS: PASSES, Result.WARN: WARNS, Result.UNKNOWN: UNKNOWN, Result.FAIL: FAILS}
"""One bit for each way in which a finding counts for the badge; the heaviest makes it."""


@choices
class Reason(Enum):
    """One finding of one check: its stored number, its check, its result, and how it counts for the badge."""

    number: int
    check: Check
    result: Result
    weight: int

    def __init__(self, number: int, check: Check, result: Result) -> None:
        self.number = number
        self.check = check
        self.result = result
        waits = check is Check.APPROVAL and result is Result.UNKNOWN
        self.weight = WAITS if waits else WEIGHTS[result]

    CLASS_MEDICAL = 1, Check.CLASS, Result.PASS
    CLASS_DOCUMENTED = 2, Check.CLASS, Result.PASS
    CLASS_SETTLED = 3, Check.CLASS, Result.PASS
    CLASS_COSMETIC = 4, Check.CLASS, Result.FAIL
    CLASS_WEAK = 5, Check.CLASS, Result.UNKNOWN
    CLASS_UNLISTED = 6, Check.CLASS, Result.WARN
    CLASS_NO_DIAGNOSIS = 7, Check.CLASS, Result.WARN

    COVERAGE_ACTIVE = 10, Check.COVERAGE, Result.PASS
    COVERAGE_ENDED = 11, Check.COVERAGE, Result.FAIL
    COVERAGE_NOT_BEGUN = 12, Check.COVERAGE, Result.FAIL
    COVERAGE_INACTIVE = 13, Check.COVERAGE, Result.FAIL
    COVERAGE_OTHER_PRIMARY = 14, Check.COVERAGE, Result.FAIL
    COVERAGE_NONE = 15, Check.COVERAGE, Result.UNKNOWN
    COVERAGE_NEVER_CHECKED = 16, Check.COVERAGE, Result.UNKNOWN
    COVERAGE_ANSWER_UNKNOWN = 17, Check.COVERAGE, Result.UNKNOWN
    COVERAGE_CHECK_STALE = 18, Check.COVERAGE, Result.UNKNOWN
    COVERAGE_PERIOD_TURNED = 19, Check.COVERAGE, Result.UNKNOWN
    COVERAGE_CHECK_OLD = 20, Check.COVERAGE, Result.UNKNOWN
    COVERAGE_PERIOD_TURNS = 21, Check.COVERAGE, Result.WARN
    COVERAGE_SCHEDULE_DIFFERS = 22, Check.COVERAGE, Result.WARN

    NETWORK_IN = 30, Check.NETWORK, Result.PASS
    NETWORK_NOT_NEEDED = 31, Check.NETWORK, Result.PASS
    NETWORK_EXCEPTION = 32, Check.NETWORK, Result.PASS
    NETWORK_OUT = 33, Check.NETWORK, Result.FAIL
    NETWORK_UNKNOWN = 34, Check.NETWORK, Result.WARN

    RULE_REQUIRED = 40, Check.RULE, Result.PASS
    RULE_NOT_REQUIRED = 41, Check.RULE, Result.PASS
    RULE_MILD = 42, Check.RULE, Result.PASS
    RULE_SETTLED = 43, Check.RULE, Result.PASS
    RULE_NOT_COVERED = 44, Check.RULE, Result.FAIL
    RULE_UNKNOWN = 45, Check.RULE, Result.UNKNOWN
    RULE_UNMET = 46, Check.RULE, Result.UNKNOWN
    RULE_NO_PROCEDURE = 47, Check.RULE, Result.UNKNOWN
    RULE_ROW_REFUSED = 48, Check.RULE, Result.UNKNOWN

    REFERRAL_NOT_NEEDED = 50, Check.REFERRAL, Result.PASS
    REFERRAL_ON_FILE = 51, Check.REFERRAL, Result.PASS
    REFERRAL_MISSING = 52, Check.REFERRAL, Result.FAIL
    REFERRAL_NOT_ON_FILE = 53, Check.REFERRAL, Result.UNKNOWN
    REFERRAL_UNKNOWN = 54, Check.REFERRAL, Result.WARN

    APPROVAL_APPROVED = 60, Check.APPROVAL, Result.PASS
    APPROVAL_NOTIFIED = 61, Check.APPROVAL, Result.PASS
    APPROVAL_NONE = 62, Check.APPROVAL, Result.FAIL
    APPROVAL_NOT_SENT = 63, Check.APPROVAL, Result.FAIL
    APPROVAL_DENIED = 64, Check.APPROVAL, Result.FAIL
    APPROVAL_IN_APPEAL = 65, Check.APPROVAL, Result.FAIL
    APPROVAL_DISMISSED = 66, Check.APPROVAL, Result.FAIL
    APPROVAL_UNDECIDED = 67, Check.APPROVAL, Result.UNKNOWN
    APPROVAL_MORE_INFO = 68, Check.APPROVAL, Result.UNKNOWN
    APPROVAL_NO_NUMBER = 69, Check.APPROVAL, Result.UNKNOWN
    APPROVAL_OPTIONAL = 70, Check.APPROVAL, Result.WARN

    PLAN_SAME = 80, Check.PLAN, Result.PASS
    PLAN_CONTINUITY = 81, Check.PLAN, Result.PASS
    PLAN_PAYER_DIFFERS = 82, Check.PLAN, Result.FAIL
    PLAN_MEMBER_DIFFERS = 83, Check.PLAN, Result.FAIL
    PLAN_ID_DIFFERS = 84, Check.PLAN, Result.FAIL
    PLAN_BEFORE_COVERAGE = 85, Check.PLAN, Result.UNKNOWN
    PLAN_NO_COVERAGE = 86, Check.PLAN, Result.UNKNOWN
    PLAN_NAME_DIFFERS = 87, Check.PLAN, Result.WARN

    CODE_NAMED = 90, Check.CODE, Result.PASS
    CODE_BY_FAMILY = 91, Check.CODE, Result.PASS
    CODE_DIFFERS = 92, Check.CODE, Result.FAIL
    CODE_FAMILY_OPEN = 93, Check.CODE, Result.WARN

    DATES_INSIDE = 100, Check.DATES, Result.PASS
    DATES_BEFORE = 101, Check.DATES, Result.FAIL
    DATES_AFTER = 102, Check.DATES, Result.FAIL
    DATES_MISSING = 103, Check.DATES, Result.UNKNOWN

    UNITS_ENOUGH = 110, Check.UNITS, Result.PASS
    UNITS_NOT_COUNTED = 111, Check.UNITS, Result.PASS
    UNITS_SINGLE = 112, Check.UNITS, Result.PASS
    UNITS_TOO_FEW = 113, Check.UNITS, Result.FAIL
    UNITS_NO_COUNT = 114, Check.UNITS, Result.WARN

    DIAGNOSIS_LISTED = 120, Check.DIAGNOSIS, Result.PASS
    DIAGNOSIS_DIFFERS = 121, Check.DIAGNOSIS, Result.FAIL
    DIAGNOSIS_CLOSE = 122, Check.DIAGNOSIS, Result.WARN
    DIAGNOSIS_NONE = 123, Check.DIAGNOSIS, Result.WARN

    PROVIDER_SAME = 130, Check.PROVIDER, Result.PASS
    PROVIDER_ANY = 131, Check.PROVIDER, Result.PASS
    PROVIDER_GROUP = 132, Check.PROVIDER, Result.PASS
    PROVIDER_OTHER_GROUP = 133, Check.PROVIDER, Result.FAIL
    PROVIDER_OTHER_PERSON = 134, Check.PROVIDER, Result.FAIL
    PROVIDER_GROUP_UNKNOWN = 135, Check.PROVIDER, Result.UNKNOWN
    PROVIDER_COLLEAGUE = 136, Check.PROVIDER, Result.WARN

    PLACE_SAME = 140, Check.PLACE, Result.PASS
    PLACE_SITE_DIFFERS = 141, Check.PLACE, Result.FAIL
    PLACE_DIFFERS = 142, Check.PLACE, Result.FAIL

    CHANNEL_SAME = 150, Check.CHANNEL, Result.PASS
    CHANNEL_DIFFERS = 151, Check.CHANNEL, Result.FAIL

    DRUG_SAME = 160, Check.DRUG, Result.PASS
    DRUG_DIFFERS = 161, Check.DRUG, Result.FAIL
    DRUG_NDC_DIFFERS = 162, Check.DRUG, Result.FAIL
    DRUG_NDC_ONE_SIDE = 163, Check.DRUG, Result.WARN
    DRUG_NOT_RECEIVED = 164, Check.DRUG, Result.WARN

    SPACING_INSIDE = 170, Check.SPACING, Result.PASS
    SPACING_OVER_FIRM = 171, Check.SPACING, Result.FAIL
    SPACING_OVER = 172, Check.SPACING, Result.WARN

    SECONDARY_NOTHING = 180, Check.SECONDARY, Result.PASS
    SECONDARY_APPROVED = 181, Check.SECONDARY, Result.PASS
    SECONDARY_MISSING = 182, Check.SECONDARY, Result.FAIL
    SECONDARY_UNKNOWN = 183, Check.SECONDARY, Result.WARN

    RENEWAL_NOT_DUE = 190, Check.RENEWAL, Result.PASS
    RENEWAL_DUE = 191, Check.RENEWAL, Result.WARN


BY_NUMBER = {reason.number: reason for reason in Reason}
CHECK_ORDER = {check: place for place, check in enumerate(Check)}
