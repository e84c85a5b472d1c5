"""Participation: which provider is in which payer's network, and since when. Payers are known from here up."""

from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.coverage.actions.coverages import record_participation
from app.coverage.facts import UnknownPayerError
from app.coverage.forms import ParticipationForm, read_participation
from app.coverage.views import participation_list
from app.policies.actions.payers import working_payers
from app.practice.access import current_caller, current_practice, needs, say
from app.practice.facts.staff import Permission
from app.practice.store import practice
from app.values.wording import counted

participation_pages = Blueprint("participation_pages", __name__, url_prefix="/admin/participation")
UNKNOWN = "This payer is not on file. Write its name as the list has it, or turn it on under Rules."


@participation_pages.get("")
@needs(Permission.SETTINGS, Permission.EDIT_RULES)
def listing() -> str:
    """List the practice's words on its providers' networks, and show the form of another."""
    return _page(ParticipationForm({"network": "in", "payer": request.args.get("payer", "")[:200]}))


@participation_pages.post("")
@needs(Permission.SETTINGS, Permission.EDIT_RULES)
def save() -> Response | tuple[str, int]:
    """Record a word; the same word twice is one. Every visit that it touches is judged again."""
    caller = current_caller()
    form = read_participation(request.form, caller.clock.today(ZoneInfo(current_practice().zone)), _npis())
    if form.span is None or form.network is None:
        return _page(form), 422
    try:
        recorded = [
            record_participation(caller, form.payer, form.plan, npi, form.network, form.span) for npi in form.npis
        ]
    except UnknownPayerError:
        form.errors["payer"] = UNKNOWN
        return _page(form), 422
    new = sum(recorded)
    say(f"Recorded for {counted(new, 'provider')}." if new else "This was on file already.")
    return redirect(url_for("participation_pages.listing"), 303)


def _npis() -> frozenset[str]:
    caller = current_caller()
    return frozenset(one.npi for one in practice.providers(caller.session, caller.practice_id))


def _page(form: ParticipationForm) -> str:
    caller = current_caller()
    session, practice_id = caller.session, caller.practice_id
    payers, people = working_payers(caller), practice.providers(session, practice_id)
    today = caller.clock.today(ZoneInfo(current_practice().zone))
    return render_template(
        "coverage/participation.html",
        form=form,
        payers=sorted(payers.values(), key=str.casefold),
        providers=[(one.npi, f"{one.name or 'Name not known'}, NPI {one.npi}") for one in people],
        groups=participation_list(practice.participations(session, practice_id), payers, people, today),
    )
