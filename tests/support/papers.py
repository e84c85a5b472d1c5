"""Documents made for tests: PDFs with words, pictures, and files that must be refused."""

import io
from collections.abc import Callable, Mapping
from typing import Any

import PIL.Image
import pypdf
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
)


def pdf(*pages: str, change: Callable[[pypdf.PdfWriter], None] | None = None, secret: str | None = None) -> bytes:
    """A PDF with one page for each text; `change` may do to it what it wants; `secret` locks it."""
    writer = pypdf.PdfWriter()
    for words in pages:
        page = writer.add_blank_page(612, 792)
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        drawn = DecodedStreamObject()
        drawn.set_data(f"BT /F1 12 Tf 72 700 Td ({words}) Tj ET".encode("latin-1"))
        page[NameObject("/Contents")] = writer._add_object(drawn)
    if change is not None:
        change(writer)
    if secret is not None:
        writer.encrypt(secret)
    return _written(writer)


def with_script(writer: pypdf.PdfWriter) -> None:
    """Let a PDF run a script when it is opened."""
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert(1)")}
    _catalog(writer, "/OpenAction", script)


def with_launch(writer: pypdf.PdfWriter) -> None:
    """Let a PDF start a program when it is opened."""
    _catalog(writer, "/OpenAction", {"/S": NameObject("/Launch"), "/F": TextStringObject("calc.exe")})


def with_attachment(writer: pypdf.PdfWriter) -> None:
    """Put another file into a PDF."""
    writer.add_attachment("inside.txt", b"x")


def with_hidden_script(writer: pypdf.PdfWriter) -> None:
    """Put a script into a part that nothing points to yet."""
    writer._add_object(DictionaryObject({NameObject("/JS"): TextStringObject("app.alert(1)")}))


def with_form(*names: str) -> Callable[[pypdf.PdfWriter], None]:
    """Give the first page of a PDF text fields of these names, one below the other, and a box to tick."""

    def change(writer: pypdf.PdfWriter) -> None:
        page, fields = writer.pages[0], ArrayObject()
        for place, name in enumerate(names):
            low = 640 - 30 * place
            field = DictionaryObject(
                {
                    NameObject("/Type"): NameObject("/Annot"),
                    NameObject("/Subtype"): NameObject("/Widget"),
                    NameObject("/FT"): NameObject("/Tx"),
                    NameObject("/T"): TextStringObject(name),
                    NameObject("/V"): TextStringObject(""),
                    NameObject("/DA"): TextStringObject("/Helv 10 Tf 0 g"),
                    NameObject("/Rect"): ArrayObject(map(pypdf.generic.NumberObject, (72, low, 400, low + 20))),
                }
            )
            fields.append(writer._add_object(field))
        page[NameObject("/Annots")] = fields
        helvetica = page["/Resources"]["/Font"]["/F1"].indirect_reference
        form = DictionaryObject(
            {
                NameObject("/Fields"): fields,
                NameObject("/DA"): TextStringObject("/Helv 10 Tf 0 g"),
                NameObject("/DR"): DictionaryObject(
                    {NameObject("/Font"): DictionaryObject({NameObject("/Helv"): helvetica})}
                ),
            }
        )
        writer._root_object[NameObject("/AcroForm")] = writer._add_object(form)

    return change


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 200), exif: bytes | None = None) -> bytes:
    """A picture of one color."""
    made = io.BytesIO()
    options = {} if exif is None else {"exif": exif}
    PIL.Image.new("RGB", size, "#88aacc").save(made, kind, **options)
    return made.getvalue()


def multipart(form: Mapping[str, str], content: bytes, name: str) -> dict[str, Any]:
    """What a browser sends of a form with a file, for a test client. The client's own way leaves large ones open."""
    boundary = "----------of-a-form"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in form.items()
    ]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    parts += [f"{head}Content-Type: application/octet-stream\r\n\r\n".encode(), content, b"\r\n"]
    body = b"".join([*parts, f"--{boundary}--\r\n".encode()])
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}


def _catalog(writer: pypdf.PdfWriter, name: str, content: dict[str, object]) -> None:
    made = DictionaryObject({NameObject(key): value for key, value in content.items()})
    writer._root_object[NameObject(name)] = writer._add_object(made)


def _written(writer: pypdf.PdfWriter) -> bytes:
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
