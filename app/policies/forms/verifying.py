"""The page that verifies rules as filled in: checked values, or sentences beside the fields."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.policies.facts.answers import BasisKind
from app.policies.facts.freshness import VerifyWord
from app.policies.forms.basis import KINDS, read_basis
from app.policies.forms.once import read_once
from app.values.wording import short_day

WAYS = tuple((key, words) for key, words in KINDS if key != BasisKind.CLAIMS)
"""How a rule may be verified: paid claims tell of one code, not of what a rule asks."""
_FIELDS = ("once", "basis_kind", "basis", "source_day")
_HEX = frozenset("0123456789abcdef")


@dataclass
class VerifyForm:
    """The page as typed; `word` is set when every field can be stored."""

    typed: dict[str, str]
    ticked: tuple[str, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)
    word: VerifyWord | None = None


def fresh_verify(ticked: Iterable[str], once: UUID, today: date) -> VerifyForm:
    """The page as first shown: today, and the rules ticked that the address names."""
    typed = dict.fromkeys(_FIELDS, "") | {"once": str(once), "source_day": short_day(today)}
    return VerifyForm(typed, tuple(ticked))


def read_verify_form(typed: Mapping[str, str], ticked: Iterable[str], payer: str, today: date) -> VerifyForm:
    """Read the page. A tick is a rule's `topic#id` and the hash of the rule as it was seen: `<topic#id>@<hash>`."""
    form = VerifyForm({name: typed.get(name, "").strip()[:400] for name in _FIELDS}, tuple(ticked))
    rules = tuple((name, content) for tick in form.ticked for name, content in [_tick(tick)] if name and content)
    if not rules:
        form.errors["rule"] = "Tick at least one rule that is as it is written."
    basis = read_basis(form.typed, today, form.errors)
    if basis is not None and basis.kind is BasisKind.CLAIMS:
        form.errors["basis_kind"] = "Choose how it was verified, like the payer's look-up tool."
    once = read_once(form.typed["once"])
    if once is None:
        form.errors.setdefault("rule", "This page was cut off on its way. Look it over and save it again.")
    if not form.errors and basis is not None and once is not None:
        form.word = VerifyWord(once, payer, rules, basis)
    return form


def _tick(text: str) -> tuple[str, str]:
    name, _, content = text.partition("@")
    return name[:200], content if len(content) == 64 and set(content) <= _HEX else ""
