"""Codes of remittances in words of ours: short, and only where we know them; else the code stands alone.

The texts of X12's lists are X12's and are not kept here.
"""

from app.remittances.facts.claims import Adjustment, Category

CATEGORY_WORDS = {
    Category.AUTHORIZATION: "Authorization",
    Category.ELIGIBILITY: "Eligibility",
    Category.MEDICAL_NECESSITY: "Medical necessity",
    Category.BENEFIT: "Benefit",
    Category.DOCUMENTATION: "Documentation",
    Category.BUNDLING: "Bundling",
    Category.TIMELY_FILING: "Timely filing",
    Category.CODING: "Coding",
    Category.OTHER: "Other",
}

STATUS_WORDS = {
    "1": "Paid as primary",
    "2": "Paid as secondary",
    "3": "Paid as tertiary",
    "4": "Denied",
    "19": "Paid as primary, passed on",
    "20": "Paid as secondary, passed on",
    "21": "Paid as tertiary, passed on",
    "22": "Reversal of an earlier payment",
    "23": "Not this payer's, passed on",
    "25": "Estimate only",
}

GROUP_WORDS = {
    "CO": "the practice bears it",
    "PR": "the patient owes it",
    "OA": "neither practice nor patient",
    "PI": "the payer's own reduction",
    "CR": "correction",
}

REASON_WORDS = {
    "1": "deductible",
    "2": "coinsurance",
    "3": "copay",
    "4": "modifier does not fit",
    "5": "place does not fit the code",
    "6": "age does not fit the code",
    "7": "sex does not fit the code",
    "8": "provider's specialty does not fit the code",
    "9": "diagnosis does not fit the age",
    "10": "diagnosis does not fit the sex",
    "11": "diagnosis does not fit the code",
    "12": "diagnosis does not fit the provider",
    "15": "authorization number missing, or not for this service",
    "16": "something is missing or wrong; see the remarks",
    "18": "sent twice",
    "22": "another payer comes first",
    "23": "what an earlier payer did",
    "24": "covered by a fixed monthly payment",
    "26": "before coverage began",
    "27": "after coverage ended",
    "29": "sent too late",
    "31": "not known as a member",
    "32": "not a covered dependent",
    "33": "no coverage for dependents",
    "39": "authorization was asked and denied",
    "45": "above the contracted price",
    "50": "not seen as medically necessary",
    "55": "seen as experimental",
    "59": "reduced beside another procedure",
    "96": "not covered",
    "97": "paid within another service",
    "109": "sent to the wrong payer",
    "119": "benefit used up",
    "141": "coverage does not hold for all days",
    "146": "diagnosis not valid on the day",
    "150": "this level of service is not supported",
    "151": "this frequency is not supported",
    "167": "diagnosis not covered",
    "177": "eligibility requirements not met",
    "181": "code not valid on the day",
    "182": "modifier not valid on the day",
    "197": "no authorization",
    "198": "more than was authorized",
    "200": "in a lapse of coverage",
    "204": "not part of the plan",
    "226": "documents asked of the practice did not come",
    "227": "information asked of the patient did not come",
    "231": "not together with another procedure",
    "234": "not paid separately",
    "236": "not together with another code of the day",
    "242": "outside the plan's network",
    "243": "not authorized by network or primary care",
    "251": "attachment does not complete the claim",
    "252": "an attachment is needed",
    "253": "sequestration",
    "284": "authorization is not for this service",
    "296": "authorization is not for this provider",
    "302": "authorization was over",
    "A1": "denied; see the remarks",
    "B4": "late filing penalty",
}

REMARK_WORDS = {
    "M62": "authorization code missing",
    "M127": "medical record missing",
    "M51": "procedure code missing or not valid",
    "M76": "diagnosis missing or not valid",
    "MA130": "claim cannot be processed as it is",
    "N54": "does not fit what was authorized",
    "N115": "by a local coverage policy",
    "N130": "see the plan's benefits",
    "N206": "documents do not fit the claim",
    "N286": "referring provider's number missing",
    "N382": "patient's identifier missing",
    "N386": "by a national coverage policy",
    "N706": "documents missing",
}


def money_words(cents: int | None) -> str:
    """Write cents as people read them: $1,250.00, -$42.58; nothing where there is none."""
    if cents is None:
        return ""
    sign = "-" if cents < 0 else ""
    return f"{sign}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def code_words(code: str, words: dict[str, str]) -> str:
    """A code with our words for it, or alone."""
    return f"{code}: {words[code]}" if code in words else code


def adjustment_words(one: Adjustment) -> str:
    """An adjustment in one phrase: CO-197: no authorization (the practice bears it)."""
    named = "-".join(part for part in (one.group, one.reason) if part) or "No code"
    meaning = f": {REASON_WORDS[one.reason]}" if one.reason in REASON_WORDS else ""
    borne = f" ({GROUP_WORDS[one.group]})" if one.group in GROUP_WORDS else ""
    return f"{named}{meaning}{borne}"


def status_words(status: str | None) -> str:
    """A claim's status in words, or its code."""
    if status is None:
        return "No status given"
    return STATUS_WORDS.get(status, f"Status {status}")
