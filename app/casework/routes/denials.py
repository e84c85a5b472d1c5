"""Denials of a case: what the payer said, what can be done about it, and the sheet that a doctor reads to the payer."""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.authorizations.actions import KnownNumberError, StaleAuthorizationError
from app.authorizations.rules.moves import IllegalMoveError
from app.authorizations.rules.settling import RefusedValueError
from app.authorizations.views import status_words
from app.casework.actions import denials as actions
from app.casework.actions.criteria import criteria_of
from app.casework.actions.sheets import denial_sheet, letters_on_file
from app.casework.facts.cases import CaseNotFoundError
from app.casework.facts.denials import DenialFile
from app.casework.forms.denials import FIELDS, Form, open_form, read_denial
from app.casework.forms.typed import in_order
from app.casework.views.changed import changed_words
from app.casework.views.denials import denials_page, head_of
from app.casework.views.sheet import sheet_page
from app.platform.ids import new_id
from app.practice.access import current_caller, current_practice, may, needs, say, sees
from app.practice.facts.staff import Permission
from app.practice.rules.fields import Field
from app.values.wording import short_day

denial_pages = Blueprint("denial_pages", __name__, url_prefix="/cases/<uuid:case_id>/denial")
FIRST_STEP = ("Decide on a peer-to-peer or an appeal", "t+2")
"""What is offered as the next action of a denial, and by when."""


@denial_pages.get("")
@needs(Permission.SEE_CASES)
def show(case_id: UUID) -> str:
    """Show the denials of a case, its talks and appeals, and until when each can be done."""
    found = read(case_id)
    return render_template("casework/denials.html", page=denials_page(found, g.fields))


@denial_pages.get("/new")
@needs(Permission.ADD_DENIALS)
def new(case_id: UUID) -> str:
    """Ask for a denial: its day, the payer's words, what it says is not met. `corrects` names one that was wrong."""
    return _form(read(case_id), None)


@denial_pages.post("/new")
@needs(Permission.ADD_DENIALS)
def save(case_id: UUID) -> Response | tuple[str, int]:
    """Record a denial; where somebody was quicker, show both values and ask which to keep."""
    found, caller = read(case_id), current_caller()
    form = open_form(request.form, caller.clock.today(ZoneInfo(current_practice().zone)))
    read_in = read_denial(form, _criteria(case_id), [one.id for one in letters_on_file(caller, case_id)])
    if read_in is None:
        return _form(found, form), 422
    if read_in.corrects not in (None, *(one.id for one in found.denials)):
        abort(404)
    try:
        done = actions.record_denial(caller, (case_id, form.version), form.key or new_id(), read_in)
    except StaleAuthorizationError:
        return _form(read(case_id), form, stale=True), 409
    except (IllegalMoveError, RefusedValueError, KnownNumberError) as fault:
        explain(form, fault, "denied_on")
        return _form(read(case_id), form), 422
    if done.change is not None:
        say(changed_words("Denial recorded", done))
    return redirect(url_for(".show", case_id=case_id), 303)


@denial_pages.get("/sheet")
@needs(Permission.ANSWER_ASKS)
def sheet(case_id: UUID) -> str:
    """Show one sheet that a doctor reads to the payer, criterion by criterion; it prints on paper."""
    try:
        found = denial_sheet(current_caller(), case_id)
    except CaseNotFoundError:
        abort(404)
    return render_template("casework/denial_sheet.html", page=sheet_page(found, g.fields))


def read(case_id: UUID) -> DenialFile:
    """Read the case of an address with its denials; one that is not on file is not found."""
    try:
        return actions.read_denials(current_caller(), case_id)
    except CaseNotFoundError:
        abort(404)


def explain(form: Form, fault: Exception, field: str) -> None:
    """Put what the rooms below refuse beside the field that it is about; `field` is where the day stands."""
    if isinstance(fault, IllegalMoveError):
        form.typed.refuse(field, fault.sentence)
    elif isinstance(fault, RefusedValueError):
        form.typed.refuse(fault.field if fault.field in ("number", "begins", "ends") else field, fault.sentence)
    elif isinstance(fault, KnownNumberError):
        form.typed.refuse("number", "This number of this payer is on file for this patient already, on another case")
    else:
        form.typed.refuse(field, f"{fault.args[0]}")


def both_of(found: DenialFile, ours: str) -> list[tuple[str, str, str]]:
    """What is on file of a case now beside what a form would make of it: how it stands, since when, and why."""
    record = found.case.record
    decided = short_day(record.decided_on) if record.decided_on else "no day"
    theirs = f"{status_words(record.status)}, {decided}"
    return [("Where the case stands", theirs, ours)]


def _criteria(case_id: UUID) -> tuple[str, ...]:
    """The criteria of the payer's rule, as they can be ticked; nothing for who does not read clinical facts."""
    return tuple(line.text for line in criteria_of(current_caller(), case_id).lines)


def _form(found: DenialFile, form: Form | None, stale: bool = False) -> str:
    errors = in_order(form.errors, FIELDS) if form is not None else {}
    sent = request.form if request.method == "POST" else request.args
    corrects = next((one for one in found.denials if str(one.id) == sent.get("corrects", "")), None)
    values: Mapping[str, str] = form.typed.values if form is not None else _first(found, corrects is not None)
    if form is None and corrects is not None and sees(Field.DENIAL_REASON):
        values = {
            **values,
            "denied_on": short_day(corrects.denied_on),
            "words": corrects.words,
            "code": corrects.code or "",
            "unmet_more": "\n".join(corrects.unmet),
            "appeal_by": short_day(corrects.appeal_by) if corrects.appeal_by else "",
        }
    case = found.case
    return render_template(
        "casework/denial_form.html",
        head=head_of(case),
        values=defaultdict(str, values),
        at=defaultdict(str, errors),
        errors=errors,
        confirmed="",
        key=(form.key if form is not None else None) or new_id(),
        version=case.version if form is None or stale else form.version,
        criteria=_criteria(case.record.id) if sees(Field.CLINICAL) else (),
        letters=[
            ("", "None on file yet"),
            *((str(one.id), one.name) for one in letters_on_file(current_caller(), case.record.id)),
        ],
        corrects=corrects,
        stale=stale,
        both=both_of(found, f"Denied, {values.get('denied_on', '')}") if stale else [],
        steers=may(Permission.EDIT_CASES),
    )


def _first(found: DenialFile, corrects: bool) -> dict[str, str]:
    record = found.case.record
    if corrects:
        return {}
    unrecorded = not found.denials and record.denial_reason and sees(Field.DENIAL_REASON)
    return {
        "denied_on": short_day(record.decided_on) if unrecorded and record.decided_on else "",
        "words": (record.denial_reason or "") if unrecorded else "",
        "next_action": FIRST_STEP[0],
        "next_on": FIRST_STEP[1],
    }
