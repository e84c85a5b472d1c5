"""The forms of what the practice knows: networks, groups, visit types, what the chart says."""

from collections.abc import Collection

from app.practice.facts.practice import Network
from app.questions.facts.words import NetworkWord
from app.questions.forms.typed import Typed
from app.schedule.facts import TypeLine
from app.schedule.forms import TypeLineError, read_type_line
from app.values.codes import read_npi

MOST_LINES = 12


def read_network(typed: Typed) -> NetworkWord | None:
    """Read the practice's word on a network."""
    network = typed.one_of("network", tuple(Network), "Choose whether the provider is in the network or not.")
    plan = typed.text("plan")
    begins = typed.day(
        "begins", "First day", "Enter the first day for which this holds, like the contract's first day."
    )
    until = typed.day("until", "Last day")
    if begins is not None:
        typed.not_before("until", "Last day", until, begins, "it cannot end before its first day.")
    if typed.errors or network is None or begins is None:
        return None
    return NetworkWord(Network(network), plan, begins, until)


def read_group(typed: Typed) -> str | None:
    """Read a group NPI."""
    text = typed.text("group_npi", "Enter the group NPI under which claims are sent: 10 digits.")
    if text is None:
        return None
    npi = read_npi(text)
    if npi is None:
        digits = sum(character.isdigit() for character in text)
        typed.errors["group_npi"] = (
            f"Group NPI must have 10 digits; you entered {digits}."
            if digits != 10
            else "Group NPI does not add up: its last digit checks the others. Compare it with the letter."
        )
    return npi


def read_lines(typed: Typed) -> tuple[TypeLine, ...] | None:
    """Read the lines of a visit type: one a line, `17311:1`, `drug:dupixent:1` or `self_pay`."""
    texts = [text.strip() for text in typed.values.get("lines", "").splitlines() if text.strip()]
    if not texts:
        typed.errors["lines"] = "Enter at least one line: a code with its units, like 17311:1, or self_pay."
        return None
    if len(texts) > MOST_LINES:
        typed.errors["lines"] = f"A visit type stands for at most {MOST_LINES} lines; this has {len(texts)}."
        return None
    try:
        return tuple(read_type_line(text[:80]) for text in texts)
    except TypeLineError as error:
        typed.errors["lines"] = str(error)
        return None


def read_triggers(typed: Typed, chosen: Collection[str], allowed: Collection[str]) -> frozenset[str] | None:
    """Read which findings the chart documents."""
    found = frozenset(chosen) & frozenset(allowed)
    if not found:
        typed.errors["triggers"] = "Tick what the note of this patient documents, or mark the visits as self-pay."
        return None
    return found
