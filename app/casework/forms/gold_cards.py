"""An exemption that a payer gave notice of, as typed, with its letter."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.casework.actions.gold_cards import NewExemption
from app.casework.facts.gold_cards import LARGEST_NOTICE
from app.casework.forms.approval import read_id
from app.casework.forms.typed import Typed
from app.documents.facts import DocumentRefusedError
from app.documents.forms import Uploaded
from app.documents.intake import called, media_of
from app.policies.forms.own_rules import read_code
from app.values.codes import read_npi
from app.values.spans import add_months
from app.values.wording import short_day

FIELDS = ("payer", "whose", "npis", "codes", "begins", "until", "letter_on", "reference", "file")
MOST = 50


@dataclass
class ExemptionForm:
    """What was typed; `new` is None where something has to be mended. `key`: the id that the form carries."""

    typed: Typed
    key: UUID | None
    new: NewExemption | None = None


def read_exemption(
    typed: Mapping[str, str], file: Uploaded | None, today: date, payers: Collection[str], drugs: Mapping[str, str]
) -> ExemptionForm:
    """Read an exemption.

    Takes     what was typed; the file as it came; the practice's day; the keys of the payers on file; the drugs of the
              library by their folded names.
    """
    fields = Typed(typed, today)
    form = ExemptionForm(fields, read_id(typed.get("key", "")))
    payer = typed.get("payer", "")
    if payer not in payers:
        fields.refuse("payer", "Choose the payer")
    if typed.get("whose") not in ("providers", "groups"):
        fields.refuse("whose", "Choose whether the notice names people or a group")
    npis, codes = _npis(fields), _codes(fields, drugs)
    begins, until = _days(fields)
    letter_on = fields.day("letter_on", "Date of the letter")
    if letter_on is None:
        fields.refuse("letter_on", "Enter the date of the letter")
    elif letter_on > today:
        fields.refuse("letter_on", f"Date of the letter must be today or before; you entered {short_day(letter_on)}")
    reference = fields.text("reference", "Reference")
    if reference is None:
        fields.refuse("reference", "Enter the letter's reference, or how the payer calls the exemption")
    name, content = _file(fields, file)
    if fields.errors or begins is None or until is None or letter_on is None or reference is None:
        return form
    groups = typed.get("whose") == "groups"
    form.new = NewExemption(payer, npis, groups, codes, begins, until, letter_on, reference, name, content)
    return form


def _npis(fields: Typed) -> tuple[str, ...]:
    words = [part for part in re.split(r"[\s,;]+", fields.values.get("npis", "")) if part]
    if not words:
        fields.refuse("npis", "Enter the NPI that the notice names")
    for word in words[:MOST]:
        if read_npi(word) is None:
            fields.refuse("npis", f"NPIs have 10 digits, of which the last checks the others; found {word[:20]}")
    return tuple(dict.fromkeys(words))


def _codes(fields: Typed, drugs: Mapping[str, str]) -> frozenset[str]:
    words = [part for part in re.split(r"[\s,;]+", fields.values.get("codes", "")) if part]
    if not words:
        fields.refuse("codes", "Enter the codes or drugs that the notice names, like 96910 or dupixent")
    found = {word: read_code(word, drugs) for word in words[:MOST]}
    wrong = [word[:20] for word, code in found.items() if code is None]
    if wrong or len(words) > MOST:
        named = ", ".join(wrong[:3]) or f"{len(words)} codes"
        fields.refuse("codes", f"Codes must be CPT or HCPCS, or drugs of the library, at most {MOST}; found {named}")
    return frozenset(code for code in found.values() if code is not None)


def _days(fields: Typed) -> tuple[date | None, date | None]:
    begins, until = fields.day("begins", "From"), fields.day("until", "To")
    if begins is None:
        fields.refuse("begins", "Enter the first day of the exemption")
    if until is None:
        fields.refuse("until", "Enter the last day of the exemption, at most 12 months after the first")
    if begins is not None and until is not None:
        if until < begins:
            fields.refuse("until", f"To must be the same as or after the first day, {short_day(begins)}")
        elif until > add_months(begins, 12):
            fields.refuse(
                "until", f"To must be at most 12 months after {short_day(begins)}: renew it with the next notice"
            )
    return begins, until


def _file(fields: Typed, file: Uploaded | None) -> tuple[str, bytes]:
    if file is None or not file.filename:
        fields.refuse("file", "Choose the payer's letter: a PDF, or a picture as JPEG or PNG, of at most 5 MB")
        return "", b""
    content = file.read()
    if len(content) > LARGEST_NOTICE:
        fields.refuse("file", f"The letter may have at most 5 MB; this file has {len(content) / 2**20:.1f} MB")
        return "", b""
    try:
        media_of(content)
    except DocumentRefusedError as refused:
        fields.refuse("file", refused.sentence)
    return called(file.filename), content
