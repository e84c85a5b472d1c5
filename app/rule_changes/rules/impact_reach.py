"""Whom can a change of rules touch? The search for them: never too narrow; what differs is found by judging."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from app.policies.facts.book import Book, CompiledRule
from app.policies.facts.grid import GridFile, PolicySet
from app.policies.rules.compiling import answering_rules, last_day
from app.policies.rules.library import drug_key, drug_of_code

_NONE: frozenset[str] = frozenset()
_Index = Mapping[tuple[str, str], tuple[CompiledRule, ...]]


@dataclass(frozen=True, slots=True)
class Reach:
    """What a change of rules touches.

    `payers` with all their services; `codes` and `drugs` (service keys) by payer; `every_code` and `every_drug` with
    any payer and with none. `names`: the names of drugs mean other drugs than before, so any named drug may be touched.
    """

    payers: frozenset[str]
    codes: Mapping[str, frozenset[str]]
    drugs: Mapping[str, frozenset[str]]
    every_code: frozenset[str]
    every_drug: frozenset[str]
    names: bool

    @property
    def all_payers(self) -> bool:
        """Say whether patients of any payer may be touched."""
        return bool(self.every_code or self.every_drug or self.names)

    @property
    def named_payers(self) -> frozenset[str]:
        """The payers of which something is touched."""
        return self.payers | self.codes.keys() | self.drugs.keys()

    @property
    def only_codes(self) -> frozenset[str] | None:
        """The codes that a patient's visits must name one of; None where a drug or any service may be touched."""
        if self.payers or self.drugs or self.every_drug or self.names:
            return None
        return self.every_code.union(*self.codes.values())

    def __bool__(self) -> bool:
        """Say whether anything is touched."""
        return bool(self.named_payers) or self.all_payers


def reach_of(before: PolicySet, after: PolicySet, old: Book, new: Book) -> Reach:
    """Find what the change from one set to another can touch.

    Takes     both sets, and both compiled.
    Returns   the payers whose closed list or line of business differs, whole; else the codes and drugs whose rules
              differ, with all codes of their services of the grid (a line's siblings are asked too); codes whose class
              or drug differs, whatever the payer. What is left out is judged alike under both sets.
    """
    changed = _changed_rules(before, after)
    whole = {
        payer
        for payer in {*old.payers, *new.payers}
        if _other(old.closed.get(payer, ()), new.closed.get(payer, ()), changed)
        or old.only_line(payer) != new.only_line(payer)
    }
    every = _graded_otherwise(before.grid, after.grid)
    moved = {code for code in {*old.drug_codes, *new.drug_codes} if drug_of_code(old, code) != drug_of_code(new, code)}
    renamed = old.drug_names != new.drug_names
    return Reach(
        payers=frozenset(whole),
        codes={payer: _kin(codes, old, new) for payer, codes in _differing(old.by_code, new.by_code, changed).items()},
        drugs=_differing(old.by_drug, new.by_drug, changed),
        every_code=_kin(every | moved, old, new),
        every_drug=frozenset(key for code in moved for key in _drugs_of(code, old, new)),
        names=renamed,
    )


def _other(was: Sequence[CompiledRule], now: Sequence[CompiledRule], changed: Set[str]) -> bool:
    """Say whether some rules are others than before, or one of them changed."""
    return {rule.ref for rule in was} != {rule.ref for rule in now} or any(rule.ref in changed for rule in now)


def _drugs_of(code: str, *books: Book) -> Iterator[str]:
    return (key for book in books if (key := drug_of_code(book, code)) is not None)


def _differing(old: _Index, new: _Index, changed: Set[str]) -> dict[str, frozenset[str]]:
    """By payer the names whose rules are others, or are among those that changed."""
    found: dict[str, set[str]] = {}
    for payer, name in {**old, **new}:
        if _other(old.get((payer, name), ()), new.get((payer, name), ()), changed):
            found.setdefault(payer, set()).add(name)
    return {payer: frozenset(names) for payer, names in found.items()}


def _kin(codes: Iterable[str], *books: Book) -> frozenset[str]:
    """Codes with all codes of the grid's services that name them: their lines ask for these too."""
    named = frozenset(codes)
    return named.union(*(book.grid.family.get(code, _NONE) for book in books for code in named))


def _changed_rules(before: PolicySet, after: PolicySet) -> frozenset[str]:
    """The rules, as they are cited, that say otherwise, or whose product, last day, scores or drugs do."""
    scored = (before.scores, before.drugs) != (after.scores, after.drugs)
    same = {key for key, rules in after.payers.items() if before.payers.get(key) == rules}
    old, new = _rules(before, same, scored), _rules(after, same, scored)
    return frozenset(ref for ref in {*old, *new} if old.get(ref) != new.get(ref))


def _rules(policies: PolicySet, same: Set[str], scored: bool) -> dict[str, Any]:
    """What each rule of the payers that differ compiles from; `scored`: of all payers, since the scores or drugs
    that criteria are read by differ."""
    found: dict[str, Any] = {}
    for payer, file, topic, rule in answering_rules(policies):
        weighed = scored and (rule.criteria is not None or rule.renewal_criteria is not None)
        if payer in same and not weighed:
            continue
        ends = last_day(rule, file.topics.values())
        lists = (policies.scores, policies.drugs) if weighed else None
        found[f"{payer}/{topic}#{rule.id}"] = (rule, file.file.products[rule.product], ends, lists)
    return found


def _graded_otherwise(before: GridFile | None, after: GridFile | None) -> frozenset[str]:
    """The codes whose services of the grid differ."""
    if before == after:
        return _NONE
    old, new = _graded(before), _graded(after)
    return frozenset(code for code in {*old, *new} if old.get(code) != new.get(code))


def _graded(grid: GridFile | None) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for service in grid.services if grid is not None else ():
        said = (service.class_, service.codes, service.medical, service.weak, service.medical_if_documented)
        for code in service.codes:
            found.setdefault(code, []).append(said)
    return found


class Touched:
    """Says of services whether a change touches them. Remembers what names of drugs mean in both books."""

    def __init__(self, reach: Reach, old: Book, new: Book) -> None:
        self.reach, self._old, self._new = reach, old, new
        self._keys: dict[str, tuple[str, str]] = {}
        self._kin: dict[str, frozenset[str]] = {}

    def any_of(self, payers: Iterable[str], codes: Iterable[str], drugs: Iterable[str]) -> bool:
        """Say whether one of some services is touched for one of some payers.

        Takes     the payers of a patient's coverages, or of a case; codes; drugs as files name them.
        """
        named, reach = set(payers), self.reach
        if not reach.payers.isdisjoint(named):
            return True
        asked, meant = set(codes), tuple(drugs)
        if not reach.every_code.isdisjoint(asked) or self.other_drug(asked, meant):
            return True
        return not named.isdisjoint(self.payers_of(asked, meant))

    def other_drug(self, codes: Set[str], drugs: Sequence[str]) -> bool:
        """Say whether some drug is another than before, or answered otherwise, whatever the payer."""
        return any(was != now or was in self.reach.every_drug for was, now in self._meant(codes, drugs))

    def payers_of(self, codes: Set[str], drugs: Sequence[str]) -> frozenset[str]:
        """The payers whose rules on one of some codes or drugs differ, and those that are touched whole."""
        reach = self.reach
        keys = {was for was, _now in self._meant(codes, drugs)}
        found = {payer for payer, named in reach.codes.items() if not named.isdisjoint(codes)}
        found |= {payer for payer, named in reach.drugs.items() if not named.isdisjoint(keys)}
        return reach.payers | found

    def kin(self, code: str) -> frozenset[str]:
        """Of a code and those of its services of the grid, by either book, what is touched whatever the payer."""
        kin = self._kin.get(code)
        if kin is None:
            kin = self._kin[code] = _kin((code,), self._old, self._new) & self.reach.every_code
        return kin

    def other_code(self, code: str) -> bool:
        """Say whether a code means another drug than before."""
        return drug_of_code(self._old, code) != drug_of_code(self._new, code)

    def _meant(self, codes: Set[str], drugs: Iterable[str]) -> Iterator[tuple[str, str]]:
        for drug in drugs:
            yield self._key(drug)
        for code in codes:
            was, now = drug_of_code(self._old, code), drug_of_code(self._new, code)
            if was is not None or now is not None:
                yield was or "", now or ""

    def _key(self, drug: str) -> tuple[str, str]:
        keys = self._keys.get(drug)
        if keys is None:
            keys = self._keys[drug] = drug_key(self._old, drug), drug_key(self._new, drug)
        return keys
