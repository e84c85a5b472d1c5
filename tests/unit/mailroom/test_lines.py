"""The lines of a document as they came, for the page that shows them."""

from app.mailroom.files.opening import lines_in


def test_half_characters_of_a_document_can_be_shown():
    content = b'{"resourceType": "ClaimResponse", "disposition": "\\ud800", "\\udfff": "as \\u00e4 whole"}'
    lines, total = lines_in(content, 0, 10)
    assert lines == (
        "{",
        '  "resourceType": "ClaimResponse",',
        '  "disposition": "?",',
        '  "?": "as \u00e4 whole"',
        "}",
    )
    assert total == 5
    "".join(lines).encode()
