"""Who may open what, asked of the running program: every kind of row by everybody, and what people do not see.

The whole matrix is asked by `scripts/drill matrix`; here every row that differs in more than its address stands for
those like it.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest

from tests.drills import matrix
from tests.drills.matrix_scene import ACTORS, Scene

LIMITED = [one for one in ACTORS if one.limited and one.active and one.sees_own]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Two sites, two providers, two practices, and a browser for everybody."""
    folder: Path = tmp_path_factory.mktemp("matrix")
    with matrix.scene_in(folder) as made:
        yield made


@pytest.fixture
def fresh_scene(tmp_path: Path) -> Iterator[Scene]:
    """A scene whose rows can all be shown: no cell was asked of it."""
    with matrix.scene_in(tmp_path) as made:
        yield made


def test_every_role_site_practice_and_stranger_gets_what_the_table_says(scene):
    count, wrong = matrix.ask(scene, small=True)
    assert count > 1000
    assert wrong == []


def test_no_page_names_and_no_form_touches_what_is_out_of_sight_and_a_list_without_scope_is_caught(fresh_scene):
    pages, named = matrix.read_pages(fresh_scene, LIMITED)
    forms, told = matrix.post_forms(fresh_scene, LIMITED)
    assert pages > 80
    assert forms >= 20
    assert named + told == []
    with matrix.planted(fresh_scene, "list"):
        _count, named = matrix.read_pages(fresh_scene, LIMITED[1:2])
        _count, told = matrix.post_forms(fresh_scene, LIMITED[1:2])
    assert any(one.startswith("GET /schedule by") for one in named)
    assert "something was done to what is out of sight" in told


def test_a_view_without_scope_is_caught(scene):
    with matrix.planted(scene, "no-scope"):
        _count, wrong = matrix.ask(scene, view="patient_pages.show")
    assert any("other site" in one and "coordinator of one site" in one for one in wrong)
    assert matrix.ask(scene, view="patient_pages.show")[1] == []


def test_a_row_that_is_opened_too_far_is_caught(scene):
    with matrix.planted(scene, "too-far"):
        _count, wrong = matrix.ask(scene, view="approval_pages.save")
    assert any("scheduler" in one and "299 instead of 403" in one for one in wrong)


def test_a_cell_of_which_nothing_is_written_down_fails(scene):
    table = scene.app.extensions["cleared_doors"]
    rows = {at: replace(door, objects=(("patient_id", "riddle"),)) for at, door in table.rows.items() if at[1] == WHERE}
    with patch.dict(scene.app.extensions, cleared_doors=replace(table, rows=rows)):
        _count, wrong = matrix.ask(scene)
    assert wrong
    assert all("is not known to the matrix" in one for one in wrong)


WHERE = "/patients/<uuid:patient_id>"
