"""Documents that came: the one door for files of all kinds, the list, and one document in words and as it came."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.imports.forms import UploadForm
from app.imports.routes.files import desk, upload
from app.mailroom.actions import mail as actions
from app.mailroom.actions.receiving import receive
from app.mailroom.facts import Report, Via
from app.mailroom.forms.uploads import read_document
from app.mailroom.intake.recognising import HEAD
from app.mailroom.views.mail import document_page, mail_page
from app.mailroom.views.reports import fault_words
from app.practice.access import current_caller, current_practice, needs, say, sees
from app.practice.facts.staff import Permission
from app.practice.rules.fields import Field
from app.values.wording import counted

WHILE_WAITING = 200
"""Records of a document that are filed while the person waits for the page."""
mail_pages = Blueprint("mail_pages", __name__, url_prefix="/mail")


@mail_pages.get("", endpoint="list")
@needs(Permission.IMPORT)
def show_all() -> str:
    """List the documents that came, newest first."""
    found = actions.list_mail(current_caller(), _id_of("before"))
    return render_template("mailroom/list.html", page=mail_page(found, _zone()))


@mail_pages.post("", endpoint="take")
@needs(Permission.IMPORT)
def take() -> str | Response | tuple[str, int]:
    """Take a file of any kind: a document of the trade is kept and filed, a table goes on as a draft of an import."""
    file = request.files.get("file")
    head = b"" if file is None else file.stream.read(HEAD)
    if file is not None:
        file.stream.seek(0)
    form = read_document(request.form, file, head)
    if form.content is None:
        return upload()
    if form.errors:
        return desk(UploadForm("", None, errors=form.errors)), 422
    report = receive(current_caller(), form.content, form.name, Via.UPLOAD, WHILE_WAITING)
    if report.document_id is None and report.fault is not None:
        return desk(UploadForm("", None, errors={"file": fault_words(report.fault)})), 422
    say(_came(report))
    return redirect(url_for(".show", document_id=report.document_id), 303)


@mail_pages.get("/<uuid:document_id>")
@needs(Permission.EDIT_CASES)
def show(document_id: UUID) -> str:
    """Show one document: its records in words beside its lines as they came."""
    try:
        found = actions.read_mail(current_caller(), document_id, _number("after"), _number("line"))
    except actions.MailNotFoundError:
        abort(404)
    page = document_page(found, _zone())
    return render_template("mailroom/document.html", page=page, raw=sees(Field.CLINICAL))


def _came(report: Report) -> str:
    if report.fault is not None:
        return "The document is kept, but it could not be read. Nothing of it was filed."
    told = [counted(report.records, "record"), f"{report.matched} matched", f"{report.already} on file already"]
    left = f" {counted(report.left, 'record')} more are filed within minutes." if report.left else ""
    return f"The document is kept: {', '.join(told)}, {report.unmatched} for a person to match.{left}"


def _zone() -> ZoneInfo:
    return ZoneInfo(current_practice().zone)


def _id_of(name: str) -> UUID | None:
    try:
        return UUID(hex=request.args.get(name, ""))
    except ValueError:
        return None


def _number(name: str) -> int:
    typed = request.args.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
