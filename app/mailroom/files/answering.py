"""Ask the confined child process (answerer.py) what the sender of a document is to be told of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.mailroom.files.opening import MOST_BYTES, UnopenedError
from app.platform.confined import lines_from
from app.standards.errors import Fault, ReadingError
from app.standards.x12.acknowledgements.facts import GroupAnswer, InterchangeAnswer, SegmentFault, SetAnswer
from app.standards.x12.facts import Group, Interchange

ANSWERER = Path(__file__).with_name("answerer.py")


@dataclass(frozen=True, slots=True)
class Owed:
    """What the sender of a file is owed: interchanges that a TA1 answers, groups that a 999 answers."""

    interchanges: tuple[InterchangeAnswer, ...] = ()
    groups: tuple[GroupAnswer, ...] = ()


def owed_for(content: bytes) -> Owed:
    """Say what the sender of a document is owed; nothing for what is no X12.

    Raises    UnopenedError where the document could not be gone through to its end within the limits.
    """
    interchanges: list[InterchangeAnswer] = []
    groups: list[GroupAnswer] = []
    message: Mapping[str, Any] = {}
    for line in lines_from(ANSWERER, "", content, MOST_BYTES):
        message = json.loads(line)
        if "group" in message:
            groups.append(_group(message))
        elif "interchange" in message:
            interchanges.append(InterchangeAnswer(Interchange(**message["interchange"]), _fault(message["fault"])))
    if "end" not in message:
        raise UnopenedError
    return Owed(tuple(interchanges), tuple(groups))


def _fault(told: list[str] | None) -> ReadingError | None:
    return None if told is None else ReadingError(Fault(told[0]), told[1])


def _group(message: Mapping[str, Any]) -> GroupAnswer:
    within = message["interchange"]
    return GroupAnswer(
        Group(**message["group"]),
        tuple(map(_set, message["sets"])),
        None if within is None else Interchange(**within),
    )


def _set(one: Mapping[str, Any]) -> SetAnswer:
    faults = tuple(SegmentFault(**fault) for fault in one["faults"])
    return SetAnswer(one["set_id"], one["control"], one["version"], tuple(one["reasons"]), faults)
