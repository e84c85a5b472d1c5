"""Writes the TA1 that answers an interchange as a whole: it was taken in, or its envelope does not hold."""

from app.standards.errors import Fault, ReadingError
from app.standards.x12.facts import Interchange
from app.standards.x12.writing import ELEMENT, LONGEST_CONTROL, TERMINATOR, Cover, WritingError, exact, isa_of, trimmed

ACCEPTED, REFUSED = "A", "R"
NO_ERROR = "000"
NUMBERS_DIFFER, WRONG_COUNT, STRUCTURE, ENDS_TOO_SOON, CONTENT = "001", "021", "022", "023", "024"
NOTES = {
    Fault.BAD_ENVELOPE: STRUCTURE,
    Fault.BAD_COUNT: STRUCTURE,
    Fault.TRUNCATED: ENDS_TOO_SOON,
    Fault.TOO_LARGE: CONTENT,
    Fault.NOT_TEXT: CONTENT,
}
OF_THE_TRAILER = {Fault.BAD_ENVELOPE: NUMBERS_DIFFER, Fault.BAD_COUNT: WRONG_COUNT}
"""The note codes (TA105) for faults, and for those of IEA itself."""


def note_of(fault: ReadingError | None) -> str:
    """Give the note code (TA105) for what is wrong with an interchange; 000 for nothing."""
    if fault is None:
        return NO_ERROR
    codes = OF_THE_TRAILER if fault.sentence.startswith("IEA") else NOTES
    return codes.get(fault.fault, CONTENT)


def write_ta1(answered: Interchange, fault: ReadingError | None, cover: Cover) -> bytes:
    """Write an interchange that holds one TA1.

    Takes     the interchange that is answered, as it was read; why it is refused (`checked` gives both), None when it
              was taken in; the cover of the answer.
    Returns   the bytes, in ASCII, one segment a line.
    Raises    WritingError where the interchange has no control number, date or time that a TA1 can name.
    """
    control = str(cover.control).zfill(LONGEST_CONTROL)
    if cover.control < 1 or len(control) > LONGEST_CONTROL:
        raise WritingError("control number", "a control number is a whole number of one to nine digits.")
    status = ACCEPTED if fault is None else REFUSED
    named = [
        exact("interchange control number", answered.control, 9, 1),
        _digits("interchange date", answered.date, 6),
        _digits("interchange time", answered.time, 4),
    ]
    segments = [isa_of(cover), ["TA1", *named, status, note_of(fault)], ["IEA", "0", control]]
    return "".join(f"{ELEMENT.join(trimmed(segment))}{TERMINATOR}\n" for segment in segments).encode("ascii")


def _digits(field: str, text: str, length: int) -> str:
    if len(text) != length or not (text.isascii() and text.isdigit()):
        raise WritingError(field, f"it is not {length} digits.")
    return text
