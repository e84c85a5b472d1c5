"""A rule of the practice as typed: checked values, or sentences beside the fields."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.policies.facts.answers import BasisKind, Need
from app.policies.facts.desk import Basis
from app.policies.facts.own_rules import RuleOptions, RuleWord
from app.policies.facts.records import KeptRule
from app.policies.forms.basis import read_basis, read_end
from app.policies.forms.once import read_once, read_version
from app.policies.rules.scope import plain_name
from app.values.codes import read_npi, read_place, read_procedure
from app.values.days import read_typed_day
from app.values.insurance import Line, read_line
from app.values.spans import add_months
from app.values.wording import long_day, short_day

FIELDS = (
    "once", "version", "payer", "codes", "need", "plans", "places", "providers", "groups", "begins", "until",
    "basis_kind", "basis", "source_day", "corrects",
)  # fmt: skip
NEEDS = (
    (Need.NOT_REQUIRED.value, "No approval needed"),
    (Need.REQUIRED.value, "Approval needed"),
    (Need.NOTIFICATION.value, "Notice to the payer"),
    (Need.VOLUNTARY.value, "No approval, but the claim is reviewed before it is paid"),
    (Need.NOT_COVERED.value, "Not covered"),
)
"""What a payer may say, in the order in which the form offers it."""
MOST_CODES = 200


@dataclass
class RuleForm:
    """The form as typed; `word` is set when every field can be stored."""

    typed: dict[str, str]
    lines: tuple[str, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)
    word: RuleWord | None = None


def fresh_rule(args: Mapping[str, str], options: RuleOptions, once: UUID, lines: Iterable[str] = ()) -> RuleForm:
    """The form as first shown, with what the address gives: payer, codes, lines, plans, places, need."""
    typed = {name: args.get(name, "").strip()[:200] for name in FIELDS}
    typed |= {"once": str(once), "version": "", "begins": short_day(options.today)}
    typed["until"] = typed["until"] or f"12/31/{options.today.year}"
    typed["payer"] = _payer_key(typed["payer"], options) or ""
    return RuleForm(typed, tuple(line for line in lines if line in tuple(Line)))


def form_of_rule(kept: KeptRule, options: RuleOptions, once: UUID) -> RuleForm:
    """The form with a rule as it is on file: for its new version, which begins today or when the rule does."""
    rule = kept.rule
    begins = max(rule.span.begins or options.today, options.today)
    typed = dict.fromkeys(FIELDS, "") | {
        "once": str(once),
        "version": str(kept.version),
        "payer": rule.payer,
        "codes": " ".join(sorted(rule.codes)),
        "need": rule.need.value,
        "begins": short_day(begins),
        "until": short_day(rule.span.ends) if rule.span.ends else "",
        "basis_kind": rule.basis_kind.value if rule.basis_kind is not None else "",
        "basis": rule.basis,
        "source_day": short_day(rule.source_day) if rule.source_day else "",
        "corrects": "yes" if rule.corrects else "",
        "plans": ", ".join(sorted(rule.plans)),
        "places": " ".join(sorted(rule.places)),
        "providers": " ".join(sorted(rule.providers)),
        "groups": " ".join(sorted(rule.groups)),
    }
    return RuleForm(typed, tuple(sorted(rule.lines)))


def read_rule_form(
    typed: Mapping[str, str], lines: Iterable[str], options: RuleOptions, replaces: UUID | None = None
) -> RuleForm:
    """Read the form of a new rule, or of the new version of one."""
    form = RuleForm({name: typed.get(name, "").strip()[:4000] for name in FIELDS}, tuple(lines))
    errors, said = form.errors, form.typed
    if said["payer"] not in options.payers:
        errors["payer"] = "Choose the payer."
    codes = _codes(said["codes"], options, errors)
    if said["need"] not in dict(NEEDS):
        errors["need"] = "Choose what the payer says."
    bounds = _bounds(said, errors)
    begins = _begins(said["begins"], options.today, errors)
    until = read_end(said["until"], begins or options.today, options.today, errors)
    basis = read_basis(said, options.today, errors)
    if basis is not None:
        _check_basis(said, basis, bounds, errors)
    once = read_once(said["once"])
    if once is None:
        errors.setdefault("payer", "This page was cut off on its way. Look it over and save it again.")
    if not errors and begins is not None and until is not None and basis is not None and once is not None:
        form.word = _word(form, codes, bounds, (begins, until), basis, once, replaces)
    return form


def _word(
    form: RuleForm,
    codes: frozenset[str],
    bounds: Mapping[str, frozenset[str]],
    days: tuple[date, date],
    basis: Basis,
    once: UUID,
    replaces: UUID | None,
) -> RuleWord:
    said = form.typed
    return RuleWord(
        once=once,
        payer=said["payer"],
        codes=codes,
        need=Need(said["need"]),
        begins=days[0],
        until=days[1],
        basis=basis,
        lines=frozenset(Line(found[0]) for text in form.lines if (found := read_line(text)) is not None),
        corrects=said["corrects"] == "yes",
        replaces=replaces,
        version=read_version(said["version"]) if replaces is not None else None,
        notice=False,
        **bounds,
    )


def _payer_key(text: str, options: RuleOptions) -> str | None:
    """A payer of the address, by key or by name."""
    if text in options.payers:
        return text
    folded = plain_name(text)
    return next((key for key, name in options.payers.items() if plain_name(name) == folded), None)


def _codes(text: str, options: RuleOptions, errors: dict[str, str]) -> frozenset[str]:
    words = [part for part in re.split(r"[\s,;]+", text) if part]
    read = {word: read_code(word, options.drugs) for word in words}
    wrong = [word[:20] for word, code in read.items() if code is None]
    if not words:
        errors["codes"] = "Enter at least one code or drug, like 96910, 96920-96922 or dupixent."
    elif wrong:
        named = ", ".join(wrong[:3])
        errors["codes"] = f"Codes must be CPT or HCPCS, like 96910 or J2357, or drugs of the library; found {named}."
    elif len(words) > MOST_CODES:
        errors["codes"] = f"A rule names at most {MOST_CODES} codes; you entered {len(words)}. Use ranges or two rules."
    return frozenset(code for code in read.values() if code is not None)


def read_code(word: str, drugs: Mapping[str, str]) -> str | None:
    """Read a code, a range of codes, or a drug by its name or key; None when it is none of these."""
    first, dash, last = word.partition("-")
    if dash:
        one, other = read_procedure(first), read_procedure(last)
        return f"{one}-{other}" if one is not None and other is not None and one < other else None
    return read_procedure(word) or drugs.get(plain_name(word.removeprefix("drug:")))


def _bounds(said: Mapping[str, str], errors: dict[str, str]) -> dict[str, frozenset[str]]:
    plans = frozenset(name for part in said["plans"].split(",") if (name := " ".join(part.split())))
    return {
        "plans": plans,
        "places": _read_all(said, "places", read_place, "Places must be two digits, like 11 or 22", errors),
        "providers": _read_all(said, "providers", read_npi, "Providers must be NPIs of 10 digits", errors),
        "groups": _read_all(said, "groups", read_npi, "Groups must be NPIs of 10 digits", errors),
    }


def _read_all(
    said: Mapping[str, str], name: str, read: object, sentence: str, errors: dict[str, str]
) -> frozenset[str]:
    assert callable(read)
    words = [part for part in re.split(r"[\s,;]+", said[name]) if part]
    wrong = [word[:20] for word in words if read(word) is None]
    if wrong:
        errors[name] = f"{sentence}; found {', '.join(wrong[:3])}."
    return frozenset(found for word in words if (found := read(word)) is not None)


def _begins(text: str, today: date, errors: dict[str, str]) -> date | None:
    day = read_typed_day(text, today) if text else None
    if day is None:
        found = f"; found {text[:40]}" if text else ""
        errors["begins"] = f"Enter the first date of service for which it holds, like {short_day(today)}{found}."
    elif abs((day - today).days) > (add_months(today, 12) - today).days:
        errors["begins"] = f"First day must lie within 12 months of today; found {long_day(day)}."
    return day if "begins" not in errors else None


def _check_basis(
    said: Mapping[str, str], basis: Basis, bounds: Mapping[str, frozenset[str]], errors: dict[str, str]
) -> None:
    """A gold card rests on the payer's letter; a correction of the library has a reference."""
    gold = said["need"] == Need.NOT_REQUIRED and (bounds["providers"] or bounds["groups"])
    if gold and basis.kind is not BasisKind.LETTER:
        errors["basis_kind"] = "A rule for some providers or groups needs the payer's letter on file. Choose it."
    if said["corrects"] == "yes" and not basis.text:
        errors["basis"] = "Enter the payer's reference for the correction, like 7781-A."
