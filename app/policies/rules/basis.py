"""On what a practice rule or an answer rests, in words. One place, so that every page and command reads alike."""

from datetime import date

from app.policies.facts.answers import BasisKind, PracticeRule
from app.values.wording import short_day

KIND_WORDS = {
    BasisKind.LIST: "payer's list",
    BasisKind.TOOL: "payer's look-up tool",
    BasisKind.CALL: "call",
    BasisKind.LETTER: "payer's letter",
    BasisKind.CLAIMS: "paid claims",
}
_JOINS = {BasisKind.CALL: ", reference ", BasisKind.CLAIMS: ": "}


def say_basis(rule: PracticeRule) -> str:
    """Say on what a practice rule rests: `payer's look-up tool 11/20/2026`, `call 11/20/2026, reference 8841`."""
    return say_kind(rule.basis_kind, rule.basis, rule.source_day)


def say_kind(kind: BasisKind | None, text: str, day: date | None) -> str:
    """The same of its parts; without a kind the text says all of it."""
    on = f" {short_day(day)}" if day is not None else ""
    if kind is None:
        return f"{text.rstrip('.')}{on}" if on else text
    said = f"{KIND_WORDS[kind]}{on}"
    return f"{said}{_JOINS.get(kind, ', ')}{text.rstrip('.')}" if text else said


def say_answer(reference: str, said_on: date | None) -> str:
    """Say on what an answer for one patient rests: `payer's answer of 11/20/2026, reference 7781`."""
    on = f" of {short_day(said_on)}" if said_on is not None else ""
    return f"payer's answer{on}, reference {reference}" if reference else f"payer's answer{on}"
