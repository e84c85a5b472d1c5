"""The forms of texts as typed -> checked values, or errors beside the field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from app.alerts.facts.outbox import Language
from app.alerts.facts.texts import HowStopped, PracticeTexts
from app.alerts.rules.gsm7 import is_gsm7, septets, to_gsm7
from app.alerts.rules.texting import CHOICES, NAME_ROOM, NEEDS_VISIT, specialty_in
from app.values.phones import read_callable

SAID = (HowStopped.BY_PHONE, HowStopped.BY_MAIL, HowStopped.IN_PERSON)


@dataclass
class SendForm:
    """A text to send. `key`: made with the form, so that it is sent once; None: the form did not come from the page."""

    template: str
    visit_id: UUID | None
    key: UUID | None
    errors: dict[str, str] = field(default_factory=dict)


@dataclass
class StopForm:
    """That texts must end; `how` None: has errors."""

    how: HowStopped | None
    errors: dict[str, str] = field(default_factory=dict)


@dataclass
class PracticeTextsForm:
    """How the practice names itself in texts, as typed; `texts` None: has errors."""

    typed: Mapping[str, str]
    texts: PracticeTexts | None = None
    errors: dict[str, str] = field(default_factory=dict)


def read_send(typed: Mapping[str, str]) -> SendForm:
    """Read which text is sent about which visit."""
    form = SendForm(typed.get("template", ""), read_id(typed.get("visit", "")), read_id(typed.get("key", "")))
    if form.template not in CHOICES:
        form.errors["template"] = "Choose one of the texts"
    elif form.template in NEEDS_VISIT and form.visit_id is None:
        form.errors["template"] = "Choose a booked visit of this patient that lies ahead"
    return form


def read_stop(typed: Mapping[str, str]) -> StopForm:
    """Read how it was said that texts must end."""
    how = typed.get("how", "")
    if how in SAID:
        return StopForm(HowStopped(how))
    return StopForm(None, {"how": "Choose how it was said"})


def read_practice_texts(typed: Mapping[str, str]) -> PracticeTextsForm:
    """Read how the practice names itself in texts."""
    form = PracticeTextsForm(typed)
    name = " ".join(typed.get("short_name", "").split())
    phone = read_callable(typed.get("phone", ""))
    language = typed.get("language", "")
    if fault := _name_fault(name):
        form.errors["short_name"] = fault
    if phone is None:
        form.errors["phone"] = "Phone must be a number of the United States, like (212) 555-0123"
    if language not in tuple(Language):
        form.errors["language"] = "Choose a language"
    if not form.errors and phone is not None:
        stops = typed.get("provider_answers_stop") == "yes"
        form.texts = PracticeTexts(name, phone.removeprefix("+1"), stops, Language(language))
    return form


def read_id(text: str) -> UUID | None:
    """Read an id of ours; None where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _name_fault(name: str) -> str | None:
    if not name:
        return "Enter the name that patients know the practice by"
    if not is_gsm7(name):
        return f"Name must be in the letters of texts; write {to_gsm7(name)}"
    if septets(name) > NAME_ROOM:
        return f"Name must have at most {NAME_ROOM} characters; you entered {len(name)}"
    if word := specialty_in(name):
        return f"Name must not tell the specialty: leave out '{word}', as a text may be seen by others"
    return None
