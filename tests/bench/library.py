"""A generated rule library: as many rules as asked for, in the real language, written as files and loaded strictly."""

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.support.source import ROOT

PAYERS, RULED = 20, 18
"""Payers of the practice, and how many of them have rules; the others are known by name only."""
RULES_A_FILE = 100
ROUTINE = ("99203", "99213", "99214", "11102", "11104", "17000", "17110", "88305", "11900", "12031")
SERVICES = (
    "96910", "96912", "96920", "96900", "17311", "17313", "15823", "14040", "96567", "96573", "77401", "11600",
    "11640", "17106", "17260", "11950", "15788", "64650", "10040", "95044", "15271", "67904",
)  # fmt: skip
DRUG_CODES = ("J0585", "J2357", "J3245", "J1628", "J7308", "J0717", "J3590", "J3247")
DRUGS = ("dupixent", "adbry", "ebglyss", "xolair", "ilumya", "otezla", "rinvoq", "zoryve")
DIAGNOSES = ("L40.0", "L40.50", "L20.9", "C44.319", "L57.0", "D48.5", "L73.2", "L50.1", "B07.0", "L82.1", "L70.0")
SOURCE = "bench-source"


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Writes everything out: the strict loader takes no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never name a part to repeat it."""
        return True


RuleText = dict[str, Any]
Theme = Callable[[str, list[str]], Iterator[RuleText]]


@dataclass(frozen=True)
class Library:
    """What was written: where, how many rules, and for each payer the codes that its rules name."""

    folder: Path
    rules: int
    codes: dict[str, tuple[str, ...]]


def payer_key(number: int) -> str:
    """The key of a payer: of the library, or of one without rules."""
    return f"bench_{number:02d}" if number < RULED else f"local:bench-{number:02d}"


def write_library(folder: Path, rules: int, seed: int) -> Library:
    """Write a library of so many rules over the ruled payers. The grid and the drugs are the program's own."""
    shutil.copytree(ROOT / "payer_policies" / "_grid", folder / "_grid")
    codes: dict[str, tuple[str, ...]] = {}
    written = 0
    for number in range(RULED):
        share = rules * (number + 1) // RULED - rules * number // RULED
        texts = list(_rules_of(random.Random(f"{seed}/{number}"), share))
        codes[payer_key(number)] = tuple(dict.fromkeys(code for text in texts for code in text.get("codes", ())))
        written += len(texts)
        _write_payer(folder, number, texts)
    return Library(folder, written, codes)


def _write_payer(folder: Path, number: int, rules: list[RuleText]) -> None:
    key = payer_key(number)
    home = folder / key
    home.mkdir(parents=True)
    line = ("commercial", "commercial", "medicare_advantage")[number % 3]
    payer = {
        "schema": "payer/1",
        "read_on": "2026-01-15",
        "payer": {"id": key, "name": f"Bench Health {number}", "kind": "commercial"},
        "products": {
            "med": {"name": "Medical", "line": line, "benefit": "medical"},
            "rx": {"name": "Drugs", "line": line, "benefit": "pharmacy"},
        },
    }
    _dump(home / "payer.yaml", payer)
    for start in range(0, len(rules), RULES_A_FILE):
        topic = {
            "schema": "rules/1",
            "payer": key,
            "read_on": "2026-01-15",
            "sources": {SOURCE: {"title": "Bench list", "url": "https://payer.example/list", "kind": "primary"}},
            "rules": rules[start : start + RULES_A_FILE],
        }
        _dump(home / f"topic_{start // RULES_A_FILE:03d}.yaml", topic)


def _dump(path: Path, content: Any) -> None:
    path.write_text(yaml.dump(content, Dumper=_Dumper, sort_keys=False, default_flow_style=None, width=120))


def _rules_of(chance: random.Random, count: int) -> Iterator[RuleText]:
    """Rules of one payer: the codes that practices use first, then as many others as the count asks for."""
    pool = [*SERVICES, *DRUG_CODES]
    chance.shuffle(pool)
    pool += [f"{number:05d}" for number in range(20000, 20000 + 3 * count)]
    themes = list(_THEMES)
    chance.shuffle(themes)
    given, place = 0, 0
    for drug in DRUGS[: count // 10]:
        yield _rule(f"drug-{drug}", [], "required", product="rx", service=f"drug:{drug}", criteria=_TREE)
        given += 1
    while given < count:
        theme, wanted = themes[place % len(themes)]
        codes, pool = pool[:wanted], pool[wanted:]
        for text in theme(f"r{place}", codes):
            if given < count:
                yield text
                given += 1
        place += 1


def _rule(name: str, codes: list[str], approval: str, **more: Any) -> RuleText:
    base: RuleText = {
        "id": name,
        "product": "med",
        "service": "any_listed_service",
        "summary": "A rule of the bench",
        "approval": approval,
        "coverage": "criteria" if "criteria" in more else "covered",
        "from": "2025-01-01",
        "confidence": "seen",
        "source": SOURCE,
    }
    return base | ({"codes": codes} if codes else {}) | more


_TREE = {
    "all": [
        {"diagnosis": {"any_of": ["L40*", "L20*", "L73.2"]}},
        {"any": [{"bsa_percent": {"gte": "10"}}, {"score": {"name": "pasi", "gte": "12"}}]},
        {"trial": {"of": ["topical_steroid"], "count": "1", "accept": ["inadequate_response", "intolerance"]}},
        {"documented": "photographs"},
    ]
}


def _plain(name: str, codes: list[str]) -> Iterator[RuleText]:
    yield _rule(name, codes, "required", approval_lasts={"initial": "6 months"}, documents=["chart note"])


def _free(name: str, codes: list[str]) -> Iterator[RuleText]:
    yield _rule(name, codes, "not_required")


def _criteria(name: str, codes: list[str]) -> Iterator[RuleText]:
    yield _rule(name, codes, "required", criteria=_TREE, binds_person="yes")


def _placed(name: str, codes: list[str]) -> Iterator[RuleText]:
    yield _rule(name, codes, "required_when", when={"places": ["19", "22", "24"]})


def _diagnosed(name: str, codes: list[str]) -> Iterator[RuleText]:
    yield _rule(f"{name}.a", codes, "required", diagnoses=["L40*", "L20*"])
    yield _rule(f"{name}.b", codes, "not_required")


def _by_state(name: str, codes: list[str]) -> Iterator[RuleText]:
    yield _rule(f"{name}.a", codes, "required", applies={"states": ["NY"]})
    yield _rule(f"{name}.b", codes, "not_required", applies={"states": ["NJ", "CT"]})


def _dated(name: str, codes: list[str]) -> Iterator[RuleText]:
    yield _rule(f"{name}.b", codes, "required") | {"from": "2026-07-01"}
    yield _rule(f"{name}.a", codes, "not_required", until="2026-06-30", replaced_by=f"{name}.b")


def _limited(name: str, codes: list[str]) -> Iterator[RuleText]:
    limit = {"what": "sessions", "most": "3", "per": "week", "counted": {"counts": "visits", "period": "week"}}
    yield _rule(name, codes, "required", limits=[limit], family=codes, renew_before="14 days")


def _remembered(name: str, codes: list[str]) -> Iterator[RuleText]:
    text = _rule(name, codes, "required", confidence="memory")
    yield {key: value for key, value in text.items() if key != "source"}


def _aged(name: str, codes: list[str]) -> Iterator[RuleText]:
    yield _rule(f"{name}.a", codes, "required", applies={"age": {"gte": "18"}})
    yield _rule(f"{name}.b", codes, "not_required", applies={"age": {"lt": "18"}})


def _beside(name: str, codes: list[str]) -> Iterator[RuleText]:
    yield _rule(name, codes, "required_when", when={"companions": ["99213", "99214"]})


def _told(name: str, codes: list[str]) -> Iterator[RuleText]:
    yield _rule(name, codes, "notification", applies={"plans": ["Gold"]})


_THEMES: tuple[tuple[Theme, int], ...] = (
    (_plain, 3), (_free, 4), (_criteria, 2), (_placed, 2), (_diagnosed, 2), (_by_state, 2),
    (_dated, 2), (_limited, 2), (_remembered, 1), (_aged, 1), (_beside, 1), (_told, 1),
)  # fmt: skip
