"""Drafts at rest: sealed, bound to their row and practice, changed by one person at a time."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import text

from app.imports.facts import Code, Draft, DraftState, Edits, Kind, Refused, Table
from app.imports.rules.packing import edited
from app.imports.store import drafts
from app.platform.ids import new_id
from app.platform.sealed import UnsealError
from tests.support import make

TABLE = Table(("MRN", "Last"), ((2, ("M7", "Zubrowka")), (3, ("M8",))))


@pytest.fixture
def draft(caller) -> Draft:
    """A draft on file, of two rows."""
    one = Draft(
        new_id(), DraftState.CHECKED, Kind.COVERAGE, 1, "0" * 64, 2, 0, ("patient_mrn", ""), make.NOW, None, make.NOW,
        None, None, {"name": "Zubrowka.csv"}, None,
    )  # fmt: skip
    drafts.add_draft(caller.session, make.PRACTICE_ID, one, TABLE)
    caller.session.commit()
    return one


def read(caller, draft_id: UUID) -> Draft | None:
    """Read it anew."""
    caller.session.rollback()
    return drafts.draft_of(caller.session, make.PRACTICE_ID, draft_id)


def test_a_draft_comes_back_as_it_was_kept(caller, draft):
    assert read(caller, draft.id) == draft
    assert drafts.table_of(caller.session, make.PRACTICE_ID, draft.id) == TABLE
    assert drafts.edits_of(caller.session, make.PRACTICE_ID, draft.id) == Edits()
    assert drafts.refused_of(caller.session, make.PRACTICE_ID, draft.id) == []


def test_what_was_decided_and_refused_comes_back(caller, draft):
    edits = Edits({2: {1: "Żubrówka", 4: ""}}, frozenset({"A1"}))
    refused = [Refused(3, "patient_last", Code.MISSING, "", "Write the last name of the patient.")]
    values = {"edits": edits, "refused": refused, "summary": {"counts": {"refused": 1}}, "state": DraftState.DONE}
    assert drafts.change_draft(caller.session, make.PRACTICE_ID, draft, make.NOW, **values)
    assert drafts.edits_of(caller.session, make.PRACTICE_ID, draft.id) == edits
    assert drafts.refused_of(caller.session, make.PRACTICE_ID, draft.id) == refused
    found = drafts.draft_of(caller.session, make.PRACTICE_ID, draft.id)
    assert (found.version, found.state, found.summary) == (2, DraftState.DONE, {"counts": {"refused": 1}})
    again = replace(edits, cancel=None)
    drafts.change_draft(caller.session, make.PRACTICE_ID, found, make.NOW, edits=again)
    assert drafts.edits_of(caller.session, make.PRACTICE_ID, draft.id) == again


def test_edited_cells_are_laid_over_the_rows_and_narrow_rows_grow():
    table = edited(TABLE, Edits({3: {1: "Bauer"}, 9: {0: "x"}}))
    assert table.rows == ((2, ("M7", "Zubrowka")), (3, ("M8", "Bauer")))


def test_the_second_of_two_changes_nothing(caller, draft):
    assert drafts.change_draft(caller.session, make.PRACTICE_ID, draft, make.NOW, done=1)
    assert not drafts.change_draft(caller.session, make.PRACTICE_ID, draft, make.NOW, done=2)
    assert not drafts.drop_draft(caller.session, make.PRACTICE_ID, draft)
    caller.session.commit()
    assert read(caller, draft.id).done == 1


def test_nothing_at_rest_can_be_read(caller, draft, engine):
    edits = Edits({2: {1: "Zubrowka"}})
    refused = [Refused(2, "patient_last", Code.MISSING, "Zubrowka", "")]
    values = {"edits": edits, "summary": {"found": "Zubrowka"}, "refused": refused}
    drafts.change_draft(caller.session, make.PRACTICE_ID, draft, make.NOW, **values)
    caller.session.commit()
    with engine.connect() as connection:
        (row,) = connection.execute(text("SELECT * FROM import_draft")).all()
    cells = [bytes(cell) if isinstance(cell, memoryview | bytes) else str(cell).encode() for cell in row]
    assert len(cells) == 19
    assert not [cell for cell in cells if b"Zubrowka" in cell or b"ubrow" in cell]


def test_content_that_was_moved_to_another_draft_does_not_open(caller, draft):
    other = replace(draft, id=new_id())
    drafts.add_draft(caller.session, make.PRACTICE_ID, other, Table(("MRN",), ()))
    where = "(SELECT content FROM import_draft WHERE id <> :id)"
    bound = {"id": other.id.bytes if caller.session.get_bind().dialect.name == "sqlite" else other.id}
    caller.session.execute(text(f"UPDATE import_draft SET content = {where} WHERE id = :id"), bound)
    with pytest.raises(UnsealError):
        drafts.table_of(caller.session, make.PRACTICE_ID, other.id)


def test_a_practice_sees_its_own_drafts_alone(caller, draft):
    assert drafts.draft_of(caller.session, make.OTHER_PRACTICE_ID, draft.id) is None
    assert drafts.drafts(caller.session, make.OTHER_PRACTICE_ID) == ()
    assert not drafts.change_draft(caller.session, make.OTHER_PRACTICE_ID, draft, make.NOW, done=1)
    assert drafts.drop_begun_before(caller.session, make.OTHER_PRACTICE_ID, make.NOW) == 0
    assert [one.id for one in drafts.drafts(caller.session, make.PRACTICE_ID)] == [draft.id]
