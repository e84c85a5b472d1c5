"""Criteria as sentences that a coordinator understands: no key of the rule language is ever read by a person.

The words stand in `clinical/rules/names.py`. `wording.py` has the names by which the situations of rules call the same.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from app.clinical.rules.names import NAMES, RESPONSES, UNITS, spoken, with_article
from app.policies.facts.criteria import (
    Age,
    Bounds,
    Continuation,
    Count,
    HistoryWithin,
    Lab,
    Node,
    Prescriber,
    PriorUse,
    Quantity,
    Response,
    Score,
    Span,
)
from app.policies.rules.speaking_trials import say_trial
from app.policies.rules.wording import say_bounds, say_length
from app.values.wording import listed

_PAYERS = {"cigna": "Cigna", "medica": "Medica", "aetna": "Aetna"}


def say_criterion(node: Node) -> str:
    """A whole node as one sentence without its period: `At least 10% of the body surface is affected`."""
    said = _say(node)
    return said[:1].upper() + said[1:]


def say_policy(policy: str) -> str:
    """Another policy that decides."""
    words = re.sub(r"^\w+", lambda found: _PAYERS.get(found[0], found[0]), policy)
    return f"Another policy is met: {words}"


def _say(node: Node) -> str:
    if node.all is not None:
        return ", and ".join(_inside(part) for part in node.all)
    if node.any is not None:
        return _one_of("one of these", node.any)
    if node.of is not None:
        return _one_of(f"at least {node.at_least} of these", node.of)
    if node.not_ is not None:
        return _say_not(node.not_)
    (kind,) = node.model_fields_set
    return _LEAVES[kind](getattr(node, kind))


def _inside(node: Node) -> str:
    """A part of a longer sentence; one that is a list itself stands in brackets."""
    said = _say(node)
    several = any(part is not None for part in (node.any, node.of, node.all))
    return f"({said})" if several else said


def _one_of(lead: str, parts: tuple[Node, ...]) -> str:
    if len(parts) == 1:
        return _say(parts[0])
    if all(part.documented is not None for part in parts):
        return f"the chart shows {lead}: " + "; or ".join(part.documented or "" for part in parts)
    return f"{lead}: " + "; or ".join(_inside(part) for part in parts)


def _say_not(node: Node) -> str:
    kind = next(iter(node.model_fields_set))
    if kind in _NOT:
        return _NOT[kind](getattr(node, kind))
    return f"this does not hold: {_inside(node)}"


def _places(value: Any) -> str:
    return listed([spoken(site) for site in value.any_of], "or")


def _age(value: Age) -> str:
    return f"the patient is {_span(value)} old"


def _score(value: Score) -> str:
    unit = UNITS.get(value.name, "")
    return f"the {spoken(value.name)} is {say_bounds(value)}{unit}"


def _count(value: Count) -> str:
    return f"{say_bounds(value)} {spoken(value.name)}"


def _severity(value: str) -> str:
    words = value.replace("_", " ")
    return spoken(value) if spoken(value) != words else f"the disease is {words}"


def _not_severe(value: str) -> str:
    said = _severity(value)
    return said.replace("the disease is", "the disease is not") if said.startswith("the disease is") else f"no {said}"


def _diagnosis(value: Any) -> str:
    codes = [f"any code under {one.rstrip('*').rstrip('.')}" if one.endswith("*") else one for one in value.any_of]
    return f"a diagnosis of {listed(codes, 'or')}"


def _lasting(lead: str) -> Callable[[Span], str]:
    return lambda value: f"{lead} {_span(value)}"


def _span(value: Span | Age) -> str:
    numbers = [number for number in (value.gte, value.gt, value.lte, value.lt) if number is not None]
    return f"{say_bounds(value)} {value.unit}{'' if numbers == [1] else 's'}"


def _prior_use(value: PriorUse) -> str:
    within = f" within {_before(value.within)}" if value.within is not None else ""
    return f"the patient has used {listed([with_article(one) for one in value.of], 'or')}{within}"


def _before(length: Any) -> str:
    said = say_length(length)
    return f"the last {said[2:] if said.startswith('1 ') else said}"


def _continuation(value: Continuation) -> str:
    said = ["the patient is already on the drug"]
    if value.min_supply is not None:
        said.append(f"with a supply of at least {say_length(value.min_supply)}")
    if value.claims_lookback is not None:
        said.append(f"as claims of {_before(value.claims_lookback)} show")
    if value.samples_or_copay_program_count is not None and "samples" not in (value.note or ""):
        counts = "count too" if value.samples_or_copay_program_count else "do not count"
        said.append(f"samples and copay programs {counts}")
    return ", ".join(said) + (f" ({value.note})" if value.note else "")


def _lab(value: Lab) -> str:
    within = f", within {_before(value.within)}" if value.within is not None else ""
    return f"{spoken(value.name)}: {spoken(value.result)}{within}"


def _prescriber(value: Prescriber) -> str:
    counts = "a consultation counts too" if value.consultation_counts else "a consultation does not count"
    return f"prescribed by a specialist in {listed([spoken(one) for one in value.specialty_any_of], 'or')}; {counts}"


def _history(value: HistoryWithin) -> str:
    return f"{spoken(value.event)} within {_before(value.within)}"


def _quantity(value: Quantity) -> str:
    return f"a dose of at most {value.lte:f} {value.unit} in {value.per}"


def _response(value: Response) -> str:
    measures = [RESPONSES.get(one) or spoken(one) for one in value.measures]
    if len(measures) == 1:
        return f"the therapy works: {measures[0]}"
    number = "at least one" if value.at_least == 1 else f"at least {value.at_least}"
    return f"the therapy works, shown by {number} of these: {listed(measures, 'or')}"


def _body(value: Bounds) -> str:
    return f"{say_bounds(value, '%')} of the body surface is affected"


_LEAVES: Mapping[str, Callable[[Any], str]] = {
    "age": _age,
    "weight_kg": lambda value: f"the patient weighs {say_bounds(value)} kg",
    "bsa_percent": _body,
    "cumulative_dose_mg_per_kg": lambda value: f"the total dose so far is {say_bounds(value)} mg per kg of body weight",
    "score": _score,
    "count": _count,
    "severity": _severity,
    "body_site": lambda value: f"the disease affects the {_places(value)}",
    "diagnosis": _diagnosis,
    "disease_duration": _lasting("the disease has lasted"),
    "time_on_therapy": _lasting("the patient has been on the drug for"),
    "time_off_therapy": _lasting("the patient has been off the drug for"),
    "trial": say_trial,
    "prior_use": _prior_use,
    "continuation": _continuation,
    "contraindication_to": lambda value: f"a contraindication to {listed([with_article(one) for one in value], 'and')}",
    "not_combined_with": lambda value: f"not used together with {listed([with_article(one) for one in value], 'or')}",
    "lab": _lab,
    "prescriber": _prescriber,
    "documented": lambda value: f"the chart shows: {value}",
    "attested": lambda value: f"the prescriber attests: {value}",
    "evidence_not_accepted": lambda value: f"{listed([spoken(one) for one in value], 'or')} is not taken as evidence",
    "meets_policy": lambda value: say_policy(value)[:1].lower() + say_policy(value)[1:],
    "history_within": _history,
    "quantity": _quantity,
    "place_of_service": lambda value: f"the place of service is {listed(list(value.any_of), 'or')}",
    "response": _response,
}
_NOT: Mapping[str, Callable[[Any], str]] = {
    "body_site": lambda value: f"the disease does not affect the {_places(value)}",
    "diagnosis": lambda value: f"no diagnosis of {_diagnosis(value).removeprefix('a diagnosis of ')}",
    "severity": _not_severe,
    "history_within": lambda value: f"no {_history(value)}",
    "documented": lambda value: f"the chart shows that this is not so: {value}",
    "place_of_service": lambda value: f"the place of service is not {listed(list(value.any_of), 'or')}",
}
_SINGLE = {
    "age": "the patient's age",
    "diagnosis": "the diagnosis",
    "place": "the place of service",
    "place_of_service": "the place of service",
    "companions": "the other codes of the visit",
    "program": "the plan's program for the drug",
    "line": "the line of business",
    "channel": "whether the medical or the pharmacy benefit pays",
    "supply": "who supplies the drug",
    "provider": "the provider",
    "group": "the provider's group",
    "plan": "the plan",
    "state": "the state",
    "severity": "how severe the disease is",
    "body_site": "where on the body the disease is",
    "disease_duration": "how long the patient has had the disease",
    "time_on_therapy": "how long the patient has been on the drug",
    "time_off_therapy": "how long the patient has been off the drug",
    "continuation of therapy": "whether the patient is already on the drug",
    "prescriber_specialty": "the specialty of the prescriber",
}
_WHOLE = {key.replace("_", " "): key for key in NAMES if "_or_" in key or "_and_" in key}
_LISTS = (
    ("trial of ", "a trial of {}", "or"),
    ("prior use of ", "whether the patient has used {}", "or"),
    ("contraindication to ", "a contraindication to {}", "and"),
    ("complete medication list (not with ", "a complete medication list, without {}", "or"),
)


def say_lacking(name: str) -> str:
    """What would settle an answer, in words: of the name `trial of tcs or tci` that the contract's `unmet` has."""
    if name in _SINGLE:
        return _SINGLE[name]
    for lead, words, last in _LISTS:
        if name.startswith(lead):
            return words.format(listed([with_article(key) for key in _keys(name[len(lead) :].rstrip(")"), last)], last))
    for lead, said in _LEADS:
        if name.startswith(lead):
            return said(name.removeprefix(lead))
    return spoken(name)


def _keys(text: str, last: str) -> list[str]:
    """The keys of a list as `name_list` writes it; some keys hold an `or` themselves."""
    for words, key in _WHOLE.items():
        text = text.replace(words, key)
    return [key.replace(" ", "_") for key in text.replace(f" {last} ", ", ").split(", ")]


def _response_lacking(text: str) -> str:
    measures = [RESPONSES.get(key) or spoken(key) for key in _keys(text, "or")]
    return f"the response to therapy: {listed(measures, 'or')}"


def _policy_lacking(policy: str) -> str:
    return say_policy(policy).replace("Another policy is met", "another policy")


_LEADS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("lab ", spoken),
    ("response in ", _response_lacking),
    ("history:", lambda event: f"history: {spoken(event)}"),
    ("documented: ", lambda text: f"whether the chart shows: {text}"),
    ("attested: ", lambda text: f"whether the prescriber attests: {text}"),
    ("meets policy: ", _policy_lacking),
    ("meets ", _policy_lacking),
    ("severity: ", lambda key: f"whether there is {_severity(key)}"),
    ("evidence not accepted: ", lambda text: f"evidence other than {spoken(text)}"),
)
