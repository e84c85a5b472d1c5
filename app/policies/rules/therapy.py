"""The leaves of criteria that ask about therapy: what was tried, what goes along, who prescribes, what the labs say."""

from collections.abc import Mapping
from typing import Any

from app.policies.facts.answers import Question, Truth
from app.policies.facts.criteria import Continuation, HistoryWithin, Lab, Prescriber, PriorUse, Response
from app.policies.rules.leaves import Builder, Leaf, Lists
from app.policies.rules.pharmacy import NO_PHARMACY, Pharmacy
from app.policies.rules.trials import judge_trial
from app.policies.rules.values import all_of, any_of, days_of, length_in_days, recent, truth_of, words, yes_no
from app.policies.rules.values import day as read_day
from app.policies.rules.wording import name_list
from app.values.spans import Duration

NOT_TAKEN = "not_taken:"
"""Begins the names by which a criterion tells what a medication list must be without; nothing on file has them."""
ALSO = "also:"
"""Begins the names of facts that count for a leaf under another name of the same drug; none of them is asked for."""
_STILL = Duration(
    1, "year"
)  # how long a therapy that was shown to go on is believed to go on, unless a payer says less
_NOTHING = ("none", "no medication", "nothing")
_FRESH_LIST = Duration(90, "day")  # how long a complete list, of medications or events, speaks for the day of service


def _reads(stem: str, names: tuple[str, ...], pharmacy: Pharmacy, *ends: str) -> frozenset[str]:
    """What a leaf reads of drugs: facts by the names of the rule, and by the other names of the same drugs."""
    own = {f"fact:{stem}:{drug}{end}" for drug in names for end in ("", *ends)}
    other = {
        f"{ALSO}{stem}:{also}{end}" for drug in names for also in pharmacy.also_called(drug) for end in ("", *ends)
    }
    return frozenset(own | other)


def _trial(value: Any, _kind: str, lists: Lists) -> Leaf:
    pharmacy = lists.pharmacy
    reads = _reads("trial", value.of, pharmacy)
    return Leaf(f"trial of {name_list(value.of)}", lambda question: judge_trial(value, question, pharmacy), reads)


def _said_of(question: Question, stem: str, drug: str, pharmacy: Pharmacy) -> Truth:
    """Whether yes or no was said of a drug, by any of its names; unknown where they disagree."""
    told = {yes_no(question.facts.get(f"{stem}:{name}")) for name in (drug, *pharmacy.also_called(drug))}
    known = told - {Truth.UNKNOWN}
    return next(iter(known)) if len(known) == 1 else Truth.UNKNOWN


def _prior_use(value: PriorUse, _kind: str, lists: Lists) -> Leaf:
    pharmacy = lists.pharmacy

    def one(question: Question, drug: str) -> Truth:
        said = _said_of(question, "prior_use", drug, pharmacy)
        if said is not Truth.MET or value.within is None:
            return said
        days = [question.facts.get(f"prior_use:{name}:on") for name in (drug, *pharmacy.also_called(drug))]
        return any_of([recent(question, when, value.within) for when in days if when is not None] or [Truth.UNKNOWN])

    reads = _reads("prior_use", value.of, pharmacy, ":on")
    return Leaf(f"prior use of {name_list(value.of)}", lambda q: any_of([one(q, drug) for drug in value.of]), reads)


def _continuation(value: Continuation, kind: str, _lists: Lists) -> Leaf:
    """The patient is on the drug: shown in the time back from the day of service that the payer looks at, if any."""

    def ask(question: Question) -> Truth:
        said = yes_no(question.facts.get(kind))
        if said is not Truth.MET:
            return said
        shown_on = question.facts.get(f"{kind}:on")
        if value.claims_lookback is not None and recent(question, shown_on, value.claims_lookback) is not Truth.MET:
            return Truth.UNKNOWN
        if shown_on is not None and recent(question, shown_on, _STILL) is not Truth.MET:
            return Truth.UNKNOWN
        if value.min_supply is None:
            return said
        days, least = length_in_days(question.facts.get("continuation_supply")), days_of(value.min_supply)
        return Truth.UNKNOWN if days is None or least is None else truth_of(days >= least)

    reads = frozenset({f"fact:{kind}", f"fact:{kind}:on", "fact:continuation_supply"})
    return Leaf("continuation of therapy", ask, reads)


def _contraindication(value: tuple[str, ...], _kind: str, lists: Lists) -> Leaf:
    pharmacy = lists.pharmacy

    def ask(question: Question) -> Truth:
        return all_of([_said_of(question, "contraindication", drug, pharmacy) for drug in value])

    reads = _reads("contraindication", value, pharmacy)
    return Leaf(f"contraindication to {name_list(value, 'and')}", ask, reads)


def _not_combined(value: tuple[str, ...], _kind: str, lists: Lists) -> Leaf:
    """Only a dated, complete medication list can say that a drug is not taken.

    A chart says of each drug or class by name that it is not among them (`medications_without`): a list of brands does
    not tell which class they are of. Nor is that believed where the list names a drug that is known to be of the class.
    """
    pharmacy = lists.pharmacy

    def ask(question: Question) -> Truth:
        dated, listed = question.facts.get("medications_on"), question.facts.get("medications")
        if dated is None or listed is None:
            return Truth.UNKNOWN
        if recent(question, dated, _FRESH_LIST) is not Truth.MET:
            return Truth.UNKNOWN
        if words(listed) & names:
            return Truth.NOT_MET
        without = question.facts.get("medications_without")
        if without is not None and not frozenset(value) <= words(without):
            return Truth.UNKNOWN
        return Truth.UNKNOWN if _may_be_among(listed, value, question, without is None, pharmacy) else Truth.MET

    names = frozenset(one for drug in value for one in (drug, *pharmacy.also_called(drug)))
    reads = frozenset({"fact:medications", "fact:medications_on", "fact:medications_without"})
    reads |= {f"fact:{NOT_TAKEN}{drug}" for drug in value}
    return Leaf(f"complete medication list (not with {name_list(value)})", ask, reads)


def _may_be_among(
    listed: str, value: tuple[str, ...], question: Question, by_list_alone: bool, pharmacy: Pharmacy
) -> bool:
    """Say whether a list of medications names one that is barred, or, where it alone must tell, one not known."""
    asked = pharmacy.parts_of((question.drug or "").removeprefix("drug:"))
    for line in listed.replace("\n", ";").split(";"):
        found = pharmacy.found_in(line)
        if any(pharmacy.of_class(key, name) and pharmacy.parts[key] != asked for key in found for name in value):
            return True
        plain = line.strip().lower()
        if by_list_alone and pharmacy is not NO_PHARMACY and not found and plain and not plain.startswith(_NOTHING):
            return True
    return False


def _lab(value: Lab, _kind: str, _lists: Lists) -> Leaf:
    def ask(question: Question) -> Truth:
        result = question.facts.get(f"lab:{value.name}")
        if result is None:
            return Truth.UNKNOWN
        if result.strip().lower() != value.result:
            return Truth.NOT_MET
        dated = question.facts.get(f"lab:{value.name}:on")
        if value.within is not None:
            return recent(question, dated, value.within)
        taken = read_day(dated)
        return Truth.UNKNOWN if taken is not None and taken > question.day else Truth.MET

    reads = frozenset({f"fact:lab:{value.name}", f"fact:lab:{value.name}:on"})
    return Leaf(f"lab {value.name}", ask, reads)


def _prescriber(value: Prescriber, _kind: str, _lists: Lists) -> Leaf:
    accepted = frozenset(value.specialty_any_of)

    def ask(question: Question) -> Truth:
        own, consulted = question.facts.get("prescriber_specialty"), question.facts.get("consulted_specialty")
        if own is not None and words(own) & accepted:
            return Truth.MET
        if value.consultation_counts and (consulted is None or words(consulted) & accepted):
            return Truth.UNKNOWN if consulted is None else Truth.MET
        return Truth.UNKNOWN if own is None else Truth.NOT_MET

    reads = frozenset({"fact:prescriber_specialty", "fact:consulted_specialty"})
    return Leaf("prescriber_specialty", ask, reads)


def _history(value: HistoryWithin, _kind: str, _lists: Lists) -> Leaf:
    name = f"history:{value.event}"

    def ask(question: Question) -> Truth:
        text = question.facts.get(name)
        if text != "none":
            return recent(question, text, value.within)
        said_on = question.facts.get(f"{name}:on")
        fresh = said_on is None or all(
            recent(question, said_on, length) is Truth.MET for length in (_FRESH_LIST, value.within)
        )
        return Truth.NOT_MET if fresh else Truth.UNKNOWN

    return Leaf(name, ask, frozenset({f"fact:{name}", f"fact:{name}:on"}))


def _response(value: Response, _kind: str, _lists: Lists) -> Leaf:
    def ask(question: Question) -> Truth:
        results = [yes_no(question.facts.get(f"response:{name}")) for name in value.measures]
        met = results.count(Truth.MET)
        if met >= value.at_least:
            return Truth.MET
        return Truth.NOT_MET if met + results.count(Truth.UNKNOWN) < value.at_least else Truth.UNKNOWN

    reads = frozenset(f"fact:response:{name}" for name in value.measures)
    return Leaf(f"response in {name_list(value.measures)}", ask, reads)


THERAPY: Mapping[str, Builder] = {
    "trial": _trial,
    "prior_use": _prior_use,
    "continuation": _continuation,
    "contraindication_to": _contraindication,
    "not_combined_with": _not_combined,
    "lab": _lab,
    "prescriber": _prescriber,
    "history_within": _history,
    "response": _response,
}
