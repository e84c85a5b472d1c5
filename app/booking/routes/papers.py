"""Estimates with their consents, and notices under Medicare: prepared, printed, and followed until they are signed."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.booking.actions import attaching
from app.booking.actions import papers as actions
from app.booking.actions.listing import list_papers, list_unsigned
from app.booking.facts.gate import Gate
from app.booking.facts.papers import Language, Paper, PaperKind, PaperState
from app.booking.forms import MoveForm, PaperForm, read_after, read_id, read_move, read_paper, read_version
from app.booking.routes.gate import read
from app.booking.views.gate import document_choices, services_to_price
from app.booking.views.listing import list_page, unsigned_page
from app.booking.views.paper import LANGUAGES, Sheet, form_page, paper_page, sheet_of
from app.clearance.actions.answering import VisitNotFoundError
from app.documents.facts import DocumentRefusedError
from app.documents.files.pressing import LibraryMissingError, PressFailedError, press
from app.documents.forms import NO_FILE
from app.documents.views import document_lines
from app.platform.ids import new_id
from app.practice.access import current_caller, current_practice, needs, say
from app.practice.facts.staff import Permission

paper_pages = Blueprint("paper_pages", __name__)
STALE = "Somebody changed this paper meanwhile. Nothing was stored; look at what stands now."
_STEPS = {
    "give": PaperState.GIVEN,
    "sign": PaperState.SIGNED,
    "decline": PaperState.DECLINED,
    "withdraw": PaperState.WITHDRAWN,
}
_SAID = {
    PaperState.GIVEN: "Recorded as given to the patient.",
    PaperState.SIGNED: "Recorded as signed.",
    PaperState.DECLINED: "Recorded: the patient did not sign.",
    PaperState.WITHDRAWN: "Withdrawn.",
}


@paper_pages.get("/booking/estimates")
@needs(Permission.WORK)
def listing() -> str:
    """List estimates and notices on which something is still to be done, by the day of the visit.

    `show=self-pay` in the address lists the visits instead that patients pay for and have not signed for.
    """
    after = read_after(request.args.get("after", ""))
    if request.args.get("show") == "self-pay":
        return render_template("booking/unsigned.html", page=unsigned_page(list_unsigned(current_caller(), after)))
    return render_template("booking/list.html", page=list_page(list_papers(current_caller(), after)))


@paper_pages.get("/visits/<uuid:visit_id>/booking/prepare")
@needs(Permission.WORK)
def prepare(visit_id: UUID) -> Response | str:
    """Show the form of an estimate or a notice; `kind` in the address says of which, `paper` of one being written."""
    gate = read(visit_id)
    kind = _kind(request.args.get("kind", ""))
    old = _written(gate, request.args.get("paper", ""))
    services = services_to_price(gate, kind, old)
    if not services:
        say("Nothing is to be prepared: each service that needs a paper has one that stands.")
        return redirect(url_for("booking_pages.show", visit_id=visit_id), 303)
    form = PaperForm({}, old.id if old is not None else new_id(), old.version if old is not None else 0)
    return _form(gate, kind, services, form, old)


@paper_pages.post("/visits/<uuid:visit_id>/booking/prepare")
@needs(Permission.WORK)
def save(visit_id: UUID) -> Response | tuple[str, int]:
    """Keep an estimate or a notice; a form that is sent twice counts once."""
    gate, caller = read(visit_id), current_caller()
    kind = _kind(request.form.get("kind", ""))
    services = tuple(filter(None, request.form.get("services", "").split("|")))[:20]
    form = read_paper(request.form, kind, services, gate.today)
    old = _written(gate, request.form.get("key", ""))
    if form.prepared is None or form.key is None:
        return _form(gate, kind, services, form, old), 422
    try:
        actions.prepare_paper(caller, visit_id, form.key, form.prepared, form.version)
    except (VisitNotFoundError, actions.PaperNotFoundError):
        abort(404)
    except actions.PaperRefusedError as refused:
        form.errors[refused.field] = refused.sentence
        return _form(gate, kind, services, form, old), 422
    except actions.StalePaperError as stale:
        return _form(gate, kind, services, form, stale.now, stale=True), 409
    say("Prepared. Print it and give it to the patient.")
    return _to(form.key)


@paper_pages.get("/booking/estimates/<uuid:paper_id>")
@needs(Permission.SEE_SCHEDULE)
def show(paper_id: UUID) -> str:
    """Show one paper, and what may be done with it."""
    return _page(paper_id, None)


@paper_pages.get("/booking/estimates/<uuid:paper_id>/print")
@needs(Permission.SEE_SCHEDULE)
def sheet(paper_id: UUID) -> str:
    """Show the sheet that is printed, in the language of the paper or in the one that `language` asks for."""
    opened = _opened(paper_id)
    return render_template("booking/sheet.html", page=paper_page(opened), sheet=_sheet(opened))


@paper_pages.get("/booking/estimates/<uuid:paper_id>/pdf")
@needs(Permission.SEE_SCHEDULE)
def pdf(paper_id: UUID) -> Response | tuple[str, int]:
    """Give the same sheet as a PDF, made anew each time; where this machine cannot make one, say what is missing."""
    words = _sheet(_opened(paper_id))
    style = render_template("booking/sheet.css")
    try:
        pressed = press(render_template("booking/sheet_pdf.html", sheet=words), (), style)
    except LibraryMissingError as missing:
        say(str(missing))
        return redirect(url_for("paper_pages.sheet", paper_id=paper_id, language=words.language), 303)
    except PressFailedError:
        say("The PDF could not be made in time. Print the page instead.")
        return redirect(url_for("paper_pages.sheet", paper_id=paper_id, language=words.language), 303)
    answer = make_response(pressed.content)
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{words.file_name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@paper_pages.post("/booking/estimates/<uuid:paper_id>/step")
@needs(Permission.WORK)
def step(paper_id: UUID) -> Response | tuple[str, int]:
    """Record what came of a paper: given, signed, declined or withdrawn; a form that is sent twice counts once."""
    opened = _opened(paper_id)
    form = read_move(request.form, opened.today)
    if form.do not in _STEPS or form.errors:
        return _page(paper_id, form), 422
    to = _STEPS[form.do]
    try:
        moved = actions.move_paper(current_caller(), paper_id, form.version, to, form.signature)
    except actions.PaperRefusedError as refused:
        form.errors[refused.field] = refused.sentence
        return _page(paper_id, form), 422
    except actions.StalePaperError:
        form.errors["do"] = STALE
        return _page(paper_id, form), 409
    sentence = _SAID[to]
    if to is PaperState.SIGNED and moved.kind is PaperKind.CONSENT:
        sentence += " The patient pays; insurance is not asked."
    say(sentence, url_for("paper_pages.back", paper_id=paper_id, version=moved.version))
    return _to(paper_id)


@paper_pages.post("/booking/estimates/<uuid:paper_id>/attach")
@needs(Permission.WORK)
def attach(paper_id: UUID) -> Response | tuple[str, int]:
    """Attach the signed paper as a scan; every version is kept, and the same file sent twice is attached once."""
    file = request.files.get("file")
    form = MoveForm("attach", 0, {})
    if file is None or not file.filename:
        form.errors["file"] = NO_FILE
        return _page(paper_id, form), 422
    try:
        attaching.attach(current_caller(), paper_id, file.read())
    except actions.PaperNotFoundError:
        abort(404)
    except (actions.PaperRefusedError, DocumentRefusedError) as refused:
        form.errors["file"] = refused.sentence
        return _page(paper_id, form), 422
    say("Attached. Earlier versions are kept.")
    return _to(paper_id)


@paper_pages.post("/booking/estimates/<uuid:paper_id>/back")
@needs(Permission.WORK)
def back(paper_id: UUID) -> Response:
    """Take back the last step of a paper; who pays comes back with it."""
    version = request.form.get("version") or request.args.get("version", "")
    try:
        actions.take_back(current_caller(), paper_id, read_version(version))
        say("Taken back.")
    except actions.PaperNotFoundError:
        abort(404)
    except actions.StalePaperError:
        say("Nothing was taken back: the paper was changed since, or has made no step.")
    except actions.PaperRefusedError as refused:
        say(f"Nothing was taken back. {refused.sentence}.")
    return _to(paper_id)


@paper_pages.post("/booking/estimates/<uuid:paper_id>/bill-patient")
@needs(Permission.WORK)
def bill_patient(paper_id: UUID) -> Response:
    """Let the patient pay again by a signed consent, where a later schedule asked insurance."""
    paper = _opened(paper_id).paper
    try:
        actions.bill_patient_again(current_caller(), paper_id, read_version(request.form.get("version", "")))
        say("The patient pays again by the signed consent.")
    except (actions.StalePaperError, actions.PaperRefusedError):
        say(STALE)
    return redirect(url_for("booking_pages.show", visit_id=paper.visit_id), 303)


def _form(
    gate: Gate, kind: PaperKind, services: tuple[str, ...], form: PaperForm, old: Paper | None, stale: bool = False
) -> str:
    return render_template(
        "booking/prepare.html",
        page=form_page(gate, kind, services, form.values, old, stale),
        services="|".join(services),
        languages=LANGUAGES,
        errors=form.errors,
        key=form.key or new_id(),
        stale=stale,
    )


def _page(paper_id: UUID, form: MoveForm | None) -> str:
    opened = _opened(paper_id)
    documents = actions.documents_of(current_caller(), opened.paper.patient_id)
    attached = attaching.attached_to(current_caller(), opened.paper)
    return render_template(
        "booking/paper.html",
        page=paper_page(opened, bool(attached.documents)),
        attached=document_lines(attached.documents, attached.staff, ZoneInfo(current_practice().zone), opened.today),
        form=form,
        errors=form.errors if form is not None else {},
        documents=document_choices(documents),
    )


def _opened(paper_id: UUID) -> actions.OpenedPaper:
    try:
        return actions.read_paper(current_caller(), paper_id)
    except actions.PaperNotFoundError:
        abort(404)


def _sheet(opened: actions.OpenedPaper) -> Sheet:
    """The words of a sheet, in the language that the address asks for, else in that of the paper."""
    asked = request.args.get("language", "")
    language = Language(asked) if asked in [one.value for one in Language] else opened.paper.language
    return sheet_of(opened, language, read(opened.paper.visit_id))


def _written(gate: Gate, text: str) -> Paper | None:
    """The paper of the visit that is still being written."""
    wanted = read_id(text)
    return next((one for one in gate.papers if one.id == wanted and one.state is PaperState.OPEN), None)


def _kind(text: str) -> PaperKind:
    if text not in [one.value for one in PaperKind]:
        abort(404)
    return PaperKind(text)


def _to(paper_id: UUID) -> Response:
    return redirect(url_for("paper_pages.show", paper_id=paper_id), 303)
