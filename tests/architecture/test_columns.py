"""What is at rest: every column of text, JSON or bytes says what it holds, and what may identify somebody is sealed."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Column, Enum, LargeBinary, String

from app.platform.db import JsonText, SealedText, Uuid16
from app.web.models import all_tables

LIST = Path(__file__).with_name("columns.yaml")
KINDS = frozenset({"sealed", "blind", "digest", "code", "word", "number", "ours", "payer", "practice", "staff"})
WHAT_TO_DO = (
    "{name} is not in tests/architecture/columns.yaml. May it identify a patient, or may a person type words into it? "
    "Then make it Mapped[Sealed], write it with keyring_of(session).seal('{name}', practice_id, row id, text), read it "
    "with unseal, and list it as sealed. Else list it with its kind and, in a line, why it holds nothing of the kind."
)


class _Strict(yaml.SafeLoader):
    """Refuses a key that stands twice: the second would silently replace the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Make a mapping of keys that differ."""
        keys = [key.value for key, _value in node.value]
        assert len(set(keys)) == len(keys), f"{sorted(one for one in keys if keys.count(one) > 1)} stand twice"
        return super().construct_mapping(node, deep)


def listed() -> dict[str, tuple[str, str]]:
    """What columns.yaml says, by `table.column`: kind and reason."""
    content = yaml.load(LIST.read_text(), _Strict)
    return {f"{table}.{column}": (kind, why) for table, said in content.items() for column, (kind, why) in said.items()}


def columns() -> dict[str, Column[Any]]:
    """The columns that can hold words: all but ids, closed lists with a CHECK, numbers, instants and days."""
    return {
        f"{table.name}.{one.name}": one
        for table in all_tables().tables.values()
        for one in table.columns
        if isinstance(one.type, String | LargeBinary | JsonText | SealedText)
        and not isinstance(one.type, Enum | Uuid16)
    }


def test_every_column_that_can_hold_words_says_what_it_holds():
    missing = [WHAT_TO_DO.format(name=name) for name in columns().keys() - listed().keys()]
    assert missing == []


def test_the_list_names_no_column_that_is_gone():
    assert listed().keys() - columns().keys() == set()


def test_what_is_listed_as_sealed_is_sealed_and_nothing_else_is():
    sealed = {name for name, one in columns().items() if isinstance(one.type, SealedText)}
    assert {name for name, (kind, _why) in listed().items() if kind == "sealed"} == sealed


def test_every_kind_is_known_and_every_reason_is_written():
    for name, (kind, why) in listed().items():
        assert kind in KINDS, name
        assert why.strip(), name


@pytest.mark.parametrize("name", ["patient.last_name", "authorization.number", "visit_ask.note", "coverage.member_id"])
def test_identifiers_and_notes_are_among_the_sealed(name):
    assert listed()[name][0] == "sealed"


def test_columns_of_notes_and_reasons_are_sealed_by_their_names_alone():
    """A column that is called like words of a person is never listed as anything else."""
    words = ("note", "reason", "comment", "answer", "body", "typed", "address", "phone", "birth_date", "mrn")
    own = {"practice_texts.phone"}  # the practice's own phone, which stands in every text
    plain = [
        name
        for name, (kind, _why) in listed().items()
        if name.split(".")[1] in words and kind != "sealed" and name not in own
    ]
    assert plain == []
