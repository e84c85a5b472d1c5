"""Clinical facts as short as a test needs them."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from app.clinical.facts import ClinicalFact, FactKind, Source, SourceKind
from tests.support.make import an_id

PATIENT, DOCUMENT, PERSON = an_id(3), an_id(70), an_id(71)
DAY = date(2026, 3, 2)
NOTE = Source(SourceKind.DOCUMENT, DOCUMENT, 2)
SAID = Source(SourceKind.CALL, words="the nurse")
_NUMBERS = count(5000)


def a_fact(kind: FactKind, name: str, /, on: date | None = DAY, source: Source = NOTE, **values: Any) -> ClinicalFact:
    """Make a fact of page 2 of a note, dated on the day unless a test says otherwise."""
    ended = values.pop("ended_at", None)
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    return ClinicalFact(an_id(next(_NUMBERS)), PATIENT, kind, name, source, at, None, on, values, ended_at=ended)
