"""Our own short words for what eligibility answers say. A code without a word of ours is shown as it came."""

from collections.abc import Mapping

from app.coverage.facts import Answered, Method, NetworkAnswer, Rejection
from app.eligibility.facts.checks import Because
from app.eligibility.facts.listing import Standing
from app.values.insurance import Known

STANDINGS = {
    Standing.NO_COVERAGE: "No coverage on file",
    Standing.INACTIVE: "The plan says inactive",
    Standing.NOT_OF_THE_DAY: "Not in force that day",
    Standing.NOT_ASKED: "We could not ask the plan",
    Standing.NEVER: "Never checked",
    Standing.BEHIND: "Another plan pays first",
    Standing.UNKNOWN: "No clear answer",
    Standing.ACTIVE: "The plan says active",
}
RESULTS = {
    Answered.ACTIVE: "The plan says active",
    Answered.INACTIVE: "The plan says inactive",
    Answered.UNKNOWN: "The plan gave no clear answer",
    Answered.NOT_ASKED: "We could not ask the plan",
}
METHODS = {
    Method.X12_271: "Electronic answer (271)",
    Method.PORTAL: "Portal",
    Method.PHONE: "Phone",
    Method.CARD: "Card",
    Method.FHIR: "Electronic answer (FHIR)",
    Method.FILE: "File of the practice",
}
BECAUSE = {
    Because.REJECTED: "The request was not answered.",
    Because.NO_HEALTH_PLAN: "Nothing in the answer says whether the health plan itself is active.",
    Because.PART_A_ALONE: "The answer names Medicare Part A only. Part B pays for an office; ask about Part B.",
    Because.NO_PART_B: "Medicare Part B, which pays for an office, is not active.",
    Because.NOT_ON_THE_DAY: "The plan is active by name, but its own dates leave out the day asked about.",
    Because.NO_OFFICE: "The plan is active, but says that dermatology or office visits are not covered. Ask the plan.",
}
NETWORKS = {
    NetworkAnswer.IN: "In network",
    NetworkAnswer.OUT: "Out of network",
    NetworkAnswer.UNKNOWN: "Not known",
}
KNOWN = {Known.YES: "Yes", Known.NO: "No", Known.UNKNOWN: "Not known"}
_REJECTIONS: Mapping[str, str] = {
    "04": "the payer allows no more requests for now",
    "15": "something that the payer needs is missing",
    "33": "something that was sent cannot be read",
    "35": "the patient's plan does not answer this office",
    "41": "this office may not ask this payer",
    "42": "the payer's system cannot answer now",
    "43": "the provider's number is not known",
    "44": "the provider's name is not known",
    "45": "the provider's specialty is missing or wrong",
    "46": "the provider's phone number is wrong",
    "47": "the provider's state is wrong",
    "48": "the referring provider's number is wrong",
    "49": "the provider is not the patient's primary physician",
    "50": "the provider may not ask about this plan",
    "51": "the provider is not on the payer's file",
    "52": "the date of service lies outside the plan's record of the provider",
    "56": "a date is not right",
    "57": "the date of service is missing or wrong",
    "58": "the birth date is missing or wrong",
    "60": "the birth date comes after the date of service",
    "61": "the date of death comes before the date of service",
    "62": "the date of service is too far back or ahead for the payer",
    "63": "the date of service is in the future",
    "64": "the patient's number is missing or wrong",
    "65": "the patient's name is missing or wrong",
    "66": "the patient's sex is missing or wrong",
    "67": "the patient was not found",
    "68": "the patient's number stands twice on the payer's file",
    "71": "the birth date is another on the payer's file",
    "72": "the member number is missing or wrong",
    "73": "the subscriber's name is missing or wrong",
    "74": "the subscriber's sex is missing or wrong",
    "75": "the subscriber was not found",
    "76": "the member number stands twice on the payer's file",
    "77": "the subscriber was found, the patient was not",
    "78": "the subscriber is not in the group or plan that was named",
    "79": "the payer does not take part",
    "80": "no answer came from the payer",
    "97": "the provider's address is missing or wrong",
    "T4": "the payer's name or number is missing or wrong",
}
_FOLLOW_UPS: Mapping[str, str] = {
    "C": "Correct it and ask again.",
    "N": "Do not ask again.",
    "P": "Ask again as before.",
    "R": "It may be asked again.",
    "S": "The payer passed the request on.",
    "W": "Wait 30 days before asking again.",
    "X": "Wait 10 days before asking again.",
    "Y": "Do not ask again; an answer will follow.",
}
INFOS: Mapping[str, str] = {
    "1": "Active", "2": "Active, full risk", "3": "Active, services paid each", "4": "Active, primary care paid flat",
    "5": "Active, pending", "6": "Inactive", "7": "Inactive, pending update", "8": "Inactive, pending review",
    "A": "Coinsurance", "B": "Copay", "C": "Deductible", "CB": "Basis of coverage", "D": "Description",
    "E": "Excluded", "F": "Limit", "G": "Out-of-pocket most", "H": "No limit", "I": "Not covered",
    "J": "Cost containment", "K": "Reserve", "L": "Primary care provider", "M": "Waiting for preexisting conditions",
    "MC": "Managed care coordinator", "N": "Only at a named provider", "O": "Not medically necessary",
    "P": "Notice", "R": "Other payer", "S": "Earlier years", "T": "Card reported lost", "U": "Whom to ask",
    "V": "Cannot be processed", "W": "Other source", "X": "Facility", "Y": "Spend down",
}  # fmt: skip
TYPES: Mapping[str, str] = {
    "1": "Medical care", "2": "Surgery", "3": "Consultation", "4": "X-ray", "5": "Laboratory",
    "6": "Radiation therapy", "7": "Anesthesia", "8": "Assistant surgery", "9": "Other medical", "12": "Equipment",
    "13": "Surgery center", "30": "Health plan", "33": "Chiropractic", "35": "Dental", "42": "Home care",
    "45": "Hospice", "47": "Hospital", "48": "Hospital, inpatient", "50": "Hospital, outpatient",
    "51": "Hospital emergency", "52": "Hospital emergency", "53": "Hospital surgery", "62": "MRI or CT",
    "73": "Diagnostic medical", "80": "Immunization", "81": "Routine physical", "86": "Emergency",
    "88": "Pharmacy", "91": "Brand drugs", "92": "Generic drugs", "96": "Professional", "98": "Office visit",
    "A0": "Inpatient visit", "A3": "Home visit", "AD": "Occupational therapy", "AE": "Physical medicine",
    "AF": "Speech therapy", "AG": "Nursing facility", "AL": "Vision", "BG": "Cardiac rehabilitation",
    "BS": "Invasive procedure", "BY": "Office visit, sick", "BZ": "Office visit, well", "DG": "Dermatology",
    "DM": "Equipment", "GY": "Allergy", "MH": "Mental health", "PT": "Physical therapy", "UC": "Urgent care",
}  # fmt: skip
PERIODS: Mapping[str, str] = {
    "6": "an hour", "7": "a day", "21": "a few years", "22": "a service year", "23": "a calendar year",
    "24": "year to date", "25": "of the contract", "26": "an episode", "27": "a visit", "28": "outliers",
    "29": "remaining", "30": "exceeded", "31": "not exceeded", "32": "in a lifetime", "33": "remaining in a lifetime",
    "34": "a month", "35": "a week", "36": "an admission",
}  # fmt: skip
LEVELS: Mapping[str, str] = {
    "CHD": "children", "DEP": "dependents", "ECH": "employee and children", "EMP": "employee",
    "ESP": "employee and spouse", "FAM": "family", "IND": "person", "SPC": "spouse and children", "SPO": "spouse",
}  # fmt: skip
QUANTITIES: Mapping[str, str] = {
    "99": "used", "CA": "covered", "CE": "covered", "D3": "co-payment days", "DB": "deductible days", "DY": "days",
    "HS": "hours", "LA": "lifetime reserve", "LE": "lifetime reserve estimated", "M2": "most", "MN": "months",
    "P6": "services", "QA": "approved", "S7": "age, most", "S8": "age, least", "VS": "visits", "YY": "years",
}  # fmt: skip
KINDS: Mapping[str, str] = {
    "C1": "Commercial", "EP": "EPO", "GP": "Group", "HM": "HMO", "HN": "Medicare Advantage HMO", "IN": "Indemnity",
    "MA": "Medicare Part A", "MB": "Medicare Part B", "MC": "Medicaid", "MH": "Medigap A", "MI": "Medigap B",
    "OT": "Other", "PR": "PPO", "PS": "Point of service", "QM": "Qualified Medicare Beneficiary",
    "SP": "Supplemental", "WC": "Workers' compensation",
}  # fmt: skip


def rejection_words(one: Rejection) -> str:
    """Why a plan could not be asked, and what to do: `The subscriber was not found (75). Correct it and ask again.`"""
    what = _REJECTIONS.get(one.code, "the request was rejected")
    then = f" {_FOLLOW_UPS.get(one.follow_up, '')}".rstrip() if one.follow_up else ""
    return f"{what[0].upper()}{what[1:]} ({one.code}).{then}"


_WHY_REFUSED: Mapping[str, str] = {
    "ta1:001": "the numbers of its envelope differ",
    "ta1:006": "the clearinghouse does not know the practice's id",
    "ta1:008": "the id of the receiver is not right",
    "ta1:009": "the clearinghouse does not know the receiver",
    "ta1:018": "its number is not right",
    "ta1:020": "its mark of a test or of real work is not right",
    "ta1:022": "its envelope is not as it must be",
    "ta1:023": "it ended too soon",
    "ta1:025": "a file of this number came before",
    "group:1": "such requests are not taken",
    "group:2": "this version of requests is not taken",
    "group:4": "the numbers of its group differ",
    "group:5": "the number of requests in it is not right",
    "set:1": "such a request is not taken",
    "set:5": "something in the request is missing or wrong",
}
"""Why a request was refused before a plan saw it, by the codes of `intake/receipts.py`."""


def refused_words(code: str | None) -> str:
    """Say that a request was refused before the plan was asked, by whom and why, as far as it is known."""
    told = code or ""
    kind, _colon, number = told.partition(":")
    by = {"ta1": "The whole file was refused", "group": "The whole file was refused"}.get(
        kind, "The request was refused" if kind == "set" else "The clearinghouse refused the request"
    )
    why = _WHY_REFUSED.get(told) or (f"reason {number} of the acknowledgement" if number else "")
    return f"{by}: {why}. The plan was not asked." if why else f"{by}. The plan was not asked."


def types_words(types: tuple[str, ...]) -> str:
    """Service types in words: `Health plan, Office visit`."""
    return ", ".join(TYPES.get(one, f"service type {one}") for one in types)


def money(cents: int) -> str:
    """An amount: $1,234.50."""
    return f"${cents // 100:,}.{cents % 100:02}"
