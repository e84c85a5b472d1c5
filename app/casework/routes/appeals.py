"""Talks with a payer's physician, and appeals of a case: each step on a page of its own."""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.authorizations.actions import KnownNumberError, StaleAuthorizationError
from app.authorizations.rules.moves import IllegalMoveError
from app.authorizations.rules.settling import RefusedValueError
from app.casework.actions import appeals as actions
from app.casework.facts.denials import DenialFile
from app.casework.forms import denials as forms
from app.casework.forms.denials import FIELDS, Form, open_form
from app.casework.forms.entry import read_next
from app.casework.forms.typed import in_order
from app.casework.routes.denials import both_of, explain, read
from app.casework.views.changed import changed_words
from app.casework.views.denials import APPEAL_OUTCOMES, LEVELS, TALK_OUTCOMES, head_of, window_words
from app.deadlines.actions import BackwardsError, KnownAlreadyError, NothingOpenError, PersonNotFoundError
from app.deadlines.facts import AppealOutcome, PeerToPeer
from app.platform.ids import new_id
from app.practice.access import current_caller, current_practice, may, needs, say
from app.practice.facts.staff import Permission
from app.values.wording import clock_time, short_day

appeal_pages = Blueprint("appeal_pages", __name__, url_prefix="/cases/<uuid:case_id>")
_REFUSED = (IllegalMoveError, RefusedValueError, KnownNumberError, BackwardsError, actions.WindowClosedError)
DONE_ALREADY = "This was done already. The page shows what is on file."
Values = Mapping[str, str]


@appeal_pages.get("/talks/new")
@needs(Permission.EDIT_CASES)
def offer(case_id: UUID) -> str:
    """Ask since when, and until when, the payer offers a talk between physicians."""
    step = {"offered_on": "t", "next_action": "Book the peer-to-peer", "next_on": "t+1"}
    return _page("talk_offer", read(case_id), None, step)


@appeal_pages.post("/talks/new")
@needs(Permission.EDIT_CASES)
def save_offer(case_id: UUID) -> Response | tuple[str, int]:
    """Record an offered talk."""
    found, form = read(case_id), _open()
    caller, zone = current_caller(), _zone()
    talk = forms.read_offer(form, caller.clock.now(), zone, form.key or new_id())
    step = read_next(form.typed)
    if talk is None or not form.typed.good:
        return _page("talk_offer", found, form), 422
    actions.offer_talk(caller, case_id, talk, step)
    say("Offer of a peer-to-peer recorded.")
    return _back(case_id)


@appeal_pages.get("/talks/<uuid:talk_id>/book")
@needs(Permission.EDIT_CASES, Permission.ANSWER_ASKS)
def book(case_id: UUID, talk_id: UUID) -> str:
    """Ask when an offered talk is to be held, by whom, and how the payer is reached."""
    found = read(case_id)
    talk, zone = _talk(found, talk_id), _zone()
    first = {"who": str(talk.provider_id or ""), "line": talk.payer_line or "", "person": talk.payer_person or ""}
    first["reference"] = talk.reference or ""
    if talk.booked_for is not None:
        local = talk.booked_for.astimezone(zone)
        first |= {"booked_on": short_day(local.date()), "booked_at": clock_time(local)}
    return _page("talk_book", found, None, first, talk=talk)


@appeal_pages.post("/talks/<uuid:talk_id>/book")
@needs(Permission.EDIT_CASES, Permission.ANSWER_ASKS)
def save_booking(case_id: UUID, talk_id: UUID) -> Response | tuple[str, int]:
    """Record when a talk is to be held."""
    found, form = read(case_id), _open()
    talk, names = _talk(found, talk_id), found.case.chart.staff
    booked = forms.read_booking(form, talk, list(names), _zone())
    step = read_next(form.typed) if may(Permission.EDIT_CASES) else None
    if booked is None or not form.typed.good:
        return _page("talk_book", found, form, talk=talk), 422
    who = names.get(booked.provider_id) if booked.provider_id is not None else None
    try:
        actions.book_talk(current_caller(), case_id, booked, who, step)
        say("Peer-to-peer booked.")
    except NothingOpenError:
        say(DONE_ALREADY)
    except PersonNotFoundError:
        form.typed.refuse("who", "This person may not sign in any more. Choose somebody else")
        return _page("talk_book", read(case_id), form, talk=talk), 422
    return _back(case_id)


@appeal_pages.get("/talks/<uuid:talk_id>/held")
@needs(Permission.EDIT_CASES, Permission.ANSWER_ASKS)
def held(case_id: UUID, talk_id: UUID) -> str:
    """Ask how a talk ended, and what was granted."""
    found = read(case_id)
    return _page("talk_held", found, None, {"held_on": "t", **_granted(found)}, talk=_talk(found, talk_id))


@appeal_pages.post("/talks/<uuid:talk_id>/held")
@needs(Permission.EDIT_CASES, Permission.ANSWER_ASKS)
def save_held(case_id: UUID, talk_id: UUID) -> Response | tuple[str, int]:
    """Record how a talk ended; a denial that was overturned becomes an approval."""
    found, form, caller = read(case_id), _open(), current_caller()
    talk = _talk(found, talk_id)
    said = forms.read_held(form, _zone(), caller.clock.now())
    if said is None or not form.typed.good:
        return _page("talk_held", found, form, talk=talk), 422
    at, outcome, ended = said
    try:
        done = actions.hold_talk(caller, (case_id, form.version), talk_id, at, outcome, ended)
    except StaleAuthorizationError:
        return _page("talk_held", read(case_id), form, talk=talk, stale=True), 409
    except _REFUSED as fault:
        explain(form, fault, "held_on")
        return _page("talk_held", read(case_id), form, talk=talk), 422
    say(changed_words("Peer-to-peer recorded", done))
    return _after(case_id, found, ended.granted is not None)


@appeal_pages.get("/appeals/new")
@needs(Permission.EDIT_CASES)
def appeal(case_id: UUID) -> str:
    """Ask for an appeal: its level, its window, the day on which it was filed."""
    found = read(case_id)
    step = {"filed_on": "t", "next_action": "Ask for the decision of the appeal", "next_on": "t+30"}
    return _page("appeal_file", found, None, {"level": request.args.get("level", ""), **step})


@appeal_pages.post("/appeals/new")
@needs(Permission.EDIT_CASES)
def save_appeal(case_id: UUID) -> Response | tuple[str, int]:
    """Record an appeal. A form that is sent twice counts once."""
    found, form = read(case_id), _open()
    if any(one.id == form.key for one in found.clocks.appeals):
        return _back(case_id)
    if found.denied_on is None:
        form.typed.refuse("level", "Record the denial first: the window counts from its day")
        return _page("appeal_file", found, form), 422
    days = {one.level: one.last for one in found.windows if not one.sent_on}
    filing = forms.read_filing(form, found.denied_on, days)
    if filing is None:
        return _page("appeal_file", found, form), 422
    try:
        done = actions.file_appeal(current_caller(), (case_id, form.version), form.key or new_id(), filing)
    except StaleAuthorizationError:
        return _page("appeal_file", read(case_id), form, stale=True), 409
    except KnownAlreadyError:
        form.typed.refuse("level", "An appeal of this level against this denial is on file already")
        return _page("appeal_file", read(case_id), form), 422
    except _REFUSED as fault:
        explain(form, fault, "filed_on")
        return _page("appeal_file", read(case_id), form), 422
    say(changed_words("Appeal recorded", done))
    return _back(case_id)


@appeal_pages.get("/appeals/<uuid:level_id>/decide")
@needs(Permission.EDIT_CASES)
def decide(case_id: UUID, level_id: UUID) -> str:
    """Ask how an appeal was decided, and what was granted."""
    found = read(case_id)
    return _page("appeal_decide", found, None, {"decided_on": "t", **_granted(found)}, level=_level(found, level_id))


@appeal_pages.post("/appeals/<uuid:level_id>/decide")
@needs(Permission.EDIT_CASES)
def save_decision(case_id: UUID, level_id: UUID) -> Response | tuple[str, int]:
    """Record how an appeal was decided: overturned it becomes an approval."""
    found, form = read(case_id), _open()
    level = _level(found, level_id)
    said = forms.read_decision(form)
    if said is None:
        return _page("appeal_decide", found, form, level=level), 422
    outcome, ended = said
    try:
        done = actions.decide_appeal(
            current_caller(), (case_id, form.version), level_id, form.key or new_id(), outcome, ended
        )
    except StaleAuthorizationError:
        return _page("appeal_decide", read(case_id), form, level=level, stale=True), 409
    except NothingOpenError:
        say(DONE_ALREADY)
        return _back(case_id)
    except _REFUSED as fault:
        explain(form, fault, "decided_on")
        return _page("appeal_decide", read(case_id), form, level=level), 422
    won = outcome is AppealOutcome.OVERTURNED
    say(changed_words("Appeal won" if won else "Decision of the appeal recorded", done))
    return _after(case_id, found, ended.granted is not None)


def _open() -> Form:
    return open_form(request.form, current_caller().clock.today(_zone()))


def _zone() -> ZoneInfo:
    return ZoneInfo(current_practice().zone)


def _talk(found: DenialFile, talk_id: UUID) -> PeerToPeer:
    talk = next((one for one in found.clocks.peers if one.id == talk_id), None)
    return talk if talk is not None else abort(404)


def _level(found: DenialFile, level_id: UUID) -> str:
    level = next((one for one in found.clocks.appeals if one.id == level_id), None)
    if level is None:
        abort(404)
    return LEVELS["external"] if level.external else LEVELS.get(str(level.level), f"Appeal, level {level.level}")


def _granted(found: DenialFile) -> dict[str, str]:
    record = found.case.record
    days = {name: short_day(day) for name in ("begins", "ends") if (day := getattr(record, name)) is not None}
    return {"number": record.number or "", **days}


def _back(case_id: UUID) -> Response:
    return redirect(url_for("denial_pages.show", case_id=case_id), 303)


def _after(case_id: UUID, found: DenialFile, granted: bool) -> Response:
    """After a yes the approval is looked at; after a no what else can be done."""
    if granted and may(Permission.EDIT_CASES):
        patient = found.case.record.patient_id
        return redirect(url_for("approval_pages.saved", patient_id=patient, authorization_id=case_id), 303)
    return _back(case_id)


def _page(
    name: str,
    found: DenialFile,
    form: Form | None,
    first: Values | None = None,
    *,
    talk: PeerToPeer | None = None,
    level: str | None = None,
    stale: bool = False,
) -> str:
    case = found.case
    values: Values = form.typed.values if form is not None else first or {}
    errors = in_order({**form.errors, **form.typed.questions}, FIELDS) if form is not None else {}
    windows = [window_words(one, case.chart.today) for one in found.windows]
    return render_template(
        f"casework/{name}.html",
        head=head_of(case),
        values=defaultdict(str, values),
        at=defaultdict(str, errors),
        errors=errors,
        confirmed=" ".join(sorted({*form.typed.confirmed, *form.typed.questions})) if form is not None else "",
        key=(form.key if form is not None else None) or new_id(),
        version=case.version if form is None or stale else form.version,
        talk=talk,
        level=level,
        windows=windows,
        denied_on=short_day(found.denied_on) if found.denied_on is not None else None,
        levels=[(one.level, f"{one.label}: {one.day or one.left}") for one in windows if one.day or one.urgent],
        people=[("", "Not said yet"), *((str(one), who) for one, who in sorted(case.chart.staff.items(), key=_name))],
        talk_outcomes=TALK_OUTCOMES,
        appeal_outcomes=APPEAL_OUTCOMES,
        stale=stale,
        both=both_of(found, "What you entered below") if stale else [],
        steers=may(Permission.EDIT_CASES),
    )


def _name(pair: tuple[UUID, str]) -> str:
    return pair[1].casefold()
