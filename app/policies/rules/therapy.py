"""The leaves of criteria that ask about therapy: what was tried, what goes along, who prescribes, what the labs say."""

from collections.abc import Mapping
from typing import Any

from app.policies.facts.answers import Question, Truth
from app.policies.facts.criteria import Continuation, HistoryWithin, Lab, Prescriber, PriorUse, Response
from app.policies.rules.leaves import Builder, Leaf, Scores
from app.policies.rules.trials import judge_trial
from app.policies.rules.values import all_of, any_of, days_of, length_in_days, recent, truth_of, words, yes_no
from app.policies.rules.wording import say_list
from app.values.spans import Duration

NOT_TAKEN = "not_taken:"
"""Begins the names by which a criterion tells what a medication list must be without; nothing on file has them."""
_FRESH_LIST = Duration(90, "day")  # how long a complete list, of medications or events, speaks for the day of service


def _trial(value: Any, _kind: str, _scores: Scores) -> Leaf:
    reads = frozenset(f"fact:trial:{drug}" for drug in value.of)
    return Leaf(f"trial of {say_list(value.of)}", lambda question: judge_trial(value, question), reads)


def _prior_use(value: PriorUse, _kind: str, _scores: Scores) -> Leaf:
    def one(question: Question, drug: str) -> Truth:
        said = yes_no(question.facts.get(f"prior_use:{drug}"))
        if said is not Truth.MET or value.within is None:
            return said
        return recent(question, question.facts.get(f"prior_use:{drug}:on"), value.within)

    reads = frozenset(f"fact:prior_use:{drug}{end}" for drug in value.of for end in ("", ":on"))
    return Leaf(f"prior use of {say_list(value.of)}", lambda q: any_of([one(q, drug) for drug in value.of]), reads)


def _continuation(value: Continuation, kind: str, _scores: Scores) -> Leaf:
    """The patient is on the drug: shown in the time back from the day of service that the payer looks at, if any."""

    def ask(question: Question) -> Truth:
        said = yes_no(question.facts.get(kind))
        if said is not Truth.MET:
            return said
        back = value.claims_lookback
        if back is not None and recent(question, question.facts.get(f"{kind}:on"), back) is not Truth.MET:
            return Truth.UNKNOWN
        if value.min_supply is None:
            return said
        days, least = length_in_days(question.facts.get("continuation_supply")), days_of(value.min_supply)
        return Truth.UNKNOWN if days is None or least is None else truth_of(days >= least)

    dated = {f"fact:{kind}:on"} if value.claims_lookback is not None else set[str]()
    return Leaf("continuation of therapy", ask, frozenset({f"fact:{kind}", "fact:continuation_supply", *dated}))


def _contraindication(value: tuple[str, ...], _kind: str, _scores: Scores) -> Leaf:
    reads = frozenset(f"fact:contraindication:{drug}" for drug in value)

    def ask(question: Question) -> Truth:
        return all_of([yes_no(question.facts.get(f"contraindication:{drug}")) for drug in value])

    return Leaf(f"contraindication to {say_list(value, 'and')}", ask, reads)


def _not_combined(value: tuple[str, ...], _kind: str, _scores: Scores) -> Leaf:
    """Only a dated, complete medication list can say that a drug is not taken.

    A chart says of each drug or class by name that it is not among them (`medications_without`): a list of brands does
    not tell which class they are of.
    """

    def ask(question: Question) -> Truth:
        dated, listed = question.facts.get("medications_on"), question.facts.get("medications")
        if dated is None or listed is None:
            return Truth.UNKNOWN
        if recent(question, dated, _FRESH_LIST) is not Truth.MET:
            return Truth.UNKNOWN
        if words(listed) & frozenset(value):
            return Truth.NOT_MET
        without = question.facts.get("medications_without")
        return Truth.MET if without is None or frozenset(value) <= words(without) else Truth.UNKNOWN

    reads = frozenset({"fact:medications", "fact:medications_on", "fact:medications_without"})
    reads |= {f"fact:{NOT_TAKEN}{drug}" for drug in value}
    return Leaf(f"complete medication list (not with {say_list(value)})", ask, reads)


def _lab(value: Lab, _kind: str, _scores: Scores) -> Leaf:
    def ask(question: Question) -> Truth:
        result = question.facts.get(f"lab:{value.name}")
        if result is None:
            return Truth.UNKNOWN
        if result.strip().lower() != value.result:
            return Truth.NOT_MET
        dated = question.facts.get(f"lab:{value.name}:on")
        return Truth.MET if value.within is None else recent(question, dated, value.within)

    reads = frozenset({f"fact:lab:{value.name}", f"fact:lab:{value.name}:on"})
    return Leaf(f"lab {value.name}", ask, reads)


def _prescriber(value: Prescriber, _kind: str, _scores: Scores) -> Leaf:
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


def _history(value: HistoryWithin, _kind: str, _scores: Scores) -> Leaf:
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


def _response(value: Response, _kind: str, _scores: Scores) -> Leaf:
    def ask(question: Question) -> Truth:
        results = [yes_no(question.facts.get(f"response:{name}")) for name in value.measures]
        met = results.count(Truth.MET)
        if met >= value.at_least:
            return Truth.MET
        return Truth.NOT_MET if met + results.count(Truth.UNKNOWN) < value.at_least else Truth.UNKNOWN

    reads = frozenset(f"fact:response:{name}" for name in value.measures)
    return Leaf(f"response in {say_list(value.measures)}", ask, reads)


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
