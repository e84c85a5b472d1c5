"""Why a document from outside cannot be read."""

from enum import StrEnum


class Fault(StrEnum):
    """What is wrong with a document; programs read these values."""

    EMPTY = "empty"
    NOT_TEXT = "not_text"
    UNKNOWN_KIND = "unknown_kind"
    TRUNCATED = "truncated"
    BAD_ENVELOPE = "bad_envelope"
    BAD_COUNT = "bad_count"
    TOO_LARGE = "too_large"
    BAD_JSON = "bad_json"
    BAD_VALUE = "bad_value"


class ReadingError(Exception):
    """A document is refused: a code for programs, a sentence for people, and where the fault is.

    `place` is what `where` counts: `line`, `segment` (both whole numbers from 1, counted in the whole file) or
    `pointer` (a JSON pointer); both None where the fault has no place. The sentence never holds a value that may
    identify a patient.
    """

    def __init__(
        self,
        fault: Fault,
        sentence: str,
        place: str | None = None,
        where: int | str | None = None,
        kind: str = "unknown",
    ) -> None:
        super().__init__(sentence)
        self.fault = fault
        self.sentence = sentence
        self.place = place
        self.where = where
        self.kind = kind
