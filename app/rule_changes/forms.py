"""The forms of the pages of new rules: what they carry, and the reason of a rejection."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from app.rule_changes.facts.acts import Word

LONGEST_REASON = 400


@dataclass
class ActForm:
    """One form as typed; `word` is set when it can be acted on."""

    typed: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    word: Word | None = None


def fresh_form(once: UUID) -> ActForm:
    """The form as first shown."""
    return ActForm({"once": str(once), "stamp": "", "reason": ""})


def read_form(values: Mapping[str, str], *, asks_why: bool = False) -> ActForm:
    """Read what a form carries; a rejection needs a reason."""
    form = ActForm({name: values.get(name, "").strip() for name in ("once", "stamp", "reason")})
    reason = form.typed["reason"]
    if asks_why and not reason:
        form.errors["reason"] = "Say why you reject them, like: the payer took its bulletin back."
    elif len(reason) > LONGEST_REASON:
        form.errors["reason"] = f"The reason must have at most {LONGEST_REASON} characters; you entered {len(reason)}."
    try:
        once = UUID(form.typed["once"])
    except ValueError:
        once = None
    if once is None and not form.errors:
        form.errors["act"] = "The form came cut off. Nothing was done; press the button again."
    if once is not None and not form.errors:
        form.word = Word(once, form.typed["stamp"], reason)
    return form
