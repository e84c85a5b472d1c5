"""Makes one PDF of a page of ours and documents, alone in a confined process (app/platform/confinement.py).

Standard input: a line of JSON, then the bytes of the parts in order. The JSON has `html` and its `style`, our own pages
with the mark `<!--parts-->` where the parts follow, and `parts`: of each its `kind` (pdf, png, jpeg, form), `size`,
`title` and, of a form, `fields` (values by the names of its fields). Out come a line of JSON (`pages`, `whole`: every
font is embedded) and the PDF; or `{"missing"}`, what of the system is not there; or `{"part"}`, the place of one that
cannot be read.

Each page of a part stands on a page of ours, as a figure in the tree of what the PDF says, so that its heading, page
number and words are read out. Nothing is fetched: the only addresses that open are those of the parts.
"""

import html
import io
import json
import re
import sys
from dataclasses import dataclass
from typing import Any

import PIL.Image
import PIL.ImageOps
import PIL.JpegImagePlugin
import PIL.PngImagePlugin
import pypdf
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, FloatObject, NameObject, StreamObject

try:
    import weasyprint
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    MISSING = None
except (OSError, ImportError) as error:  # a library of the system that is not there
    MISSING = str(error)
    URLFetcher = object

MIB = 2**20
MEMORY = 2500 * MIB
SECONDS = 120
BOX = (504.0, 640.0)  # points of a letter page that a page of a part gets: as in the style of the packet
PICTURE_DOTS = 2000  # of the longer side of a picture: about 200 an inch, what a fax shows
MOST_WORDS = 2000
MARK = "<!--parts-->"
HIDDEN = 2  # of an annotation's flags
DOT = b"\x89PNG\r\n\x1a\n" + bytes.fromhex(
    "0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c63f80f0001010100b138f614000000"
    "0049454e44ae426082"
)  # one white dot


class PartError(Exception):
    """A part cannot be read: its place."""


@dataclass
class Sheet:
    """One page of a part: its place, what is drawn, and the words that are read out."""

    place: int
    number: int
    of: int
    title: str
    words: str
    page: Any = None
    picture: bytes = b""

    @property
    def address(self) -> str:
        """What names its figure in the page."""
        return f"part:{self.place}-{self.number}"


class Sheets(URLFetcher):  # type: ignore[misc]
    """Opens the addresses of the parts, and no other."""

    def __init__(self, sheets: list[Sheet]) -> None:
        super().__init__(allowed_protocols=("part",), allow_redirects=False)
        self.by_address = {one.address: one for one in sheets}

    def fetch(self, url: str, headers: Any = None) -> Any:
        """Give a picture, or a dot in whose place a page of a PDF is put later."""
        sheet = self.by_address.get(url)
        if sheet is None:
            raise ValueError("nothing is fetched")
        kind = "image/jpeg" if sheet.picture else "image/png"
        return URLFetcherResponse(url, sheet.picture or DOT, {"Content-Type": kind})


def sheets_of(place: int, part: dict[str, Any], content: bytes) -> list[Sheet]:
    """Read the pages of a part."""
    try:
        if part["kind"] in ("png", "jpeg"):
            words = f"{part['title']}, a picture."
            return [Sheet(place, 1, 1, part["title"], words, picture=clean_picture(content, part["kind"]))]
        reader = pypdf.PdfReader(io.BytesIO(content))
        if part["kind"] == "form":
            reader = filled(reader, part["fields"])
        pages = list(reader.pages)
        return [
            Sheet(place, number, len(pages), part["title"], words_of(page, part["title"], number), page)
            for number, page in enumerate(pages, 1)
        ]
    except MemoryError:
        raise
    except Exception:  # whatever a reader raises on broken bytes, the part cannot be read
        raise PartError(place) from None


def clean_picture(content: bytes, kind: str) -> bytes:
    """Turn a picture the right way up, make it as large as a page needs, and leave out what the camera wrote in."""
    with PIL.Image.open(io.BytesIO(content), formats=[kind.upper()]) as picture:
        upright = PIL.ImageOps.exif_transpose(picture)
        upright.thumbnail((PICTURE_DOTS, PICTURE_DOTS))
        if upright.mode in ("RGBA", "LA", "P"):
            upright = PIL.Image.alpha_composite(PIL.Image.new("RGBA", upright.size, "white"), upright.convert("RGBA"))
        made = io.BytesIO()
        upright.convert("RGB").save(made, "JPEG", quality=85)
        return made.getvalue()


def words_of(page: Any, title: str, number: int) -> str:
    """What is read out for a page: its words where it has any."""
    try:
        text = " ".join(page.extract_text().split())[:MOST_WORDS]
    except Exception:  # a page without readable words is still a page
        text = ""
    said = f"{title}, page {number}."
    return f"{said} {text}" if text else f"{said} A scanned page without text."


def filled(reader: Any, fields: dict[str, str]) -> Any:
    """Fill a form. Raises KeyError for a field that the form does not have."""
    writer = pypdf.PdfWriter(clone_from=reader)
    known = writer.get_fields() or {}
    texts: dict[str, Any] = {}
    for name, value in fields.items():
        states = known[name].get("/_States_", ())
        on = next((str(one) for one in states if str(one) != "/Off"), "/Yes")
        texts[name] = (on if value else "/Off") if known[name].get("/FT") == "/Btn" else value
    for page in writer.pages:
        writer.update_page_form_field_values(page, texts, auto_regenerate=False)
    made = io.BytesIO()
    writer.write(made)
    return pypdf.PdfReader(made)


def put_in(writer: Any, page: Any, sheet: Sheet) -> None:
    """Draw a page of a part in the place of its figure on a page of ours."""
    resources: Any = DictionaryObject(page["/Resources"].get_object())
    drawn = DictionaryObject(resources["/XObject"].get_object())
    used = re.findall(rb"/(\S+) Do", page.get_contents().get_data())
    (name,) = {one.decode() for one in used}
    drawn[NameObject(f"/{name}")] = writer._add_object(form_of(writer, sheet.page))
    resources[NameObject("/XObject")] = drawn
    page[NameObject("/Resources")] = resources


def form_of(writer: Any, page: Any) -> StreamObject:
    """Make a drawing of a page that fills the square from 0 to 1 as the figure on our page has it."""
    left, low, right, high = (float(one) for one in page.cropbox)
    contents = page.get_contents()
    form = DecodedStreamObject()
    found: Any = page.get("/Resources")
    resources = DictionaryObject(found.get_object().clone(writer)) if found is not None else DictionaryObject()
    stamps, stamped = annotations(writer, page)
    if stamped:
        objects = DictionaryObject(resources.get("/XObject", DictionaryObject()).get_object())
        objects.update(stamped)
        resources[NameObject("/XObject")] = objects
    drawn = contents.get_data() if contents is not None else b""
    form.set_data(b"q\n" + drawn + b"\nQ\n" + stamps)
    form.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): numbers(left, low, right, high),
            NameObject("/Matrix"): numbers(*fitted(right - left, high - low, left, low, page.rotation % 360)),
            NameObject("/Resources"): resources,
        }
    )
    return form.flate_encode()


def fitted(
    width: float, height: float, left: float, low: float, turned: int
) -> tuple[float, float, float, float, float, float]:
    """The matrix that fits a page into the middle of the figure's box, turned as it is read, its shape kept."""
    seen = (height, width) if turned in (90, 270) else (width, height)
    scale = min(BOX[0] / seen[0], BOX[1] / seen[1])
    across, up = scale / BOX[0], scale / BOX[1]
    middle_x, middle_y = left + width / 2, low + height / 2
    cos, sin = {0: (1, 0), 90: (0, -1), 180: (-1, 0), 270: (0, 1)}[turned]
    a, b, c, d = cos * across, sin * up, -sin * across, cos * up
    return a, b, c, d, 0.5 - a * middle_x - c * middle_y, 0.5 - b * middle_x - d * middle_y


def annotations(writer: Any, page: Any) -> tuple[bytes, dict[NameObject, Any]]:
    """How to draw what was filled in, stamped or drawn onto a page, and the drawings themselves."""
    drawn, objects = [], {}
    for place, found in enumerate(page.get("/Annots") or ()):
        one = found.get_object()
        look = shown(one)
        if look is None or int(one.get("/F", 0)) & HIDDEN or one.get("/Subtype") in ("/Popup", "/Link"):
            continue
        name = NameObject(f"/Cleared{place}")
        objects[name] = look.clone(writer).indirect_reference
        drawn.append(placed(one, look, name))
    return b"".join(drawn), objects


def shown(annotation: Any) -> Any:
    """The drawing of an annotation as it stands; None where it has none."""
    look = annotation.get("/AP", {}).get("/N")
    look = look.get_object() if look is not None else None
    if isinstance(look, DictionaryObject) and not isinstance(look, StreamObject):
        look = look.get(annotation.get("/AS", "/Off"))
        look = look.get_object() if look is not None else None
    return look if isinstance(look, StreamObject) and "/BBox" in look else None


def placed(annotation: Any, look: Any, name: str) -> bytes:
    """Draw an annotation where it stands (ISO 32000-1, 12.5.5)."""
    a, b, c, d, e, f = (float(one) for one in look.get("/Matrix", (1, 0, 0, 1, 0, 0)))
    box = [float(one) for one in look["/BBox"]]
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in box[::2] for y in box[1::2]]
    low_x, high_x = min(x for x, _y in corners), max(x for x, _y in corners)
    low_y, high_y = min(y for _x, y in corners), max(y for _x, y in corners)
    rect = [float(one) for one in annotation["/Rect"]]
    left, right, low, high = min(rect[::2]), max(rect[::2]), min(rect[1::2]), max(rect[1::2])
    if high_x == low_x or high_y == low_y:
        return b""
    across, up = (right - left) / (high_x - low_x), (high - low) / (high_y - low_y)
    moved = f"{across:.5f} 0 0 {up:.5f} {left - across * low_x:.3f} {low - up * low_y:.3f}"
    return f"q {moved} cm {name} Do Q\n".encode()


def numbers(*values: float) -> ArrayObject:
    """Numbers as a PDF holds them."""
    return ArrayObject(FloatObject(round(one, 7)) for one in values)


def whole(page: Any) -> bool:
    """Say whether every font that a page names is embedded, as far as its own resources tell."""
    fonts = (page.get("/Resources") or {}).get("/Font") or {}
    for font in fonts.values():
        one = font.get_object()
        inner = one["/DescendantFonts"][0].get_object() if "/DescendantFonts" in one else one
        if inner.get("/Subtype") != "/Type3" and not any(
            name.startswith("/FontFile") for name in inner.get("/FontDescriptor", {})
        ):
            return False
    return True


def section(sheet: Sheet, parts: int) -> str:
    """The page of ours on which a page of a part stands."""
    title, words = html.escape(sheet.title), html.escape(sheet.words)
    at = f"Page {sheet.number} of {sheet.of}"
    head = f"<h2>Document {sheet.place + 1} of {parts}: {title}</h2>" if sheet.number == 1 else f"<p>{title}</p>"
    kind = "picture" if sheet.picture else "page"
    figure = f'<img class="{kind}" src="{sheet.address}" alt="{words}">'
    return f'<section class="part">{head}<p class="at">{at}</p>{figure}</section>'


def pressed(order: dict[str, Any], contents: list[bytes]) -> tuple[bytes, int, bool]:
    """Make the PDF. Returns its bytes, its pages, and whether every font in it is embedded."""
    given = zip(order["parts"], contents, strict=True)
    sheets = [sheet for place, (part, content) in enumerate(given) for sheet in sheets_of(place, part, content)]
    page = order["html"].replace(MARK, "".join(section(one, len(contents)) for one in sheets))
    style = weasyprint.CSS(string=order.get("style", ""))
    laid_out = weasyprint.HTML(string=page, url_fetcher=Sheets(sheets))
    made = laid_out.write_pdf(stylesheets=[style], pdf_variant="pdf/ua-1")
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(made))
    ours = len(writer.pages) - len(sheets)
    for place, sheet in enumerate(sheets):
        if sheet.page is not None:
            put_in(writer, writer.pages[ours + place], sheet)
    embedded = all(whole(one.page) for one in sheets if one.page is not None)
    if not embedded:  # then it is no PDF/UA, and does not say so
        metadata: Any = writer._root_object["/Metadata"].get_object()
        metadata.set_data(re.sub(rb'<rdf:Description[^>]*pdfuaid:part="1"[^>]*/>', b"", metadata.get_data()))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue(), len(writer.pages), embedded


def main() -> None:
    """Read what is to be pressed, and write it out."""
    out = sys.stdout.buffer
    if MISSING is not None:
        out.write(json.dumps({"missing": MISSING}).encode() + b"\n")
        return
    order = json.loads(sys.stdin.buffer.readline())
    contents = [sys.stdin.buffer.read(part["size"]) for part in order["parts"]]
    try:
        content, pages, embedded = pressed(order, contents)
    except PartError as error:
        out.write(json.dumps({"part": error.args[0]}).encode() + b"\n")
        return
    out.write(json.dumps({"pages": pages, "whole": embedded, "size": len(content)}).encode() + b"\n" + content)
