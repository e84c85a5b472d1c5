"""What a clearinghouse is told of a file that it brought: which acknowledgements, and what stands in them. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from app.gateways.facts import Acknowledges, Parties
from app.standards.x12.acknowledgements.facts import GroupAnswer, InterchangeAnswer
from app.standards.x12.acknowledgements.interchanges import write_ta1
from app.standards.x12.acknowledgements.writing import write_999
from app.standards.x12.facts import Interchange
from app.standards.x12.writing import Cover, Party, WritingError

FIRST_CONTROL = 500_000_001
"""Where the numbers of acknowledgements begin: those of requests lie below, so that an answer to one is never taken for
an answer to the other."""
OLDEST = "005010"
"""Versions before this one are acknowledged by a 997, which nobody writes any more."""
NOT_TAKEN = "5"
"""Why a set was not taken in (IK502): the file is filed whole or not at all, and something in it cannot be read."""


def wanted_of(
    acknowledges: Acknowledges, filed: bool, interchanges: Iterable[InterchangeAnswer], groups: Iterable[GroupAnswer]
) -> tuple[tuple[InterchangeAnswer, ...], tuple[GroupAnswer, ...]]:
    """Say which acknowledgements go out.

    Takes     which the clearinghouse wants; whether the file was filed; what its sender is owed by the standard.
    Returns   the interchanges that a TA1 answers and the groups that a 999 answers. Of a file that was not filed no set
              is accepted, also one that can be read: its sender would not send it again, and it would be lost.
    """
    if acknowledges is Acknowledges.NONE:
        return (), ()
    told = tuple(one if filed else _refused(one) for one in groups if one.group.version[: len(OLDEST)] >= OLDEST)
    if acknowledges is Acknowledges.ALL:
        return tuple(interchanges), told
    return tuple(one for one in interchanges if one.fault is not None), tuple(one for one in told if one.status != "A")


def _refused(group: GroupAnswer) -> GroupAnswer:
    sets = tuple(replace(one, reasons=(NOT_TAKEN,)) if one.accepted else one for one in group.sets)
    return replace(group, sets=sets)


def written(
    answers: Iterable[InterchangeAnswer | GroupAnswer],
    parties: Parties,
    control: int,
    moment: datetime,
) -> tuple[bytes, int]:
    """Write acknowledgements, all of one kind, as one file, an interchange each, under numbers from `control` on.

    Takes     what is said; who we are at the clearinghouse; the first number; when, in the practice's zone.
    Returns   the bytes, and how many interchanges there are. One that X12 cannot name (its number or date is none) is
              left out: 0 where that is all.
    """
    pieces: list[bytes] = []
    for one in answers:
        cover = _cover(one, parties, control + len(pieces), moment)
        try:
            pieces.append(write_999(one, cover) if isinstance(one, GroupAnswer) else _ta1(one, cover))
        except WritingError:
            continue
    return b"".join(pieces), len(pieces)


def _ta1(one: InterchangeAnswer, cover: Cover) -> bytes:
    return write_ta1(one.interchange, one.fault, cover)


def _cover(one: InterchangeAnswer | GroupAnswer, parties: Parties, control: int, moment: datetime) -> Cover:
    """From us, under the ids that we agreed on, to whoever sent what is answered."""
    us = Party(parties.sender_qualifier, parties.sender, parties.sender)
    them = Party(parties.receiver_qualifier, parties.receiver, parties.receiver)
    sent = one.interchange
    if sent is not None and _nameable(sent):
        code = one.group.sender if isinstance(one, GroupAnswer) else sent.sender
        them = Party(sent.sender_qualifier, sent.sender, code if _plain(code, 2) else sent.sender.ljust(2, "0"))
    return Cover(us, them, control, moment, parties.usage)


def _nameable(sent: Interchange) -> bool:
    return len(sent.sender_qualifier) == 2 and _plain(sent.sender_qualifier, 2) and _plain(sent.sender, 1)


def _plain(text: str, shortest: int) -> bool:
    return text.isascii() and text.replace(" ", "").isalnum() and shortest <= len(text) <= 15 and text == text.strip()
