"""The leaf `trial`: drugs or classes tried, with outcome, length, potency, lookback and kind of evidence.

A trial on file is the fact `trial:<drug or class>`: an outcome and what is known of it, such as
`inadequate_response; duration=28 days; potency=medium; ended=2026-03-01; evidence=chart; consecutive=yes`.
`none` says that it was not tried. Without the fact it is unknown, for a chart seldom lists what was never given.
A drug that was barred, or that the patient was no candidate for, was not tried: it counts only where the payer says so.
Several trials of one drug stand side by side, parted by `|`: one that is enough is enough.
Where several trials are asked for, each counts by the drug of which it was (`drug=loratadine`), and each drug once: by
whatever name it is told, and under whatever class. A trial that does not say its drug may have been of any drug of its
class. A potency is asked of topical corticosteroids alone: no other drug has one.
"""

from collections.abc import Sequence
from typing import NamedTuple

from app.policies.facts.answers import Question, Truth
from app.policies.facts.criteria import Trial
from app.policies.rules.pharmacy import Parts, Pharmacy
from app.policies.rules.values import all_of, any_of, days_of, length_in_days, recent, truth_of, yes_no

_POTENCY = ("low", "medium", "high", "super_high")
_TRIED = frozenset({"tried", "inadequate_response", "intolerance"})
_NOT_TRIED = frozenset({"none", "contraindication", "not_a_candidate"})
_MOST_TOLD = 40
"""Trials of one criterion that are held against one another; a chart with more is for a person to read."""


class _Told(NamedTuple):
    """A trial that is enough: for which drug or class it counts, and its ingredients where they are known."""

    entry: str
    parts: Parts | None


def judge_trial(trial: Trial, question: Question, pharmacy: Pharmacy) -> Truth:
    """Say whether enough of the named trials are met."""
    told = {entry: read_trials(question, entry, pharmacy) for entry in trial.of}
    barred = [entry for entry, trials in told.items() if any(_bars(trial, entry, said, pharmacy) for said in trials)]
    if "contraindication" in trial.accept and barred and _bars_all(trial, barred):
        return Truth.MET
    results = {
        entry: [(said, _one(trial, question, entry, said, pharmacy)) for said in trials]
        for entry, trials in told.items()
    }
    if _enough(trial, results, pharmacy):
        return Truth.MET
    if trial.count > len(trial.of):
        never = all(trials and all(said["outcome"] == "none" for said in trials) for trials in told.values())
        return Truth.NOT_MET if never else Truth.UNKNOWN
    possible = [any_of([truth for _said_, truth in one]) if one else Truth.UNKNOWN for one in results.values()]
    return Truth.NOT_MET if len(possible) - possible.count(Truth.NOT_MET) < trial.count else Truth.UNKNOWN


def read_trials(question: Question, entry: str, pharmacy: Pharmacy) -> list[dict[str, str]]:
    """What is on file of trials of a drug by any of its names, or of a class; nothing where its names disagree."""
    texts = (question.facts.get(f"trial:{name}") for name in (entry, *pharmacy.also_called(entry)))
    told = [[_said(one) for one in text.split("|")] for text in texts if text is not None]
    never = [all(said["outcome"] == "none" for said in trials) for trials in told]
    if any(never) and not all(never):
        return []  # never tried by one name, and tried by another: which of them came last is not known here
    return [said for trials in told for said in trials]


def _enough(trial: Trial, results: dict[str, list[tuple[dict[str, str], Truth]]], pharmacy: Pharmacy) -> bool:
    """Say whether as many trials are met as are asked for, of drugs that are surely different ones."""
    counted = pharmacy.product_of if trial.each_product else pharmacy.parts_of
    met = dict.fromkeys(
        _Told(entry, counted(said.get("drug", entry)))
        for entry, one in results.items()
        for said, truth in one
        if truth is Truth.MET
    )
    if trial.count == 1:
        return bool(met)
    once_each = trial.count <= len(trial.of)
    return _apart(list(met)[:_MOST_TOLD], trial.count, once_each, pharmacy)


def _apart(found: Sequence[_Told], count: int, once_each: bool, pharmacy: Pharmacy) -> bool:
    """Say whether `count` of the trials are of different drugs, each from each; `once_each`: one of each class."""
    if count == 0:
        return True
    for at, one in enumerate(found):
        others = [other for other in found[at + 1 :] if _different(one, other, once_each, pharmacy)]
        if len(others) >= count - 1 and _apart(others, count - 1, once_each, pharmacy):
            return True
    return False


def _different(one: _Told, other: _Told, once_each: bool, pharmacy: Pharmacy) -> bool:
    """Say whether two trials were surely of different drugs."""
    if one.entry == other.entry and (once_each or one.parts is None or other.parts is None):
        return False
    if one.parts is not None and other.parts is not None:
        return one.parts.isdisjoint(other.parts)
    return pharmacy.apart(one.entry, other.entry)


def _bars(trial: Trial, entry: str, said: dict[str, str], pharmacy: Pharmacy) -> bool:
    """A contraindication; where it must be one to all, what bars one drug of a class does not bar the class."""
    if said["outcome"] != "contraindication" or "drug" not in said:
        return said["outcome"] == "contraindication"
    return trial.contraindication_scope != "all" and not pharmacy.denies(entry, said["drug"])


def _bars_all(trial: Trial, barred: list[str]) -> bool:
    """A contraindication to any, or to all, as the payer asks, makes further trials needless."""
    return trial.contraindication_scope == "any" or (
        trial.contraindication_scope == "all" and len(barred) == len(trial.of)
    )


def _said(text: str) -> dict[str, str]:
    outcome, *rest = [part.strip().lower() for part in text.split(";")]
    said = {"outcome": outcome.replace(" ", "_")}
    for part in rest:
        name, _, value = part.partition("=")
        said[name.strip()] = value.strip()
    return said


def _one(trial: Trial, question: Question, entry: str, said: dict[str, str], pharmacy: Pharmacy) -> Truth:
    outcome = said["outcome"]
    if outcome not in trial.accept:
        if outcome not in _TRIED | _NOT_TRIED:
            return Truth.UNKNOWN
        if outcome in _NOT_TRIED or "tried" not in trial.accept:
            return Truth.NOT_MET
    if "drug" in said and _is_another(question, entry, said["drug"], pharmacy):
        return Truth.UNKNOWN
    if outcome == "contraindication":
        one_of_several = len(trial.of) > 1 or "drug" in said
        return Truth.UNKNOWN if trial.contraindication_scope == "all" and one_of_several else Truth.MET
    return all_of(_details(trial, question, said, pharmacy.may_be_steroid(entry, said.get("drug"))))


def _is_another(question: Question, entry: str, drug: str, pharmacy: Pharmacy) -> bool:
    """Say whether the drug told of a class is known to be of another one, or is the very drug that is asked for.

    Who asks for a drug by its class (`isotretinoin_preferred`) may have tried products of the same ingredient.
    """
    if pharmacy.denies(entry, drug):
        return True
    asked = pharmacy.parts_of((question.drug or "").removeprefix("drug:"))
    return asked is not None and asked == pharmacy.parts_of(drug) and pharmacy.may_mean_others(entry, asked)


def _details(trial: Trial, question: Question, said: dict[str, str], steroid: bool) -> list[Truth]:
    found: list[Truth] = []
    if trial.min_duration is not None:
        days, least = length_in_days(said.get("duration")), days_of(trial.min_duration)
        found.append(Truth.UNKNOWN if days is None or least is None else truth_of(days >= least))
    if trial.consecutive_days:
        found.append(yes_no(said.get("consecutive")))
    if trial.potency_at_least is not None and steroid:
        potency = said.get("potency", "").replace(" ", "_")
        known = potency in _POTENCY
        least_rank = _POTENCY.index(trial.potency_at_least)
        found.append(truth_of(_POTENCY.index(potency) >= least_rank) if known else Truth.UNKNOWN)
    if trial.within is not None:
        found.append(recent(question, said.get("ended"), trial.within))
    if trial.evidence is not None:
        found.append(truth_of(said["evidence"] == trial.evidence) if said.get("evidence") else Truth.UNKNOWN)
    return found
