"""Faults that no single key shows: names that lead nowhere, codes that do not exist, holes, contradictions."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.policies.facts.criteria import Node, Score
from app.policies.facts.drugs import DrugsFile
from app.policies.facts.faults import Fault
from app.policies.facts.grid import PayerRules, PolicySet, ServicesFile
from app.policies.facts.language import Rule, TopicFile
from app.policies.files.diagnoses import diagnosis_exists
from app.policies.files.families import family_faults
from app.policies.files.forms import form_faults
from app.policies.files.words import word_faults
from app.policies.files.yaml_text import Path
from app.policies.rules.contradictions import contradictions
from app.policies.rules.extras import day_before
from app.policies.rules.routine import never_offered
from app.policies.rules.values import number

Line = Callable[[str, Path], int]
"""The line of a path in a file."""


@dataclass(frozen=True)
class _Seen:
    """A rule where it stands."""

    file: str
    path: Path
    rule: Rule
    line: Line

    def fault(self, key: str, found: str, remedy: str, at: Path = ()) -> Fault:
        """A fault of this rule."""
        return Fault(self.file, self.line(self.file, (*self.path, *at)), key, f"rule {self.rule.id}: {found}", remedy)


def check_set(policies: PolicySet, line: Line) -> Iterator[Fault]:
    """Find every fault between the files of a set."""
    scores = policies.scores.scores if policies.scores else {}
    for payer, rules in policies.payers.items():
        yield from _payer(payer, rules, policies, line, scores)
    yield from _names(policies, line)
    yield from _lists(policies, line)
    yield from _routine(policies)
    yield from _clocks(policies, line)
    yield from family_faults(policies, line)
    yield from word_faults(policies, line)


def _payer(
    payer: str, rules: PayerRules, policies: PolicySet, line: Line, scores: Mapping[str, Any]
) -> Iterator[Fault]:
    if rules.file.payer.id != payer:
        found = f"the payer's id is '{rules.file.payer.id}', its folder '{payer}'"
        yield Fault(
            f"{payer}/payer.yaml", line(f"{payer}/payer.yaml", ("payer", "id")), "id", found, "Make them the same"
        )
    yield from form_faults(payer, rules, policies.services, line)
    seen: dict[str, _Seen] = {}
    for topic, file in rules.topics.items():
        name = f"{payer}/{topic}.yaml"
        if file.payer != payer:
            yield Fault(
                name, line(name, ("payer",)), "payer", f"'{file.payer}' in the folder '{payer}'", f"Write {payer}"
            )
        for place, rule in enumerate(file.rules):
            here = _Seen(name, ("rules", place), rule, line)
            if rule.id in seen:
                yield here.fault("id", f"stands already in {seen[rule.id].file}", "Give it another id", ("id",))
            seen[rule.id] = here
            yield from _rule(here, rules, file, policies.services, scores)
            yield from _drugs(here, policies.drugs)
    for here in seen.values():
        yield from _replacement(here, seen)
    for two in contradictions(rules):
        here = _Seen(f"{payer}/{two.topic}.yaml", ("rules", two.place), two.rule, line)
        other = f"{two.other_topic}#{two.other.id} says {two.other.approval}/{two.other.coverage}"
        found = f"says {two.rule.approval}/{two.rule.coverage} where {other}"
        yield here.fault("approval", found, "Write one rule whose criteria decide, or narrow one of them")


def _rule(
    here: _Seen, rules: PayerRules, file: TopicFile, services: ServicesFile | None, scores: Mapping[str, Any]
) -> Iterator[Fault]:
    rule = here.rule
    if rule.product not in rules.file.products:
        remedy = f"Name one of payer.yaml: {', '.join(rules.file.products)}"
        yield here.fault("product", f"there is no product '{rule.product}'", remedy, ("product",))
    if rule.source is not None and rule.source not in file.sources:
        yield here.fault(
            "source", f"there is no source '{rule.source}' in this file", "Add it under sources", ("source",)
        )
    if services is not None and rule.service not in services.services:
        remedy = "Add it to _grid/services.yaml, or correct it"
        yield here.fault("service", f"there is no service '{rule.service}'", remedy, ("service",))
    if not (
        rule.codes or rule.ranges or rule.closed_list or rule.approval == "rule" or rule.service.startswith("drug")
    ):
        yield here.fault(
            "codes", "names no code, range or drug, so it never answers", "Name them, or make it a closed list"
        )
    yield from _codes_and_criteria(here, scores)


def _drugs(here: _Seen, drugs: DrugsFile | None) -> Iterator[Fault]:
    """Drugs that narrow a class, and are not of it."""
    for place, name in enumerate(here.rule.drugs):
        drug = drugs.drugs.get(name) if drugs else None
        if drug is None or here.rule.service not in {f"drug_class:{known}" for known in drug.classes}:
            remedy = "Name drugs of the rule's drug_class, as _grid/drugs.yaml has them"
            yield here.fault("drugs", f"'{name}' is no drug of {here.rule.service}", remedy, ("drugs", place))


def _codes_and_criteria(here: _Seen, scores: Mapping[str, Any]) -> Iterator[Fault]:
    for key in ("diagnoses", "usual_diagnoses"):
        for place, code in enumerate(getattr(here.rule, key)):
            if not diagnosis_exists(code):
                yield here.fault(key, f"'{code}' is no ICD-10-CM code", "Correct it", (key, place))
    for key in ("criteria", "renewal_criteria"):
        tree = getattr(here.rule, key)
        for path, found, remedy in _tree(tree, scores) if tree is not None else ():
            yield here.fault(key, found, remedy, (key, *path))


def _tree(node: Node, scores: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[Path, str, str]]:
    for kind in ("all", "any", "of"):
        for place, part in enumerate(getattr(node, kind) or ()):
            yield from _tree(part, scores, (*path, kind, place))
    if node.not_ is not None:
        yield from _tree(node.not_, scores, (*path, "not"))
    if node.score is not None:
        yield from _score(node.score, scores, (*path, "score"))
    for place, code in enumerate(node.diagnosis.any_of if node.diagnosis else ()):
        if not diagnosis_exists(code):
            yield (*path, "diagnosis", "any_of", place), f"'{code}' is no ICD-10-CM code", "Correct it"


def _score(score: Score, scores: Mapping[str, Any], path: Path) -> Iterator[tuple[Path, str, str]]:
    for name in ("gte", "gt", "lte", "lt"):
        bound = getattr(score, name)
        grades = scores.get(score.name)
        if bound is not None and (bound not in grades if grades else number(bound) is None):
            remedy = (
                f"Write one of {', '.join(grades)}"
                if grades
                else "Write a number, or add the score to _grid/scores.yaml"
            )
            yield (*path, name), f"'{bound}' is no grade of {score.name}", remedy


def _replacement(here: _Seen, seen: Mapping[str, _Seen]) -> Iterator[Fault]:
    rule = here.rule
    if rule.replaced_by is None:
        return
    at: Path = ("replaced_by",)
    other = seen.get(rule.replaced_by)
    if other is None or other.rule is rule:
        yield here.fault("replaced_by", f"there is no other rule '{rule.replaced_by}' of this payer", "Name its id", at)
        return
    begins = other.rule.from_
    if not isinstance(begins, date):
        if not rule.inactive:
            remedy = "Give the replacement its day, or mark this rule 'inactive: yes'"
            yield here.fault("replaced_by", f"'{rule.replaced_by}' does not say from when it holds", remedy, at)
        return
    last = day_before(begins)
    if rule.until is not None and rule.until != last:
        word = "a hole" if rule.until < last else "an overlap"
        found = f"ends on {rule.until}, but {rule.replaced_by} begins on {begins}: {word} between them"
        yield here.fault("until", found, f"Write until: {last}, or leave it out", ("until",))


def _names(policies: PolicySet, line: Line) -> Iterator[Fault]:
    """Names of payers that stand for two of them: a practice's file would lead to either."""
    owners: dict[str, str] = {}
    for payer, rules in policies.payers.items():
        file = f"{payer}/payer.yaml"
        for key, name in _spoken(rules):
            folded = "".join(character for character in name.casefold() if character.isalnum())
            if owners.setdefault(folded, payer) != payer:
                found = f"the name '{name}' is that of {owners[folded]} too"
                yield Fault(file, line(file, ("payer", key)), key, found, "Keep it with one of them")


def _spoken(rules: PayerRules) -> Iterator[tuple[str, str]]:
    """Every name by which a file may call a payer, with the key that holds it."""
    payer = rules.file.payer
    yield from (("id", payer.id), ("name", payer.name))
    yield from (("aliases", name) for name in payer.aliases)
    yield from (("electronic_ids", name) for name in payer.electronic_ids)


def _lists(policies: PolicySet, line: Line) -> Iterator[Fault]:
    """Diagnoses of the grid that do not exist, and triggers that nothing defines."""
    if policies.grid is None:
        return
    for place, service in enumerate(policies.grid.services):
        codes = [(key, code) for key in ("medical", "weak") for code in getattr(service, key)]
        for key, code in codes:
            if not diagnosis_exists(code):
                yield _of_grid(line, place, key, f"{service.id}: '{code}' is no ICD-10-CM code", "Correct it")
        tree = service.medical_if_documented
        for trigger in sorted({*tree.all, *tree.any} - set(policies.grid.triggers)) if tree else ():
            found = f"{service.id}: there is no trigger '{trigger}'"
            yield _of_grid(line, place, "medical_if_documented", found, "Add it under triggers, or correct it")


def _clocks(policies: PolicySet, line: Line) -> Iterator[Fault]:
    """Clocks that stand twice."""
    seen: set[str] = set()
    for place, rule in enumerate(policies.clocks.rules if policies.clocks else ()):
        at = line("_grid/clocks.yaml", ("rules", place))
        if rule.id in seen:
            yield Fault("_grid/clocks.yaml", at, "id", f"'{rule.id}' stands there already", "Give it another id")
        seen.add(rule.id)


def _routine(policies: PolicySet) -> Iterator[Fault]:
    """Codes that are never to be offered as routine."""
    routine = policies.routine
    for group in routine.groups if routine else ():
        for code in group.codes:
            if routine is not None and never_offered(routine, code):
                found = f"{group.id}: {code} is never offered as routine"
                yield Fault("_grid/routine.yaml", 0, "groups", found, "Remove it")


def _of_grid(line: Line, place: int, key: str, found: str, remedy: str) -> Fault:
    file = "_grid/service_grid.yaml"
    return Fault(file, line(file, ("services", place, key)), key, found, remedy)
