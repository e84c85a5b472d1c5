"""A visit's verdict in few bytes, so that a million lines are stored, read and compared quickly."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.clearance.facts.reasons import BY_NUMBER, Badge, Reason
from app.clearance.facts.verdicts import LineVerdict
from app.clearance.rules.questions import questions_of
from app.policies.facts.answers import Confidence, Need, ServiceClass

_BADGES = {badge: place for place, badge in enumerate(Badge)}
_CLASSES = {klass: place for place, klass in enumerate(ServiceClass)}
_NEEDS = {need: place for place, need in enumerate(Need)}
_CONFIDENCES = {confidence: place for place, confidence in enumerate(Confidence)}
_BADGE_LIST, _CLASS_LIST = list(Badge), list(ServiceClass)
_NEED_LIST, _CONFIDENCE_LIST = list(Need), list(Confidence)
_NO_BADGE = 255
_HEAD = struct.Struct("<BBBBBBHi")
_NO_COUNT = -1
_CHOSEN, _ASKS = 1, 2
_LENGTH = struct.Struct("<H")


@dataclass(frozen=True, slots=True)
class StoredLine:
    """What is stored of one line: badge (None: billed outside), class, need, rule, findings, choice, units, and the
    keys of its questions."""

    badge: Badge | None
    klass: ServiceClass
    need: Need
    confidence: Confidence
    rule: str | None
    reasons: tuple[Reason, ...]
    chosen: UUID | None
    units_left_after: int | None
    questions: tuple[str, ...] = ()


def pack(verdicts: Sequence[LineVerdict]) -> bytes:
    """Pack the lines of one visit.

    Takes     the verdicts of all its lines in order.
    Returns   for each line a head (badge, class, need, confidence, number of findings, whether one was chosen and
              whether questions follow, length of the rule's name, units left), then findings, the chosen id, the
              rule's name, and the keys of its questions after their length.
    """
    parts = []
    for one in verdicts:
        requirement = one.requirement
        rule = (requirement.rule or "").encode() if requirement is not None else b""
        asks = "\n".join(questions_of(one)).encode()
        parts.append(
            _HEAD.pack(
                _NO_BADGE if one.badge is None else _BADGES[one.badge],
                _CLASSES[one.klass],
                _NEEDS[requirement.need if requirement is not None else Need.UNKNOWN],
                _CONFIDENCES[requirement.confidence if requirement is not None else Confidence.NONE],
                len(one.reasons),
                (_CHOSEN if one.chosen is not None else 0) | (_ASKS if asks else 0),
                len(rule),
                _NO_COUNT if one.units_left_after is None else one.units_left_after,
            )
        )
        parts.append(bytes([reason.number for reason in one.reasons]))
        if one.chosen is not None:
            parts.append(one.chosen.id.bytes)
        parts.append(rule)
        if asks:
            parts += (_LENGTH.pack(len(asks)), asks)
    return b"".join(parts)


def unpack(content: bytes) -> tuple[StoredLine, ...]:
    """Read the lines of one visit back. The reverse of `pack`."""
    lines = []
    at = 0
    while at < len(content):
        badge, klass, need, confidence, findings, marks, rule, left = _HEAD.unpack_from(content, at)
        at += _HEAD.size
        reasons = tuple(BY_NUMBER[number] for number in content[at : at + findings])
        at += findings
        chosen_id = UUID(bytes=content[at : at + 16]) if marks & _CHOSEN else None
        at += 16 if marks & _CHOSEN else 0
        name = content[at : at + rule].decode() or None
        at += rule
        asks, at = _asks(content, at) if marks & _ASKS else ((), at)
        lines.append(
            StoredLine(
                None if badge == _NO_BADGE else _BADGE_LIST[badge],
                _CLASS_LIST[klass],
                _NEED_LIST[need],
                _CONFIDENCE_LIST[confidence],
                name,
                reasons,
                chosen_id,
                None if left == _NO_COUNT else left,
                asks,
            )
        )
    return tuple(lines)


def packed_rules(content: bytes) -> tuple[str, ...]:
    """Read the names of the rules that a visit's packed lines rest on, without repeats, and nothing else of them."""
    found: list[str] = []
    at, end = 0, len(content)
    while at < end:
        _badge, _class, _need, _confidence, findings, marks, rule, _left = _HEAD.unpack_from(content, at)
        at += _HEAD.size + findings + (16 if marks & _CHOSEN else 0)
        if rule:
            found.append(content[at : at + rule].decode())
        at += rule
        if marks & _ASKS:
            at += _LENGTH.size + _LENGTH.unpack_from(content, at)[0]
    return tuple(dict.fromkeys(found))


def packed_questions(content: bytes) -> tuple[str, ...]:
    """Read the keys of a visit's questions from its packed lines, without repeats, and nothing else of them."""
    found: list[str] = []
    at, end = 0, len(content)
    while at < end:
        _badge, _class, _need, _confidence, findings, marks, rule, _left = _HEAD.unpack_from(content, at)
        at += _HEAD.size + findings + rule + (16 if marks & _CHOSEN else 0)
        if marks & _ASKS:
            asks, at = _asks(content, at)
            found += asks
    return tuple(dict.fromkeys(found))


def _asks(content: bytes, at: int) -> tuple[tuple[str, ...], int]:
    """Read the questions at a place; returns them and the place after them."""
    begins = at + _LENGTH.size
    ends = begins + _LENGTH.unpack_from(content, at)[0]
    return tuple(content[begins:ends].decode().split("\n")), ends
