"""A small file from upload to confirmation."""

from app.practice.facts import Role
from tests.web.imports.support import Files, csv_of, tallies, visits


def test_a_file_is_checked_and_written_only_when_confirmed(sign_in):
    files = Files(sign_in(Role.COORDINATOR))
    address = files.begun(csv_of(visits(3)))
    assert tallies(files.page(address)) == (3, 0, 0, 0)
    answer = files.post(address, "/confirm")
    assert answer.status_code == 303, answer.text
    done = files.page(address)
    assert "<h1>Brought in</h1>" in done
    assert tallies(done) == (3, 0, 0, 0)
    again = files.begun(csv_of(visits(3)))
    page = files.page(again)
    assert tallies(page) == (0, 0, 3, 0)
    assert "This file changes nothing: all 3 rows are on file" in page
    assert "The very same file was brought in on 03/02/2026 10:00 AM (Kim Example)." in page
