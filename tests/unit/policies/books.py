"""Small rule sets for tests: one payer `p`, products by name, rules as short as a test needs them."""

from datetime import date
from typing import Any

from app.policies.facts.answers import Need, PracticeRule, Question, Requirement
from app.policies.facts.book import Book
from app.policies.facts.grid import PolicySet
from app.policies.rules.compiling import compile_book
from app.policies.rules.determine import determine
from app.values.spans import DateSpan

DAY = date(2026, 3, 2)
PRODUCTS = {
    "med": {"name": "Medical", "line": "commercial", "benefit": "medical"},
    "rx": {"name": "Pharmacy", "line": "commercial", "benefit": "pharmacy"},
    "any": {"name": "Any line", "line": "mixed", "benefit": "medical"},
    "ma": {"name": "Advantage", "line": "medicare_advantage", "benefit": "medical"},
    "lcd": {"name": "Local policies", "line": "commercial", "benefit": "medical", "jurisdiction": "local"},
}
SOURCES = {"s": {"title": "A source", "url": "https://payer.example/policy", "kind": "primary"}}


def rule(id: str = "r", **said: Any) -> dict[str, Any]:
    """A seen rule of product `med` that says `required` for 96910, changed by what a test says."""
    base: dict[str, Any] = {
        "id": id,
        "product": "med",
        "service": "phototherapy",
        "summary": "A rule",
        "approval": "required",
        "coverage": "criteria",
        "confidence": "seen",
        "from": "unknown",
        "codes": ["96910"],
    } | said
    if base["confidence"] == "seen":
        base.setdefault("source", "s")
    return base


def policy_set(*rules: dict[str, Any], products: tuple[str, ...] = ("med",), **shared: Any) -> PolicySet:
    """A set with one payer, whose only line is commercial unless a test names further products."""
    used = {*products, *(said["product"] for said in rules)}
    payer = {
        "schema": "payer/1",
        "payer": {"id": "p", "name": "Payer", "kind": "commercial", "aliases": ["The Payer, Inc."]},
        "products": {name: PRODUCTS[name] for name in sorted(used)},
        "read_on": "2026-01-05",
    }
    topic = {"schema": "rules/1", "payer": "p", "read_on": "2026-01-05", "sources": SOURCES, "rules": list(rules)}
    return PolicySet.model_validate(
        {"payers": {"p": {"file": payer, "topics": {"t": topic} if rules else {}}}, **shared}
    )


def book(*rules: dict[str, Any], **shared: Any) -> Book:
    """A compiled book of these rules."""
    return compile_book(policy_set(*rules, **shared), "test")


def ask(*rules: dict[str, Any], practice: tuple[PracticeRule, ...] = (), **question: Any) -> Requirement:
    """Ask a book of these rules about 96910 on DAY, unless the question says otherwise."""
    given = {"payer": "p", "day": DAY, "code": "96910"} | question
    return determine(book(*rules), practice, (), Question(**given))


def practice_rule(**said: Any) -> PracticeRule:
    """A practice rule: 96910 needs no approval in 2026."""
    base: dict[str, Any] = {
        "ref": "practice#1",
        "payer": "p",
        "codes": frozenset({"96910"}),
        "need": Need.NOT_REQUIRED,
        "span": DateSpan(date(2026, 1, 1), date(2026, 12, 31)),
        "basis": "payer's list of 2 January 2026",
        "recorded_on": date(2026, 1, 2),
    }
    return PracticeRule(**(base | said))
