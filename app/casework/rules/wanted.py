"""Documents that a payer asks for, in words of ours: by their code, else in the payer's own words."""

from collections.abc import Mapping, Sequence
from datetime import date

from app.casework.facts.payer_answers import WantedPaper
from app.values.wording import short_day

_WORDS: Mapping[str, str] = {
    "11506-3": "progress note",
    "11526-1": "pathology report",
    "11502-2": "lab report",
    "34117-2": "history and physical note",
    "57133-1": "referral note",
    "11504-8": "operative note",
    "72170-4": "photographs",
    "11488-4": "consultation note",
    "102089-0": "the payer's own questionnaire",
    "M1": "medical record",
    "LA": "lab report",
    "P4": "pathology report",
    "XP": "photographs",
    "OB": "operative note",
    "B3": "the provider's order",
    "08": "plan of treatment",
    "09": "progress note",
    "04": "drugs that were given",
    "06": "first assessment",
}
"""LOINC codes of documents, and kinds of reports (X12 755), in words of ours."""
ANOTHER = "a document that the payer names only by a code"


def wanted_words(one: WantedPaper) -> str:
    """Say what is asked for: our word for the code, else the payer's own words."""
    return _WORDS.get(one.code or "") or one.words or ANOTHER


def all_wanted(wanted: Sequence[WantedPaper]) -> str:
    """Name everything that is asked for, each once."""
    return "; ".join(dict.fromkeys(wanted_words(one) for one in wanted))


def due_of(wanted: Sequence[WantedPaper]) -> date | None:
    """The first day by which something is due; None where none is named."""
    return min((one.due for one in wanted if one.due is not None), default=None)


def wanted_sentence(wanted: Sequence[WantedPaper]) -> str:
    """Tell what is asked for and by when."""
    due = due_of(wanted)
    return f"The payer asks for: {all_wanted(wanted)}." + (f" Due by {short_day(due)}." if due else "")
