"""What a clearinghouse is told of a file that it brought: which acknowledgements, and what stands in them. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from app.standards.x12.acknowledgements.facts import GroupAnswer, InterchangeAnswer
from app.standards.x12.acknowledgements.interchanges import write_ta1
from app.standards.x12.acknowledgements.writing import write_999
from app.standards.x12.facts import Interchange
from app.standards.x12.writing import Cover, Party, WritingError

FIRST_CONTROL = 750_000_001
"""Where the numbers of acknowledgements begin: those of eligibility requests (from 1) and of requests for approval
(from 500,000,001) lie below, so that an answer to one is never taken for an answer to another."""
OLDEST = "005010"
"""Versions before this one are acknowledged by a 997, which nobody writes any more."""
NOT_TAKEN = "5"
"""Why a set was not taken in (IK502): the file is filed whole or not at all, and something in it cannot be read."""


def wanted_of(
    refusals_alone: bool, filed: bool, interchanges: Iterable[InterchangeAnswer], groups: Iterable[GroupAnswer]
) -> tuple[tuple[InterchangeAnswer, ...], tuple[GroupAnswer, ...]]:
    """Say which acknowledgements go out.

    Takes     whether the clearinghouse wants to hear of refusals alone; whether the file was filed; what its sender is
              owed by the standard.
    Returns   the interchanges that a TA1 answers and the groups that a 999 answers. Of a file that was not filed no set
              is accepted, also one that can be read: its sender would not send it again, and it would be lost.
    """
    told = tuple(one if filed else _refused(one) for one in groups if one.group.version[: len(OLDEST)] >= OLDEST)
    if not refusals_alone:
        return tuple(interchanges), told
    return tuple(one for one in interchanges if one.fault is not None), tuple(one for one in told if one.status != "A")


def _refused(group: GroupAnswer) -> GroupAnswer:
    sets = tuple(replace(one, reasons=(NOT_TAKEN,)) if one.accepted else one for one in group.sets)
    return replace(group, sets=sets)


def written(
    answers: Iterable[InterchangeAnswer | GroupAnswer],
    cover: Cover,
) -> tuple[bytes, int]:
    """Write acknowledgements, all of one kind, as one file, an interchange each, under numbers from the cover's on.

    Takes     what is said; the cover of the first: from us, under the ids that we agreed on, to the clearinghouse.
    Returns   the bytes, and how many interchanges there are. One that X12 cannot name (its number or date is none) is
              left out: 0 where that is all.
    """
    pieces: list[bytes] = []
    for one in answers:
        mine = _cover(one, cover, cover.control + len(pieces))
        try:
            pieces.append(write_999(one, mine) if isinstance(one, GroupAnswer) else _ta1(one, mine))
        except WritingError:
            continue
    return b"".join(pieces), len(pieces)


def _ta1(one: InterchangeAnswer, cover: Cover) -> bytes:
    return write_ta1(one.interchange, one.fault, cover)


def _cover(one: InterchangeAnswer | GroupAnswer, cover: Cover, control: int) -> Cover:
    """To whoever sent what is answered, where that can be written; else to the clearinghouse itself."""
    sent = one.interchange
    if sent is None or not _nameable(sent):
        return replace(cover, control=control)
    code = one.group.sender if isinstance(one, GroupAnswer) else sent.sender
    them = Party(sent.sender_qualifier, sent.sender, code if _plain(code, 2) else sent.sender.ljust(2, "0"))
    return replace(cover, receiver=them, control=control)


def _nameable(sent: Interchange) -> bool:
    return len(sent.sender_qualifier) == 2 and _plain(sent.sender_qualifier, 2) and _plain(sent.sender, 1)


def _plain(text: str, shortest: int) -> bool:
    return text.isascii() and text.replace(" ", "").isalnum() and shortest <= len(text) <= 15 and text == text.strip()
