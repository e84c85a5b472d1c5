"""The page of routine services as filled in: checked values, or sentences beside the fields."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from app.policies.facts.desk import RoutineOffer, RoutineWord
from app.policies.forms.basis import read_basis, read_end
from app.policies.forms.once import read_once
from app.values.insurance import Line, read_line

LONGEST_PLAN = 80
FIELDS = ("once", "line", "plan", "basis_kind", "basis", "source_day", "until")


@dataclass
class RoutineForm:
    """The page as typed; `word` is set when every field can be stored."""

    typed: dict[str, str]
    payers: tuple[str, ...]
    codes: frozenset[str]
    errors: dict[str, str] = field(default_factory=dict)
    word: RoutineWord | None = None


def fresh_routine(offer: RoutineOffer, payers: Iterable[str], once: UUID) -> RoutineForm:
    """The page as first shown: all services ticked, the end of the year."""
    typed = dict.fromkeys(FIELDS, "") | {"once": str(once), "until": f"12/31/{offer.today.year}"}
    codes = frozenset(code for group in offer.groups for code in group.codes)
    known = {key for key, _name in offer.payers}
    return RoutineForm(typed, tuple(key for key in dict.fromkeys(payers) if key in known), codes)


def read_routine(
    typed: Mapping[str, str], payers: Iterable[str], codes: Iterable[str], offer: RoutineOffer
) -> RoutineForm:
    """Read the page of routine services."""
    known = {key for key, _name in offer.payers}
    offered = {code for group in offer.groups for code in group.codes}
    form = RoutineForm(
        {name: typed.get(name, "").strip()[:400] for name in FIELDS},
        tuple(key for key in dict.fromkeys(payers) if key in known),
        frozenset(codes) & offered,
    )
    if not form.payers:
        form.errors["payer"] = "Choose at least one payer."
    if not form.codes:
        form.errors["code"] = "Tick at least one service."
    line = _line(form)
    plan = _plan(form)
    basis = read_basis(form.typed, offer.today, form.errors)
    until = read_end(form.typed["until"], offer.today, offer.today, form.errors)
    once = read_once(form.typed["once"])
    if once is None:
        form.errors["payer"] = "This page was cut off on its way. Look it over and save it again."
    if not form.errors and basis is not None and until is not None and once is not None:
        form.word = RoutineWord(once, form.payers, form.codes, basis, until, line, plan)
    return form


def _line(form: RoutineForm) -> Line | None:
    text = form.typed["line"]
    found = read_line(text) if text else None
    if text and found is None:
        form.errors["line"] = "Choose a line of business from the list, or none."
    return found[0] if found is not None else None


def _plan(form: RoutineForm) -> str | None:
    plan = " ".join(form.typed["plan"].split())
    if len(plan) > LONGEST_PLAN:
        form.errors["plan"] = f"Plan must have at most {LONGEST_PLAN} characters; you entered {len(plan)}."
    return plan or None
