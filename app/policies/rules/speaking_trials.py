"""A trial of therapy as a sentence: `A topical corticosteroid of medium or higher potency tried for 28 days`."""

from app.clinical.rules.names import SEVERAL, spoken, with_article
from app.policies.facts.criteria import Trial
from app.policies.rules.wording import say_length
from app.values.wording import listed

_POTENCIES = {
    "low": "low or higher potency",
    "medium": "medium or higher potency",
    "high": "high or higher potency",
    "super_high": "super-high potency",
}
_ENOUGH = "tried without enough response"
_OUTCOMES = {
    "tried": "tried",
    "inadequate_response": _ENOUGH,
    "intolerance": "not tolerated",
    "contraindication": "contraindicated",
}
_BARRED = "not_a_candidate"
_STEROIDS = ("tcs", "tcs_generic", "vitamin_d_tcs_combo")


def say_trial(trial: Trial) -> str:
    """Say which trials a payer asks for, with all that it asks of them."""
    said = f"{_what(trial)} {_outcomes(trial)}"
    details = [
        f"within the last {_length(trial.within)}" if trial.within else "",
        f"shown by {'paid claims' if trial.evidence == 'claims' else 'the chart'}" if trial.evidence else "",
        _scope(trial),
        "products of one drug count each" if trial.each_product else "",
    ]
    return ", ".join([said, *(one for one in details if one)]) + (f" ({trial.note})" if trial.note else "")


def _what(trial: Trial) -> str:
    names = [_name(trial, key) for key in trial.of]
    if trial.count == 1:
        return listed(names, "or")
    if trial.count > len(trial.of):
        several = listed([SEVERAL.get(key) or f"drugs of this kind ({spoken(key)})" for key in trial.of], "or")
        return f"at least {trial.count} different {several}"
    which = "both of these" if trial.count == len(trial.of) == 2 else f"at least {trial.count} of these"
    return f"{which} ({listed(names)})"


def _name(trial: Trial, key: str) -> str:
    name = with_article(key)
    return f"{name} of {_POTENCIES[trial.potency_at_least]}" if trial.potency_at_least and key in _STEROIDS else name


def _outcomes(trial: Trial) -> str:
    """How the trial must have ended, and how long it must have lasted."""
    span = f" for at least {say_length(trial.min_duration)}" if trial.min_duration is not None else ""
    span += " in a row" if trial.consecutive_days else ""
    words = [_OUTCOMES[outcome].replace("tried", f"tried{span}", 1) for outcome in trial.accept if outcome in _OUTCOMES]
    return listed(words, "or") + (", or the patient is not a candidate for it" if _BARRED in trial.accept else "")


def _length(length: object) -> str:
    said = say_length(length)  # type: ignore[arg-type]
    return said[2:] if said.startswith("1 ") else said


def _scope(trial: Trial) -> str:
    if trial.contraindication_scope == "any":
        return "a contraindication to any one is enough"
    several = len(trial.of) > 1
    return (
        "a contraindication counts only if it is to all of them"
        if trial.contraindication_scope == "all" and several
        else ""
    )
