"""The leaf `trial`: drugs or classes tried, with outcome, length, potency, lookback and kind of evidence.

A trial on file is the fact `trial:<drug or class>`: an outcome and what is known of it, such as
`inadequate_response; duration=28 days; potency=medium; ended=2026-03-01; evidence=chart; consecutive=yes`.
`none` says that it was not tried. Without the fact it is unknown, for a chart seldom lists what was never given.
A drug that was barred, or that the patient was no candidate for, was not tried: it counts only where the payer says so.
Several trials of one drug stand side by side, parted by `|`: one that is enough is enough. Where more drugs of a class
are asked for than are named (two of `h1_antihistamine`), those of the class count that say which drug they were of
(`drug=loratadine`), each drug once.
"""

from app.policies.facts.answers import Question, Truth
from app.policies.facts.criteria import Trial
from app.policies.rules.values import all_of, any_of, days_of, length_in_days, recent, truth_of, yes_no

_POTENCY = ("low", "medium", "high", "super_high")
_TRIED = frozenset({"tried", "inadequate_response", "intolerance"})
_NOT_TRIED = frozenset({"none", "contraindication", "not_a_candidate"})


def judge_trial(trial: Trial, question: Question) -> Truth:
    """Say whether enough of the named trials are met."""
    outcomes = {drug: _read(question, drug) for drug in trial.of}
    barred = [drug for drug, told in outcomes.items() if any(_bars(trial, said) for said in told)]
    if "contraindication" in trial.accept and barred and _bars_all(trial, barred):
        return Truth.MET
    if trial.count > len(trial.of):
        return _several(trial, question, list(outcomes.values()))
    results = [_any(trial, question, told) for told in outcomes.values()]
    met = results.count(Truth.MET)
    if met >= trial.count:
        return Truth.MET
    return Truth.NOT_MET if met + results.count(Truth.UNKNOWN) < trial.count else Truth.UNKNOWN


def _several(trial: Trial, question: Question, told: list[list[dict[str, str]]]) -> Truth:
    """More drugs than are named: several of a class. Only a class of which none was tried says that it is not met."""
    enough = sum(
        _different({said.get("drug", "") for said in trials if _one(trial, question, said) is Truth.MET})
        for trials in told
    )
    if enough >= trial.count:
        return Truth.MET
    never = all(trials and all(said["outcome"] == "none" for said in trials) for trials in told)
    return Truth.NOT_MET if never else Truth.UNKNOWN


def _different(drugs: set[str]) -> int:
    """How many drugs these are at least: one that is not named may be any of the others."""
    return len(drugs - {""}) or len(drugs)


def _bars(trial: Trial, said: dict[str, str]) -> bool:
    """A contraindication; where it must be one to all, what bars one drug of a class does not bar the class."""
    return said["outcome"] == "contraindication" and not (trial.contraindication_scope == "all" and "drug" in said)


def _bars_all(trial: Trial, barred: list[str]) -> bool:
    """A contraindication to any, or to all, as the payer asks, makes further trials needless."""
    return trial.contraindication_scope == "any" or (
        trial.contraindication_scope == "all" and len(barred) == len(trial.of)
    )


def _read(question: Question, drug: str) -> list[dict[str, str]]:
    text = question.facts.get(f"trial:{drug}")
    return [] if text is None else [_said(one) for one in text.split("|")]


def _said(text: str) -> dict[str, str]:
    outcome, *rest = [part.strip().lower() for part in text.split(";")]
    said = {"outcome": outcome.replace(" ", "_")}
    for part in rest:
        name, _, value = part.partition("=")
        said[name.strip()] = value.strip()
    return said


def _any(trial: Trial, question: Question, told: list[dict[str, str]]) -> Truth:
    return any_of([_one(trial, question, said) for said in told]) if told else Truth.UNKNOWN


def _one(trial: Trial, question: Question, said: dict[str, str]) -> Truth:
    outcome = said["outcome"]
    if outcome not in trial.accept:
        if outcome not in _TRIED | _NOT_TRIED:
            return Truth.UNKNOWN
        if outcome in _NOT_TRIED or "tried" not in trial.accept:
            return Truth.NOT_MET
    if outcome == "contraindication":
        one_of_several = len(trial.of) > 1 or "drug" in said
        return Truth.UNKNOWN if trial.contraindication_scope == "all" and one_of_several else Truth.MET
    return all_of(_details(trial, question, said))


def _details(trial: Trial, question: Question, said: dict[str, str]) -> list[Truth]:
    found: list[Truth] = []
    if trial.min_duration is not None:
        days, least = length_in_days(said.get("duration")), days_of(trial.min_duration)
        found.append(Truth.UNKNOWN if days is None or least is None else truth_of(days >= least))
    if trial.consecutive_days:
        found.append(yes_no(said.get("consecutive")))
    if trial.potency_at_least is not None:
        potency = said.get("potency", "").replace(" ", "_")
        known = potency in _POTENCY
        least_rank = _POTENCY.index(trial.potency_at_least)
        found.append(truth_of(_POTENCY.index(potency) >= least_rank) if known else Truth.UNKNOWN)
    if trial.within is not None:
        found.append(recent(question, said.get("ended"), trial.within))
    if trial.evidence is not None:
        found.append(truth_of(said["evidence"] == trial.evidence) if said.get("evidence") else Truth.UNKNOWN)
    return found
