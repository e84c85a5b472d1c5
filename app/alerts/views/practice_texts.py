"""How the practice names itself in texts, in words, with every text to patients as it will read."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.alerts.facts.outbox import Language
from app.alerts.facts.text_page import PracticeTextsStart
from app.alerts.facts.texts import PracticeTexts
from app.alerts.rules.fields import PATIENT_TEXTS
from app.alerts.views.text_page import KINDS, LANGUAGES
from app.alerts.views.texts import preview
from app.values.phones import phone_words

FIELDS = {
    "short_name": "Name in texts",
    "phone": "Phone in texts",
    "language": "Language",
    "provider_answers_stop": "The provider answers STOP",
}
_EXAMPLE = {"first_name": "Maria", "visit_date": "2026-12-15", "visit_time": "09:30"}
_ANSWERS = {"patient.help": "Answer to HELP", "patient.stopped": "Answer to STOP"}


@dataclass(frozen=True, slots=True)
class PracticeTextsPage:
    """The form: what stands in its fields; `both`: field, on file, entered, where somebody was quicker.

    `texts`: language and the texts in it, as they read with what is on file; empty until something is.
    """

    values: Mapping[str, str]
    both: list[tuple[str, str, str]]
    texts: list[tuple[str, list[tuple[str, str]]]]


def practice_texts_page(start: PracticeTextsStart, typed: Mapping[str, str] | None) -> PracticeTextsPage:
    """Put the form into words; `typed`: what a person entered, where it came back."""
    on_file = _values(start)
    values = on_file if typed is None else {name: typed.get(name, "") for name in FIELDS}
    both = [(FIELDS[name], on_file[name] or "None", values[name] or "None") for name in FIELDS]
    return PracticeTextsPage(values, [one for one in both if one[1] != one[2]], _texts(start.texts))


def _values(start: PracticeTextsStart) -> dict[str, str]:
    texts = start.texts
    if texts is None:
        return {"short_name": start.suggested, "phone": "", "language": "en", "provider_answers_stop": ""}
    return {
        "short_name": texts.short_name,
        "phone": phone_words(texts.phone),
        "language": texts.language.value,
        "provider_answers_stop": "yes" if texts.provider_answers_stop else "",
    }


def _texts(texts: PracticeTexts | None) -> list[tuple[str, list[tuple[str, str]]]]:
    if texts is None:
        return []
    phone = f"{texts.phone[:3]}-{texts.phone[3:6]}-{texts.phone[6:]}"
    values = {**_EXAMPLE, "practice": texts.short_name, "phone": phone}
    return [
        (
            LANGUAGES[language],
            [
                (KINDS.get(key) or _ANSWERS[key], words)
                for key in PATIENT_TEXTS
                if (words := preview(key, language, values)) is not None
            ],
        )
        for language in Language
    ]
