"""Payer rules: how long one requirement takes to determine in small and large libraries, and how long loading takes."""

import random
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.policies.actions.library import SHIPPED, content_of, version_of
from app.policies.facts.answers import Question
from app.policies.facts.book import Book
from app.policies.files.directory import read_policies
from app.policies.rules.compiling import compile_book
from app.policies.rules.determine import determine
from app.values.insurance import Channel, Line
from tests.bench import impact
from tests.bench.databases import Databases
from tests.bench.library import DIAGNOSES, Library, write_library
from tests.bench.measure import Short, alone, machine, measured, memory_mib, rounded, short

ASKED, REPEATS = 2000, 9


def bench(
    sizes: list[int], seed: int, lines: int, rules: int, databases: Databases, kept: Path | None = None
) -> dict[str, Any]:
    """Load a library of each size in a fresh process and put the same kinds of questions to it.

    Takes     the sizes; the seed; over how many booked lines, and under how many rules, the impact of changes is
              measured (0: not at all); where the practice of those lines is kept, to be used again.
    """
    results = [alone(_at_size, size, seed) for size in sizes]
    # Of the processor's time: on a busy machine the clock on the wall compares other people's work.
    times = [one["without_criteria"]["processor_microseconds"] for one in results]
    return {
        "workload": "policies",
        "seed": seed,
        "shipped": alone(_shipped),
        "sizes": results,
        "largest_over_smallest": rounded(times[-1] / times[0]) if times else None,
        "impact": impact.bench(lines, rules, seed, databases, kept) if lines else None,
        "machine": machine(),
    }


def _shipped() -> dict[str, Any]:
    """Load and compile what the program ships, in a fresh process."""
    before = memory_mib()
    books: list[Book] = []
    with measured() as loading:
        policies = read_policies(SHIPPED)
        books.append(compile_book(policies, version_of(content_of(policies))))
    rules = len(books[0].rules)
    return {"rules": rules, "load": loading.shown(), "book_memory_mib": round(memory_mib() - before)}


def _at_size(size: int, seed: int) -> dict[str, Any]:
    with TemporaryDirectory(prefix="cleared-bench-") as name:
        library = write_library(Path(name) / "policies", size, seed)
        before = memory_mib()
        books: list[Book] = []
        with measured() as loading:
            books.append(_load(library))
    book = books[0]
    chance = random.Random(seed)
    plain, with_criteria = _questions(book, library, chance)
    keys = [(one.payer, one.code or "") for one in plain]
    lookup = short([lambda: [book.by_code.get(key) for key in keys]] * REPEATS)
    without, criteria = _asked(book, plain), _asked(book, with_criteria)
    return {
        "size": library.rules,
        "load": loading.shown(rules_a_second=round(library.rules / loading.seconds)),
        "book_memory_mib": round(memory_mib() - before),
        "without_criteria": {"questions": len(plain), **without.microseconds(len(plain))},
        "with_criteria": {"questions": len(with_criteria), **criteria.microseconds(len(with_criteria))},
        "yardstick_dict_lookup": lookup.microseconds(len(keys)),
        "times_dict_lookup": rounded(without.processor / lookup.processor),
    }


def _load(library: Library) -> Book:
    """Read the files strictly, name the content by its hash, and compile."""
    policies = read_policies(library.folder)
    return compile_book(policies, version_of(content_of(policies)))


def _questions(book: Book, library: Library, chance: random.Random) -> tuple[list[Question], list[Question]]:
    """Questions about codes whose rules have no criteria, and about those that have some."""
    plain: list[Question] = []
    with_criteria: list[Question] = []
    named = [(payer, code) for payer, codes in library.codes.items() for code in codes]
    for payer, code in chance.choices(named, k=ASKED * 3):
        asked = _question(book, chance, payer, code)
        rules = book.by_code.get((payer, code), ())
        (with_criteria if any(rule.criteria is not None for rule in rules) else plain).append(asked)
    return plain[:ASKED], with_criteria[:ASKED]


def _question(book: Book, chance: random.Random, payer: str, code: str) -> Question:
    return Question(
        payer=payer,
        day=date(2026, 3 + int(9 * chance.random()), 10),
        code=code,
        line=book.only_line(payer) or Line.COMMERCIAL,
        plan=chance.choice(("Gold", "Silver")),
        channel=Channel.MEDICAL,
        companions=frozenset({"99213"}) if chance.random() < 0.3 else frozenset(),
        diagnoses=(chance.choice(DIAGNOSES),),
        place=chance.choice(("11", "11", "22")),
        state=chance.choice(("NY", "NJ", "CT")),
        age_months=240 + int(600 * chance.random()),
        facts={"bsa_percent": "12"},
    )


def _asked(book: Book, questions: Sequence[Question]) -> Short:
    def ask() -> None:
        for question in questions:
            determine(book, (), (), question)

    ask()
    return short([ask] * REPEATS)
