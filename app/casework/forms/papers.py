"""What a person typed for a letter or a packet -> checked values, or errors beside the field."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.casework.actions.papers import LONGEST_LETTER
from app.casework.facts.papers import PacketWish, SheetWish
from app.documents.facts import Cover, LetterKind
from app.documents.forms import Uploaded
from app.values.wording import counted

LONGEST = {"to_name": 100, "to_fax": 40, "attention": 100, "from_phone": 40, "from_fax": 40, "remarks": 1000}
LABELS = {
    "to_name": "To",
    "to_fax": "Fax number",
    "attention": "Attention",
    "from_phone": "Our phone",
    "from_fax": "Our fax",
    "remarks": "Remarks",
}
NUMBERS = ("to_fax", "from_phone", "from_fax")
FIELDS = (*LONGEST, "sheet", "letter", "form", "blank", "part")
_PHONE = re.compile(r"1?(\d{3})(\d{3})(\d{4})")


@dataclass
class LetterForm:
    """A letter as typed: its words, and the number of the version that the form began with."""

    words: str
    seen: int
    errors: dict[str, str] = field(default_factory=dict)


def read_letter(typed: Mapping[str, str]) -> LetterForm:
    """Read a letter. Line ends are those of the program, whatever the browser sent."""
    words = typed.get("words", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    seen = typed.get("version", "")
    form = LetterForm(f"{words}\n" if words else "", int(seen) if seen.isdigit() and len(seen) < 7 else 0)
    if not words:
        form.errors["words"] = "Write the letter, or go back without saving"
    elif len(words) > LONGEST_LETTER:
        over = counted(len(words) - LONGEST_LETTER, "character")
        form.errors["words"] = f"Letter must have at most {LONGEST_LETTER:,} characters; it has {over} too many"
    return form


@dataclass
class PacketForm:
    """What was chosen for a packet; `values` as they were entered."""

    values: Mapping[str, str]
    ticked: tuple[str, ...]
    key: UUID | None
    wish: PacketWish
    errors: dict[str, str] = field(default_factory=dict)


def read_packet(typed: Mapping[str, str], ticked: Sequence[str], blank: Uploaded | None) -> PacketForm:
    """Read what goes into a packet. `ticked`: ids of documents, put in order by the number beside each."""
    errors: dict[str, str] = {}
    cover = {name: _line(name, typed, errors) for name in LONGEST}
    sheet, letter = typed.get("sheet", ""), typed.get("letter", "")
    if sheet not in tuple(SheetWish):
        errors["sheet"] = "Choose which criteria go in"
    content = blank.read() if blank is not None and blank.filename else None
    wish = PacketWish(
        cover=Cover(**cover),
        parts=_parts(typed, ticked, errors),
        sheet=SheetWish(sheet) if sheet in tuple(SheetWish) else SheetWish.ALL,
        letter=LetterKind(letter) if letter in tuple(LetterKind) else None,
        form=typed.get("form") or None,
        blank=content or None,
    )
    ordered = {name: errors[name] for name in (*FIELDS, *errors) if name in errors}
    return PacketForm(typed, tuple(ticked), _id(typed.get("key", "")), wish, ordered)


def _parts(typed: Mapping[str, str], ticked: Sequence[str], errors: dict[str, str]) -> tuple[UUID, ...]:
    placed: list[tuple[int, int, UUID]] = []
    for place, one in enumerate(ticked):
        found, order = _id(one), typed.get(f"order-{one}", "").strip()
        if order and (not order.isdigit() or len(order) > 3):
            errors[f"order-{one}"] = f"Order must be a whole number, like 2; you entered {order[:10]}"
        elif found is not None:
            placed.append((int(order) if order else 1000, place, found))
    return tuple(one for _order, _place, one in sorted(placed))


def _line(name: str, typed: Mapping[str, str], errors: dict[str, str]) -> str:
    text = typed.get(name, "").strip()
    text = text.replace("\r\n", "\n") if name == "remarks" else " ".join(text.split())
    if len(text) > LONGEST[name]:
        errors[name] = f"{LABELS[name]} must have at most {LONGEST[name]} characters; you entered {len(text)}"
    elif text and name in NUMBERS:
        digits = re.sub(r"\D", "", text.partition("x")[0])
        match = _PHONE.fullmatch(digits)
        if match is None:
            errors[name] = f"{LABELS[name]} must have 10 digits; you entered {len(digits)}"
    return text


def _id(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None
