"""Which drug is meant by a name: brand, generic, biosimilar, salt and form of one ingredient are one drug.

Made from `drugs.yaml`. It only ever makes answers stricter: what it does not know is never one drug more, and a drug
that it knows to be of another class does not count for the class of which somebody told it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from app.policies.facts.drugs import Drug, DrugsFile, Therapy

Parts = frozenset[str]
_WORD = re.compile(r"[a-z0-9%.+'-]+")
_STRENGTH = re.compile(r"[0-9.]+(%|mg|mcg|g|gm|ml|iu|units?)?|mg|mcg|g|gm|ml|iu|units?|percent|%")
_FORMS = frozenset(
    [
        "cream",
        "ointment",
        "gel",
        "foam",
        "solution",
        "lotion",
        "shampoo",
        "spray",
        "tablet",
        "tablets",
        "capsule",
        "capsules",
        "injection",
        "injections",
        "pen",
        "syringe",
        "pump",
        "oil",
        "cloth",
        "wipe",
        "wipes",
        "kit",
        "topical",
        "oral",
        "sq",
        "sc",
        "po",
        "im",
        "iv",
        "er",
        "xr",
        "dr",
        "generic",
        "brand",
        "acetate",
        "adipate",
        "anhydrous",
        "butyrate",
        "citrate",
        "dihydrochloride",
        "diflorasone_diacetate",
        "diproprionate",
        "dipropionate",
        "disodium",
        "fumarate",
        "furoate",
        "hcl",
        "hyclate",
        "hydrochloride",
        "maleate",
        "mesylate",
        "monohydrate",
        "phosphate",
        "pivalate",
        "probutate",
        "propionate",
        "sodium",
        "succinate",
        "sulfate",
        "tartrate",
        "tromethamine",
        "valerate",
        "weekly",
        "daily",
        "bid",
        "tid",
        "qd",
        "qhs",
        "nightly",
        "twice",
        "once",
        "a",
        "day",
    ]
)
"""Salts, forms and the times of day: they part no drug from itself."""
_SUFFIX = re.compile(r"(?<=[a-z]{4})-[a-z]{4}$")  # of a biologic's own name: adalimumab-atto
_LONGEST = 4  # words of the longest name


@dataclass(frozen=True)
class Pharmacy:
    """Drugs by their names, and the classes of which criteria speak.

    `named`: plain names to keys; `parts`: ingredients by key; `spoken`: of each key all of its names, as keys of facts;
    `members`: classes to the keys of their drugs; `steroids`: classes of topical corticosteroids.
    """

    named: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, Parts] = field(default_factory=dict)
    spoken: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)
    steroids: frozenset[str] = frozenset()

    def key_of(self, name: str) -> str | None:
        """The drug that a name means, alone or with its salt, form and strength; None: not known, or a class."""
        said = _words(name)
        for one in (said, [word for word in said if not _STRENGTH.fullmatch(word)]):
            for left in (one, [word for word in one if word not in _FORMS]):
                found = self.named.get(" ".join(left)) or self.named.get(_SUFFIX.sub("", " ".join(left)))
                if found is not None:
                    return found
        return None

    def parts_of(self, name: str) -> Parts | None:
        """The ingredients that a name means; None: not known, or a class."""
        key = self.key_of(name)
        return self.parts[key] if key is not None else None

    def product_of(self, name: str) -> Parts | None:
        """The one product that a brand means, where products of one ingredient count each; None: it may be any."""
        key = self.key_of(name)
        return None if key is None or key == " ".join(_words(name)) else frozenset({" ".join(_words(name))})

    def also_called(self, name: str) -> tuple[str, ...]:
        """The other names under which facts may tell of the same drug; none of a class."""
        key = self.key_of(name)
        return tuple(one for one in self.spoken.get(key or "", ()) if one != name)

    def found_in(self, text: str) -> frozenset[str]:
        """The keys of all drugs whose names stand in a line."""
        said = _words(text)
        runs = (said[at : at + length] for at in range(len(said)) for length in range(1, _LONGEST + 1))
        named = (" ".join(run) for run in runs)
        return frozenset(key for one in named if (key := self.named.get(one) or self.named.get(_SUFFIX.sub("", one))))

    def of_class(self, key: str, name: str) -> bool:
        """Say whether a drug is of a class, or is the drug that `name` means."""
        own = self.parts_of(name)
        return key in self.members.get(name, ()) or (own is not None and own == self.parts[key])

    def denies(self, entry: str, name: str) -> bool:
        """Say whether a drug is known to be none of what a criterion names: it is of another class, or another drug."""
        key = self.key_of(name)
        known = entry in self.members or self.key_of(entry) is not None
        return key is not None and known and not self.of_class(key, entry)

    def apart(self, one: str, other: str) -> bool:
        """Say whether no drug is of both: two classes, or a class and a drug. What is not known may be the same."""
        first, second = self._within(one), self._within(other)
        return bool(first) and bool(second) and first.isdisjoint(second)

    def may_be_steroid(self, entry: str, name: str | None) -> bool:
        """Say whether what was tried is, or may be, a corticosteroid on the skin: of it alone a potency is asked."""
        if entry in self.steroids:
            return True
        if name is not None and (key := self.key_of(name)) is not None:
            return key in self._steroid_drugs
        return not self._within(entry) or bool(self._within(entry) & self._steroid_parts)

    def may_mean_others(self, entry: str, parts: Parts) -> bool:
        """Say whether a class has drugs beside one of these ingredients, as far as is known."""
        return self._within(entry) != parts

    def _within(self, entry: str) -> Parts:
        """The ingredients of a drug, or of all drugs of a class."""
        key = self.key_of(entry)
        keys = self.members.get(entry, frozenset()) or (frozenset({key}) if key is not None else frozenset())
        return frozenset[str]().union(*(self.parts[key] for key in keys))

    @cached_property
    def _steroid_drugs(self) -> frozenset[str]:
        return frozenset[str]().union(*(self.members.get(name, frozenset()) for name in self.steroids))

    @cached_property
    def _steroid_parts(self) -> Parts:
        single = (self.parts[key] for key in self._steroid_drugs if len(self.parts[key]) == 1)
        return frozenset[str]().union(*single)


NO_PHARMACY = Pharmacy()


def pharmacy_of(drugs: DrugsFile | None) -> Pharmacy:
    """Index a file of drugs; without one nothing is known, and every name is the name of any drug."""
    if drugs is None:
        return NO_PHARMACY
    single: list[tuple[str, Drug | Therapy]] = [(key, one) for key, one in drugs.drugs.items() if not one.several]
    single += drugs.therapies.items()
    named = {" ".join(_words(name)): key for key, one in reversed(single) for name in (key, *one.names)}
    members: dict[str, set[str]] = {}
    for key, one in single:
        for group in one.groups:
            for name in (group, *(drugs.classes[group].also if group in drugs.classes else ())):
                members.setdefault(name, set()).add(key)
    steroids = (name for key, one in drugs.classes.items() if one.topical_steroid for name in (key, *one.also))
    return Pharmacy(
        named=named,
        parts={key: frozenset(one.parts or (key,)) for key, one in single},
        spoken={key: tuple(_spoken(key, one, named)) for key, one in single},
        members={name: frozenset(keys) for name, keys in members.items()},
        steroids=frozenset(steroids),
    )


def _spoken(key: str, one: Drug | Therapy, named: Mapping[str, str]) -> Iterator[str]:
    names: Iterable[str] = dict.fromkeys(name.strip().lower().replace(" ", "_") for name in (key, *one.names))
    return (name for name in names if named[" ".join(_words(name))] == key)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("_", " "))
