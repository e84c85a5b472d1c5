"""A clinical fact in words. One place, so that the chart, a criterion, a packet and a letter read alike."""

from datetime import date

from app.clinical.facts import ClinicalFact, FactKind
from app.clinical.rules.names import RESPONSES, spoken
from app.values.wording import short_day

_OUTCOMES = {
    "inadequate_response": "did not work well enough",
    "intolerance": "not tolerated",
    "contraindication": "contraindicated",
    "not_a_candidate": "not a candidate for it",
    "tried": "tried",
    "none": "never tried",
}
_DETAILS = (
    ("dose", "dose {}"),
    ("potency", "potency {}"),
    ("duration", "for {}"),
    ("began", "from {}"),
    ("ended", "ended {}"),
    ("reason", "stopped because: {}"),
)
_LEADS = {
    FactKind.CONTRAINDICATION: "contraindication to {}",
    FactKind.RESPONSE: "response to therapy, {}",
    FactKind.PRIOR_USE: "used {} before",
    FactKind.LAB: "lab {}",
}


def say_name(name: str) -> str:
    """A name as words: `tcs` is `topical corticosteroid`, `other_causes` is `other causes`. Forms read it back."""
    return spoken(name)


def say_named(kind: FactKind, name: str) -> str:
    """The name of a fact as words, by its kind: of a response it says what is better, of a finding what the chart says.

    A finding's name is the text of the payer, in which a word that is a key elsewhere stands for itself.
    """
    if kind is FactKind.RESPONSE:
        return RESPONSES.get(name) or spoken(name)
    return name.replace("_", " ") if kind is FactKind.FINDING else spoken(name)


def _plain(text: str) -> str:
    return text.replace("_", " ")


def say_day(text: str | None) -> str:
    """An ISO date of a value as pages write it."""
    return short_day(date.fromisoformat(text)) if text else "an unknown day"


def say_fact(fact: ClinicalFact) -> str:
    """Say what a fact tells, in one line without its day and source: `bsa percent: 12`."""
    name, values = say_named(fact.kind, fact.name), fact.values
    if fact.kind is FactKind.DIAGNOSIS:
        onset = values.get("onset")
        return f"diagnosis {fact.name}" + (f", since {say_day(onset)}" if onset else "")
    if fact.kind is FactKind.TRIAL:
        return _say_trial(fact)
    if fact.kind is FactKind.HISTORY:
        return f"{name}: none" if "none" in values else f"{name}: on {say_day(values.get('on'))}"
    if fact.kind is FactKind.MEDICATIONS:
        return f"takes: {values.get('list') or 'no medication'}"
    lead = _LEADS.get(fact.kind, "{}").format(name)
    return f"{lead}: {say_name(values.get('value') or values.get('result') or 'not said')}"


def _say_trial(fact: ClinicalFact) -> str:
    values = fact.values
    klass = values.get("class")
    what = f"{say_name(fact.name)} ({say_name(klass)})" if klass and klass != fact.name else say_name(fact.name)
    outcome = values.get("outcome", "")
    said = [f"{what}: {_OUTCOMES.get(outcome, _plain(outcome) or 'outcome not said')}"]
    said += [words.format(_detail(name, values[name])) for name, words in _DETAILS if values.get(name)]
    return ", ".join(said)


def _detail(name: str, text: str) -> str:
    return say_day(text) if name in ("began", "ended") else _plain(text)
