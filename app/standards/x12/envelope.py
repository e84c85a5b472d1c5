"""Interchange (ISA, IEA), functional group (GS, GE), transaction set (ST, SE): what they say and whether it holds."""

from app.standards.errors import Fault, ReadingError
from app.standards.x12.facts import Delimiters, Group, Interchange, Segment, Transaction, element
from app.standards.x12.source import ISA_LENGTH, envelope_fault, truncated

ISA_ELEMENTS = 16
LONGEST_ID = 6
CLAIM_ACKNOWLEDGEMENTS = ("X214", "X167", "X364")
NO_GROUP = Group(functional="", sender="", receiver="", control="", version="")


def interchange_of(isa: str, number: int) -> tuple[Interchange, Delimiters]:
    """Read the 106 signs of an ISA (of fixed widths): ISA05 to ISA16, and its delimiters.

    Raises `ReadingError` (BAD_ENVELOPE) where it is not of that width, or its delimiters are not four signs apart.
    """
    if len(isa) < ISA_LENGTH:
        raise truncated("The ISA segment is cut off.", number)
    separator = isa[3]
    if isa[: ISA_LENGTH - 2].count(separator) != ISA_ELEMENTS or isa[103] != separator:
        raise envelope_fault("The ISA segment is not of its fixed width of 106 signs.", number)
    elements = [text.strip() for text in isa[: ISA_LENGTH - 2].split(separator)]
    delimiters = Delimiters(separator, repetition_of(elements[11]), isa[104], isa[105])
    check_delimiters(delimiters, number)
    return (
        Interchange(
            sender_qualifier=elements[5],
            sender=elements[6],
            receiver_qualifier=elements[7],
            receiver=elements[8],
            control=elements[13],
            version=elements[12],
            usage=elements[15],
            date=elements[9],
            time=elements[10],
            acknowledge=elements[14] == "1",
        ),
        delimiters,
    )


def repetition_of(text: str) -> str | None:
    """Read ISA11: a sign that separates repetitions; a letter (U in 004010) or nothing is none."""
    return text if len(text) == 1 and not text.isalnum() else None


def check_delimiters(delimiters: Delimiters, number: int) -> None:
    """Refuse delimiters that are letters or digits, or stand for two things.

    The repetition sign may be the component sign: real files do so, and no element is both repeated and composite.
    """
    signs = (delimiters.element, delimiters.component, delimiters.segment)
    if len(set(signs)) < len(signs) or any(sign.isalnum() or sign == " " for sign in signs):
        raise envelope_fault("The delimiters that the ISA segment names are not three different signs.", number)
    if delimiters.repetition in (delimiters.element, delimiters.segment):
        raise envelope_fault("The ISA segment names one sign for two kinds of delimiter.", number)


def group_of(segment: Segment) -> Group:
    """Read a GS: GS01, GS02, GS03, GS06 and GS08; what is not there is empty."""
    given = [(element(segment, place) or "").strip() for place in (1, 2, 3, 6, 8)]
    return Group(functional=given[0], sender=given[1], receiver=given[2], control=given[3], version=given[4])


def check_count(segment: Segment, counted: int, what: str, number: int) -> None:
    """Hold the count that a trailer gives (SE01, GE01, IEA01) against what is there; raises BAD_COUNT."""
    given = (element(segment, 1) or "").strip()
    if not (given.isascii() and given.isdigit() and int(given[:20]) == counted):
        sentence = f"{segment[0]}01 does not give the number of {what} that are there, {counted}."
        raise ReadingError(Fault.BAD_COUNT, sentence, "segment", number)


def check_control(segment: Segment, opened: str, opener: str, number: int) -> None:
    """Hold the control number of a trailer (SE02, GE02, IEA02) against its opener's; raises BAD_ENVELOPE.

    Zeros before a number do not count: some senders pad one of the two.
    """
    if _number(element(segment, 2) or "") != _number(opened):
        sentence = f"{segment[0]}02 is not the control number of {opener}."
        raise ReadingError(Fault.BAD_ENVELOPE, sentence, "segment", number)


def kind_of(transaction: Transaction) -> str:
    """Name the kind of a set by its id (`x12.271`), `x12.277ca` by its version; `unknown` for an id that is none."""
    named = transaction.set_id.lower()
    if named == "277" and any(version in transaction.version for version in CLAIM_ACKNOWLEDGEMENTS):
        return "x12.277ca"
    return f"x12.{named}" if named.isascii() and named.isalnum() and len(named) <= LONGEST_ID else "unknown"


def _number(text: str) -> str:
    """Give a control number without the zeros that may stand before it."""
    text = text.strip()
    return text.lstrip("0") if text.isascii() and text.isdigit() else text
