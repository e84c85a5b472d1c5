"""The form of a request: what is asked for, with what the rules and the file say beside it."""

from collections.abc import Sequence
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.authorizations.actions import KnownNumberError, StaleAuthorizationError
from app.authorizations.facts import Kind
from app.authorizations.rules.moves import NAMES
from app.authorizations.rules.settling import RefusedValueError
from app.casework.actions import requests as actions
from app.casework.actions import sending
from app.casework.actions.answering import answer_request, worth_asking
from app.casework.actions.cosmetic import CosmeticRequestError
from app.casework.actions.reading import PatientNotFoundError
from app.casework.actions.requests import DraftNotFoundError, RequestSentError, StaleDraftError
from app.casework.facts.requests import RequestAnswer, RequestDraft, RequestStart, Typed
from app.casework.forms.approval import read_id
from app.casework.forms.request import (
    RequestForm,
    check_request,
    read_request,
    read_version,
    terms_of,
    typed_request,
)
from app.casework.forms.request_first import first_typed, typed_of
from app.casework.forms.typed import in_order
from app.casework.routes.request_blueprint import request_pages
from app.casework.rules.asking import absorbed, new_families, read_service
from app.casework.views.request_answer import doubles
from app.casework.views.request_changes import differences
from app.casework.views.request_form import FIELDS, Written, request_page
from app.platform.ids import new_id
from app.policies.rules.families import OfferedFamily
from app.practice.access import current_caller, needs, say
from app.practice.facts.staff import Permission
from app.values.wording import listed

FORM = "/patients/<uuid:patient_id>/requests/<uuid:draft_id>"
RENEWALS = frozenset({Kind.RENEWAL, Kind.EXTENSION})
SENT = "This request has gone to the payer. What comes next is recorded on its case."
KNOWN = "A request of this payer for the same codes and the same first day is on file already. Go on with that one"
_NOTHING: Sequence[tuple[str, str, str]] = ()


@request_pages.get("/patients/<uuid:patient_id>/requests/new")
@needs(Permission.EDIT_CASES)
def begin(patient_id: UUID) -> str:
    """Show an empty form, or one that a visit fills."""
    start = _start(patient_id, None)
    typed = first_typed(start)
    if start.visit is not None:
        typed = _only_what_is_open(start, typed)
    return _shown(start, new_id(), typed)


@request_pages.get(FORM)
@needs(Permission.EDIT_CASES)
def write(patient_id: UUID, draft_id: UUID) -> str | Response:
    """Show a request that is being written, or a case that is not sent."""
    start = _start(patient_id, draft_id)
    if start.sent:
        return _to_case(draft_id, SENT)
    if start.draft is None and start.case is None:
        say("This draft is no longer there: it was discarded more than a day ago.")
        return redirect(url_for(".listing"))
    return _shown(start, draft_id, first_typed(start))


@request_pages.post(FORM)
@needs(Permission.EDIT_CASES)
def save(patient_id: UUID, draft_id: UUID) -> Response | tuple[str, int]:
    """Keep what is typed, show what the rules say to it, and make a case of it where that is asked for."""
    start = _start(patient_id, draft_id)
    if start.sent:
        return _to_case(draft_id, SENT)
    form, families = _read(start, typed_request(request.form))
    version, case_version = read_version(request.form.get("version", "")), _case_version()
    try:
        draft = actions.keep_draft(current_caller(), patient_id, draft_id, version or 0, form.many, case_version)
    except StaleDraftError as stale:
        return _page(start, draft_id, form, stale.now.version, stale.now.typed), 409
    except DraftNotFoundError:
        abort(404)
    except RequestSentError:
        return _to_case(draft_id, SENT)
    wanted = request.form.get("do", "look")
    if wanted in ("save", "send"):
        return _make(start, draft, form, families, wanted)
    if form.errors:
        return _page(start, draft_id, form, draft.version), 422
    if wanted == "draft":
        say("Draft saved. It waits under Requests being written.")
    part = "hits" if form.service.hits else "lines" if wanted == "add" else "answer"
    return redirect(url_for(".write", patient_id=patient_id, draft_id=draft_id, _anchor=part), 303)


def _make(
    start: RequestStart, draft: RequestDraft, form: RequestForm, families: Sequence[OfferedFamily], wanted: str
) -> Response | tuple[str, int]:
    """Make a case of the draft, or say what it lacks."""
    check_request(form, start)
    answer = _answer(start, form)
    if families:
        labels = listed([family.label for family in families])
        form.fields.ask("families", f"The day may end with other codes of {labels}. Tick below what may happen.")
    for sentence in doubles(answer):
        form.fields.ask("double", sentence)
    if not form.fields.good or form.coverage is None:
        return _page(start, draft.id, form, draft.version), 422
    try:
        case = sending.make_case(current_caller(), start, draft, form.coverage, form.lines, form.values, answer)
    except KnownNumberError as known:
        form.fields.refuse("service", KNOWN)
        return _page(start, draft.id, form, draft.version, known=known.authorization_id), 422
    except (RefusedValueError, CosmeticRequestError) as fault:
        form.fields.refuse(fault.field if fault.field in FIELDS else "service", fault.sentence)
        return _page(start, draft.id, form, draft.version), 422
    except StaleAuthorizationError as stale:
        there = typed_of(stale.now, start)
        return _page(start, draft.id, form, draft.version, there, case_version=stale.version), 409
    except RequestSentError:
        return _to_case(draft.id, SENT)
    say(f"Request saved. It is {NAMES[case.status]}.")
    address = url_for(".send" if wanted == "send" else "case_pages.show", case_id=case.id)
    return redirect(address, 303)


def answer_of_case(start: RequestStart) -> tuple[tuple[str, ...], RequestAnswer]:
    """What a case that is not sent lacks, and what the rules say to it."""
    form, _families = _read(start, first_typed(start))
    answer = _answer(start, form)
    at_hand = form.many.get("have", ())
    return sending.lacking(start, form.coverage, form.lines, form.values, answer, at_hand), answer


def _only_what_is_open(start: RequestStart, typed: Typed) -> Typed:
    """Of a visit's services leave those for which approval may have to be asked."""
    form, _families = _read(start, typed)
    names = worth_asking(_answer(start, form))
    return {**typed, "code": tuple(name for name in typed.get("code", ()) if name in names)}


def _read(start: RequestStart, typed: Typed) -> tuple[RequestForm, Sequence[OfferedFamily]]:
    """Read a form, its services taken in, and the families that it is offered for the first time."""
    book = actions.book_of(current_caller())
    service = read_service(book, typed)
    families = new_families(book, typed, service.lines)
    shown = absorbed(typed, service, families)
    again = read_service(book, shown)
    return read_request(shown, again, start), families


def _answer(start: RequestStart, form: RequestForm) -> RequestAnswer:
    if not start.sites:
        return RequestAnswer()
    renewal = form.values["kind"] in RENEWALS
    terms = terms_of(form, start)
    return answer_request(current_caller(), start, form.coverage, form.lines, terms, form.chosen, renewal)


def _shown(start: RequestStart, draft_id: UUID, typed: Typed) -> str:
    form, _families = _read(start, typed)
    form.errors.clear()  # what is malformed is said when the form is sent
    return _page(start, draft_id, form, start.draft.version if start.draft is not None else 0)


def _page(
    start: RequestStart,
    draft_id: UUID,
    form: RequestForm,
    version: int,
    there: Typed | None = None,
    known: UUID | None = None,
    case_version: int | None = None,
) -> str:
    """Show the form. `there`: what somebody else saved meanwhile; `known`: the case on file that it would double."""
    caller = current_caller()
    if case_version is None:
        case_version = _case_version() if request.method == "POST" else start.case_version
    answer = _answer(start, form)
    lacks = sending.lacking(start, form.coverage, form.lines, form.values, answer, form.many.get("have", ()))
    written = Written(form.many, form.service, form.errors)
    page = request_page(start, draft_id, written, answer, actions.book_of(caller), lacks, case_version)
    return render_template(
        "casework/request.html",
        page=page,
        version=version,
        errors=in_order(form.errors, FIELDS),
        questions=form.fields.questions,
        both=differences(page, there, form.many) if there is not None else _NOTHING,
        stale=there is not None,
        known=known,
        sheet=answer.sheet,
        drafts=start.drafts,
    )


def _start(patient_id: UUID, draft_id: UUID | None) -> RequestStart:
    visit = read_id(request.args.get("visit", "") or request.form.get("from_visit", ""))
    try:
        return actions.start_request(current_caller(), patient_id, draft_id, visit)
    except PatientNotFoundError:
        abort(404)


def _case_version() -> int | None:
    return read_version(request.form.get("case_version", ""))


def _to_case(case_id: UUID, sentence: str) -> Response:
    say(sentence)
    return redirect(url_for("case_pages.show", case_id=case_id), 303)
