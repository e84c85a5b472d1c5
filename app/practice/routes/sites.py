"""The practice's sites: list, add, check, change."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.platform.ids import new_id
from app.practice.access import breaks_unless_confirmed, current_caller, current_practice, needs, say
from app.practice.actions import practice as actions
from app.practice.facts.practice import Site
from app.practice.facts.staff import Permission
from app.practice.forms.practice import SiteForm, read_site, zone_choices
from app.practice.rules.roles import version_of
from app.practice.store import practice as store
from app.practice.views.differences import Differences, site_differences

site_pages = Blueprint("site_pages", __name__, url_prefix="/admin/sites")
TAKEN = "Another site has this name or code. Sites are told apart by both."


@site_pages.get("")
@needs(Permission.SETTINGS)
def listing() -> str:
    """List the sites."""
    caller = current_caller()
    return render_template("practice/sites.html", sites=store.sites(caller.session, caller.practice_id))


@site_pages.get("/new")
@needs(Permission.SETTINGS)
def new() -> str:
    """Show the form of a new site, in the practice's zone and state."""
    practice = current_practice()
    return _page(new_id(), None, {"zone": practice.zone, "state": practice.state or "", "fresh_days": "7"})


@site_pages.get("/<uuid:site_id>")
@needs(Permission.SETTINGS)
def edit(site_id: UUID) -> str:
    """Show one site."""
    site = _known(site_id)
    if site is None:
        abort(404)
    return _page(site_id, site, _typed(site))


@site_pages.post("/<uuid:site_id>")
@needs(Permission.SETTINGS)
def save(site_id: UUID) -> Response | tuple[str, int]:
    """Store a site; a form that comes twice stores it once."""
    form = read_site(request.form, site_id)
    if form.site is None:
        return _page(site_id, _known(site_id), form.typed, form), 422
    try:
        given = current_caller(), form.site, form.version
        questions = breaks_unless_confirmed(lambda: actions.save_site(*given))
        if questions:
            return _page(site_id, _known(site_id), form.typed, form, questions=questions), 422
        actions.save_site(*given)
    except actions.TakenError as taken:
        form.errors[taken.field] = TAKEN
        return _page(site_id, _known(site_id), form.typed, form), 422
    except actions.StaleRecordError:
        now = _known(site_id)
        assert now is not None
        return _page(site_id, now, form.typed, form, site_differences(now, form.site)), 409
    say("The site is saved.")
    return redirect(url_for("site_pages.listing"), 303)


def _known(site_id: UUID) -> Site | None:
    caller = current_caller()
    return next((one for one in store.sites(caller.session, caller.practice_id) if one.id == site_id), None)


def _typed(site: Site) -> dict[str, str]:
    days = str(site.fresh_days)
    return {
        "name": site.name,
        "code": site.code or "",
        "zone": site.zone,
        "state": site.state or "",
        "fresh_days": days,
    }


def _page(
    site_id: UUID,
    known: Site | None,
    typed: Mapping[str, str],
    form: SiteForm | None = None,
    both: Differences | None = None,
    questions: Mapping[str, str] | None = None,
) -> str:
    return render_template(
        "practice/site.html",
        questions=questions or {},
        answered={"confirmed": request.form.get("confirmed", "")},
        site_id=site_id,
        known=known,
        typed=typed,
        errors=form.errors if form is not None else {},
        both=both,
        version=version_of(known) if known is not None else "",
        zones=zone_choices(typed.get("zone", "")),
    )
