"""One PDF of our pages and documents: what stands where, what is read out, and what is never fetched."""

import io

import PIL.Image
import pypdf
import pytest
from pypdf.generic import NameObject, NumberObject

from app.documents.facts import MediaType
from app.documents.files import pressing
from app.documents.files.pressing import (
    LibraryMissingError,
    Part,
    PartUnreadableError,
    PressFailedError,
    missing_words,
    press,
)
from app.platform.confinement import worker_of
from tests.support import papers

STYLE = (
    "@page { size: letter; margin: 54pt } .part { break-before: page } .part h2, .part p { margin: 0; font-size: 10pt }"
    " .part img { display: block; width: 504pt; height: 640pt } .part .picture { object-fit: contain }"
)
HEAD = f'<!doctype html><html lang="en"><head><title>Ours</title><style>{STYLE}</style></head>'
OURS = f"{HEAD}<body><h1>Ours</h1><!--parts--></body></html>"


def pressed(*parts, html=OURS):
    """The PDF of our page and some parts."""
    return pypdf.PdfReader(io.BytesIO(press(html, parts).content))


def pdf_part(*pages, title="Note", change=None):
    """A part of a few pages."""
    return Part(title, MediaType.PDF, papers.pdf(*pages, change=change))


def figures(reader):
    """The figures of what is read out, in order."""
    found = []

    def walk(node):
        one = node.get_object()
        if isinstance(one, list):
            for inner in one:
                walk(inner)
        elif isinstance(one, dict) and "/S" in one:
            found.extend([one] if one["/S"] == "/Figure" else [])
            walk(one.get("/K", pypdf.generic.ArrayObject()))

    walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


def test_without_parts_our_pages_stand_alone():
    made = press(OURS, [])
    assert (made.pages, made.whole) == (1, True)
    assert b'pdfuaid:part="1"' in pypdf.PdfReader(io.BytesIO(made.content)).trailer["/Root"]["/Metadata"].get_data()


def test_parts_follow_in_their_order_and_each_page_is_a_figure_with_its_words():
    photo = Part("Photo", MediaType.PNG, papers.picture("PNG"))
    reader = pressed(pdf_part("First words", "Second words"), photo, pdf_part("Third words", title="Letter"))
    assert len(reader.pages) == 5
    assert [one["/Alt"] for one in figures(reader)] == [
        "Note, page 1. First words",
        "Note, page 2. Second words",
        "Photo, a picture.",
        "Letter, page 1. Third words",
    ]
    assert "First words" in reader.pages[1].extract_text()
    assert "Document 3 of 3: Letter" in reader.pages[4].extract_text()


def test_a_packet_with_fonts_that_are_not_embedded_does_not_say_that_it_is_pdf_ua():
    made = press(OURS, [pdf_part("Helvetica is not embedded")])
    assert not made.whole
    assert b"pdfuaid:part" not in pypdf.PdfReader(io.BytesIO(made.content)).trailer["/Root"]["/Metadata"].get_data()


def test_a_packet_of_a_packet_keeps_its_fonts():
    inner = press(OURS, [])
    made = press(OURS, [Part("Packet", MediaType.PDF, inner.content)])
    assert made.whole
    assert "Ours" in pypdf.PdfReader(io.BytesIO(made.content)).pages[1].extract_text()


def test_a_form_is_filled_and_what_was_filled_in_by_hand_stays():
    blank = papers.pdf("Form", change=papers.with_form("Patient", "Born"))
    reader = pressed(Part("Form", MediaType.PDF, blank, {"Patient": "Bauer, Otto", "Born": "05/17/1980"}))
    text = reader.pages[1].extract_text()
    assert "Bauer, Otto" in text
    assert "05/17/1980" in text
    assert "/Annots" not in reader.pages[1]
    assert "/AcroForm" not in reader.trailer["/Root"]


@pytest.mark.parametrize(
    "part",
    [
        Part("Form", MediaType.PDF, papers.pdf("Form", change=papers.with_form("Patient")), {"Nobody": "x"}),
        Part("Photo", MediaType.JPEG, b"\xff\xd8\xff no picture"),
    ],
    ids=["a field that the form does not have", "broken"],
)
def test_a_part_that_cannot_be_read_is_told_by_its_place(part):
    with pytest.raises(PartUnreadableError) as refused:
        press(OURS, [pdf_part("x"), part])
    assert refused.value.place == 1


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_page_that_is_turned_is_shown_as_it_is_read_within_its_box(turned):
    worker = worker_of(str(pressing.PRESSER))
    a, b, c, d, e, f = worker.fitted(612, 792, 0, 0, turned)
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (0, 612) for y in (0, 792)]
    assert all(-1e-9 <= x <= 1 + 1e-9 and -1e-9 <= y <= 1 + 1e-9 for x, y in corners)
    wide = (max(x for x, _y in corners) - min(x for x, _y in corners)) * worker.BOX[0]
    high = (max(y for _x, y in corners) - min(y for _x, y in corners)) * worker.BOX[1]
    seen = (792, 612) if turned in (90, 270) else (612, 792)
    assert wide / high == pytest.approx(seen[0] / seen[1])
    top_left = {0: (0, 792), 90: (0, 0), 180: (612, 0), 270: (612, 792)}[turned]
    x, y = a * top_left[0] + c * top_left[1] + e, b * top_left[0] + d * top_left[1] + f
    assert x == pytest.approx(min(one for one, _y in corners))
    assert y == pytest.approx(max(one for _x, one in corners))


def test_a_turned_page_is_taken():
    def turn(writer):
        writer.pages[0][NameObject("/Rotate")] = NumberObject(90)

    assert "Turned" in pressed(pdf_part("Turned", change=turn)).pages[1].extract_text()


def test_what_a_camera_wrote_into_a_picture_does_not_leave():
    exif = PIL.Image.Exif()
    exif[0x010F] = "A camera with a place"
    photo = papers.picture("JPEG", exif=exif.tobytes())
    assert b"A camera with a place" in photo
    made = press(OURS, [Part("Photo", MediaType.JPEG, photo)])
    reader = pypdf.PdfReader(io.BytesIO(made.content))
    (image,) = reader.pages[1].images
    assert b"A camera" not in image.data


def test_nothing_is_fetched(tmp_path):
    there = tmp_path / "there.png"
    there.write_bytes(papers.picture("PNG"))
    addresses = (there.as_uri(), "http://127.0.0.1:9/x.png", "https://example.com/x.png", "part:7-1")
    images = "".join(f'<p>Before<img src="{address}" alt="Not there">after</p>' for address in addresses)
    reader = pressed(html=OURS.replace("<h1>Ours</h1>", f"<h1>Ours</h1>{images}"))
    assert len(reader.pages) == 1
    assert not list(reader.pages[0].images)


def test_a_maker_that_dies_is_told(tmp_path, monkeypatch):
    dying = tmp_path / "dying.py"
    dying.write_text("import os\nMEMORY, SECONDS = 2**29, 9\ndef main():\n    os._exit(1)\n")
    monkeypatch.setattr(pressing, "PRESSER", dying)
    with pytest.raises(PressFailedError):
        press(OURS, [])


def test_a_missing_library_is_named(tmp_path, monkeypatch):
    bare = tmp_path / "bare.py"
    bare.write_text(
        'MEMORY, SECONDS = 2**29, 9\ndef main():\n    print(\'{"missing": "cannot load libpangoft2-1.0.so.0: no"}\')\n'
    )
    monkeypatch.setattr(pressing, "PRESSER", bare)
    with pytest.raises(LibraryMissingError, match=r"libpangoft2-1\.0\.so\.0 is missing"):
        press(OURS, [])
    assert "WeasyPrint" in missing_words("No module named weasyprint")
