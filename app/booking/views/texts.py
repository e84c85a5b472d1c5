"""The words of estimates, consents and notices, in English and Spanish, as they stand in `texts.yaml` beside this."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from app.booking.facts.papers import Language


@dataclass(frozen=True, slots=True)
class ConsentText:
    """All words of an estimate with its consent. `agree` are the sentences that the patient agrees to.

    `why_cosmetic` and `why_chosen` say why the patient pays: the service is cosmetic, or the patient pays though
    insurance might; `why_of` names the services of each where a paper has both.
    """

    title: str
    patient: str
    visit_day: str
    prepared: str
    valid: str
    service: str
    price: str
    total: str
    estimate_head: str
    estimate: tuple[str, ...]
    why_head: str
    why_of: str
    why_cosmetic: tuple[str, ...]
    why_chosen: tuple[str, ...]
    rights_head: str
    rights: tuple[str, ...]
    agree_head: str
    agree: tuple[str, ...]
    signature: str
    name: str
    relation: str
    date: str
    scope: str


@dataclass(frozen=True, slots=True)
class NoticeText:
    """The words for the patient on the sheet of a notice, by why Medicare may not pay."""

    title: str
    intro: str
    cosmetic: str
    necessity: str
    closing: str


def _words(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(words) if isinstance(words, list) else words for name, words in entry.items()}


_FILE = yaml.safe_load(Path(__file__).with_name("texts.yaml").read_text(encoding="utf-8"))
CONSENT: Mapping[Language, ConsentText] = {one: ConsentText(**_words(_FILE["consent"][one.value])) for one in Language}
NOTICE: Mapping[Language, NoticeText] = {one: NoticeText(**_words(_FILE["notice"][one.value])) for one in Language}


def amount_words(cents: int | None) -> str:
    """An amount as it is written on paper: $1,250.50."""
    if cents is None:
        return "No price yet"
    return f"${cents // 100:,}.{cents % 100:02}"
