"""Documents of a case, its letters by version, and the packet of its request."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework.actions import papers as actions
from app.casework.actions.packets import PacketRefusedError, make_packet
from app.casework.facts.casebook import case_code
from app.casework.facts.cases import CaseNotFoundError
from app.casework.facts.papers import Papers
from app.casework.forms.papers import LONGEST, LetterForm, PacketForm, read_letter, read_packet
from app.casework.views.packed import first_words, packet_pages
from app.casework.views.papers import LETTERS, SHEETS, service_of, unproven, version_words, way_words
from app.documents.facts import DocumentKind, DocumentRefusedError, LetterKind, LetterVersion
from app.documents.forms import DocumentForm, read_upload
from app.documents.views import LARGEST_MIB, document_lines, kind_choices
from app.platform.ids import new_id
from app.practice.access import current_caller, current_practice, needs, say
from app.practice.facts.staff import Permission
from app.values.wording import counted, near_time

case_document_pages = Blueprint("case_document_pages", __name__, url_prefix="/cases/<uuid:case_id>")


@case_document_pages.get("/documents")
@needs(Permission.ANSWER_ASKS)
def show(case_id: UUID) -> str:
    """Show the documents of a case's patient, its letters and packets, with the form for another document."""
    return _papers(_read(case_id), DocumentForm({}))


@case_document_pages.post("/documents")
@needs(Permission.ANSWER_ASKS)
def add(case_id: UUID) -> Response | tuple[str, int]:
    """Add a document to the case; a form that is sent twice adds it once."""
    caller = current_caller()
    form = read_upload(request.form, request.files.get("file"), caller.clock.today(ZoneInfo(current_practice().zone)))
    if not form.errors:
        try:
            key = form.key or new_id()
            actions.add_to_case(caller, case_id, key, form.name, form.content, form.kind, form.dated)
        except CaseNotFoundError:
            abort(404)
        except DocumentRefusedError as refused:
            form.errors["file"] = refused.sentence
    if form.errors:
        return _papers(_read(case_id), form), 422
    say("Document added to the case.")
    return redirect(url_for(".show", case_id=case_id), 303)


@case_document_pages.get("/letters/<kind>")
@needs(Permission.ANSWER_ASKS)
def letter(case_id: UUID, kind: str) -> str:
    """Show a letter for reading and changing: its newest version, else one written from the facts."""
    papers, which = _read(case_id), _kind(kind)
    found = papers.letters.get(which)
    anew = request.args.get("anew") == "yes"
    words = first_words(papers, which) if found is None or anew else found.words
    return _letter(papers, which, LetterForm(words, found.number if found else 0))


@case_document_pages.post("/letters/<kind>")
@needs(Permission.ANSWER_ASKS)
def save_letter(case_id: UUID, kind: str) -> Response | tuple[str, int]:
    """Keep a letter as a new version; where somebody was quicker, show both."""
    which, form = _kind(kind), read_letter(request.form)
    if form.errors:
        return _letter(_read(case_id), which, form), 422
    try:
        saved = actions.save_letter(current_caller(), case_id, which, form.seen, form.words)
    except CaseNotFoundError:
        abort(404)
    except actions.StaleLetterError as stale:
        form.seen = stale.newest.number
        return _letter(_read(case_id), which, form, stale.newest), 409
    say(f"Letter saved as version {saved.number}.")
    return redirect(url_for(".show", case_id=case_id), 303)


@case_document_pages.get("/packet")
@needs(Permission.EDIT_CASES)
def packet(case_id: UUID) -> str:
    """Ask what goes into the packet."""
    return _packet(_read(case_id), None)


@case_document_pages.post("/packet")
@needs(Permission.EDIT_CASES)
def make(case_id: UUID) -> Response | tuple[str, int]:
    """Make the packet; a form that is sent twice makes one."""
    form = read_packet(request.form, request.form.getlist("part"), request.files.get("blank"))
    if not form.errors:
        try:
            made = make_packet(current_caller(), case_id, form.key or new_id(), form.wish, packet_pages)
            say(f"Packet made: {counted(made.pages, 'page')}.")
            return redirect(url_for(".show", case_id=case_id, _anchor="packets"), 303)
        except CaseNotFoundError:
            abort(404)
        except PacketRefusedError as refused:
            form.errors[refused.field] = refused.sentence
    return _packet(_read(case_id), form), 422


def _papers(papers: Papers, form: DocumentForm) -> str:
    case_id = papers.record.id
    lines = document_lines(papers.documents, papers.staff, papers.zone, papers.today, case_id)
    made = {one.id for one in papers.packets}
    return render_template(
        "casework/papers/papers.html",
        case_id=case_id,
        code=case_code(case_id),
        patient_id=papers.patient.id,
        service=service_of(papers),
        asked=papers.sheet.documents,
        of_case=[one for one in lines if one.of_case and one.id not in made],
        others=[one for one in lines if not one.of_case],
        packets=[one for one in lines if one.id in made],
        letters=[(kind.value, words, version_words(papers).get(kind)) for kind, words in LETTERS.items()],
        form=form,
        errors=form.errors,
        key=form.key or new_id(),
        kinds=kind_choices(),
        largest=LARGEST_MIB,
    )


def _letter(papers: Papers, kind: LetterKind, form: LetterForm, newest: LetterVersion | None = None) -> str:
    versions = actions.read_letters(current_caller(), papers.record.id, kind)
    told = [
        (
            one.number,
            near_time(one.at.astimezone(papers.zone), papers.today),
            papers.staff.get(one.by_id, "") if one.by_id else "",
            one.words,
        )
        for one in versions
    ]
    return render_template(
        "casework/papers/letter.html",
        case_id=papers.record.id,
        code=case_code(papers.record.id),
        kind=kind.value,
        title=LETTERS[kind],
        form=form,
        errors=form.errors,
        newest=newest,
        versions=told,
        unproven=unproven(papers.sheet.lines),
    )


def _packet(papers: Papers, form: PacketForm | None) -> str:
    case_id, blanks = papers.record.id, {one.form.sha256 for one in papers.forms}
    chosen = [one for one in papers.documents if one.kind is not DocumentKind.PACKET and one.sha256 not in blanks]
    to_payer, to_any = papers.covers
    values = dict(form.values) if form is not None else {}
    if form is None:
        for name in LONGEST:
            ours = to_any if name.startswith("from_") else to_payer
            values[name] = getattr(ours, name) if ours is not None and name != "remarks" else ""
        values["to_name"] = values["to_name"] or papers.record.payer_name
    ticked = form.ticked if form is not None else tuple(str(one.id) for one in chosen if one.case_id == case_id)
    return render_template(
        "casework/papers/packet.html",
        case_id=case_id,
        code=case_code(case_id),
        service=service_of(papers),
        values=values,
        ticked=ticked,
        key=(form.key if form is not None else None) or new_id(),
        errors=form.errors if form is not None else {},
        lines=document_lines(chosen, papers.staff, papers.zone, papers.today, case_id),
        letters=[("", "No letter"), *((kind.value, f"{LETTERS[kind]} ({said})") for kind, said in
                 version_words(papers).items())],
        letter=values.get("letter", next(iter(papers.letters), LetterKind.MEDICAL_NECESSITY).value
                          if papers.letters else ""),
        sheets=SHEETS,
        forms=papers.forms,
        form_choices=[(one.form.id, one.form.title) for one in papers.forms],
        blanks_missing=any(one.blank is None for one in papers.forms),
        ways=way_words(papers),
        unproven=unproven(papers.sheet.lines),
    )  # fmt: skip


def _kind(kind: str) -> LetterKind:
    if kind not in tuple(LetterKind):
        abort(404)
    return LetterKind(kind)


def _read(case_id: UUID) -> Papers:
    try:
        return actions.read_papers(current_caller(), case_id)
    except CaseNotFoundError:
        abort(404)
