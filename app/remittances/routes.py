"""Pages of remittances: the list of claims, and one claim."""

from functools import partial
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.policies.actions.basics import today_of
from app.practice.access import current_caller, needs, say
from app.practice.facts.staff import Permission
from app.remittances.actions import reading, scoring
from app.remittances.actions.reading import ClaimNotFoundError
from app.remittances.actions.taking import tie_claim
from app.remittances.forms import read_query, read_risk, read_rule, read_score, write_query, write_risk, write_score
from app.remittances.views.claims import claim_page
from app.remittances.views.listing import claims_page
from app.remittances.views.scorecard import risk_page, scorecard_page
from app.values.records import Outcome

remittance_pages = Blueprint("remittance_pages", __name__)


@remittance_pages.get("/remittances")
@needs(Permission.ADD_DENIALS)
def listing() -> tuple[str, int]:
    """Show claims; what the address says wrongly is named and left out."""
    caller = current_caller()
    form = read_query(request.args, today_of(caller))
    page = claims_page(
        reading.read_claims(caller, form.query), partial(url_for, "remittance_pages.listing"), write_query
    )
    shown = render_template("remittances/list.html", page=page, typed=form.typed, errors=form.errors)
    return shown, 422 if form.errors else 200


@remittance_pages.get("/remittances/scorecard")
@needs(Permission.EDIT_RULES, Permission.SEE_REPORTS)
def scorecard() -> str:
    """Show which rules denials followed, those first that the most followed."""
    found = scoring.read_scorecard(current_caller(), read_score(request.args.get("after", "")))
    page = scorecard_page(found, lambda place: url_for("remittance_pages.scorecard", after=write_score(place)))
    return render_template("remittances/scorecard.html", page=page)


@remittance_pages.get("/remittances/scorecard/visits")
@needs(Permission.EDIT_RULES, Permission.SEE_REPORTS)
def at_risk() -> str:
    """Show the booked visits that rest on a rule."""
    asked = read_rule(request.args)
    found = scoring.read_risk(current_caller(), *asked, read_risk(request.args.get("after", ""))) if asked else None
    if asked is None or found is None:
        abort(404)
    rule, need = asked[0], asked[1].value
    page = risk_page(
        found, lambda place: url_for("remittance_pages.at_risk", rule=rule, need=need, after=write_risk(place))
    )
    return render_template("remittances/at_risk.html", page=page)


@remittance_pages.get("/remittances/<uuid:claim_id>")
@needs(Permission.ADD_DENIALS)
def show(claim_id: UUID) -> str:
    """Show one claim with what was said of its visit."""
    return _claim(claim_id, {}, "")


def _claim(claim_id: UUID, errors: dict[str, str], typed: str) -> str:
    try:
        found = reading.read_kept(current_caller(), claim_id)
    except ClaimNotFoundError:
        abort(404)
    return render_template("remittances/claim.html", page=claim_page(found), errors=errors, typed=typed)


@remittance_pages.post("/remittances/<uuid:claim_id>/visit")
@needs(Permission.ADD_DENIALS)
def tie(claim_id: UUID) -> Response | tuple[str, int]:
    """Tie a claim that waits to the visit that was chosen, or named by the practice system's number."""
    typed = request.form.get("reference", "").strip()
    visit_id = _chosen(typed)
    if visit_id is None:
        sentence = "No visit with this number is on file." if typed else "Give the visit's number, or choose one above."
        return _claim(claim_id, {"reference": sentence}, typed), 422
    done = tie_claim(current_caller(), claim_id, visit_id)
    if done is None:
        abort(404)
    if done.outcome is Outcome.ALREADY:
        say("The claim was tied to a visit before; nothing was changed.")
    else:
        say("The claim is tied to its visit.")
    return redirect(url_for("remittance_pages.show", claim_id=claim_id), 303)


def _chosen(typed: str) -> UUID | None:
    """The visit that a button names, else the one of the number; None: neither is in sight."""
    caller, given = current_caller(), request.form.get("visit", "")
    if given:
        try:
            wanted = UUID(given)
        except ValueError:
            return None
        return wanted if reading.visit_in_sight(caller, wanted) else None
    visit = reading.visit_named(caller, typed) if typed else None
    return visit.id if visit is not None else None
