"""How plans are asked about coverage: a payer's id at the clearinghouse, and the files sent last."""

from collections import defaultdict

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.eligibility.actions import payer_routes as actions
from app.eligibility.facts.asking import Route
from app.eligibility.forms.asking import RouteForm, read_route
from app.eligibility.views.asking import DETAILS, asking_page
from app.gateways.access import gateways_of
from app.practice.access import current_caller, needs, say
from app.practice.facts.staff import Permission

asking_pages = Blueprint("asking_pages", __name__, url_prefix="/rules/asking")


@asking_pages.get("")
@needs(Permission.SEE_RULES)
def listing() -> str:
    """Show how each payer is asked, what is missing for it, and the files sent last."""
    return render_template("eligibility/asking.html", page=asking_page(actions.read_setup(current_caller())))


@asking_pages.get("/<payer>")
@needs(Permission.EDIT_RULES)
def edit(payer: str) -> str:
    """Show how one payer is asked."""
    try:
        name, route = actions.route_of(current_caller(), payer)
    except actions.UnknownRouteError:
        abort(404)
    return _page(payer, name, _values(route), route.version)


@asking_pages.post("/<payer>")
@needs(Permission.EDIT_RULES)
def save(payer: str) -> Response | tuple[str, int]:
    """Store how one payer is asked."""
    caller = current_caller()
    try:
        name, route = actions.route_of(caller, payer)
    except actions.UnknownRouteError:
        abort(404)
    form = read_route(request.form, payer, _houses())
    if form.route is None:
        return _page(payer, name, form.typed, form.typed.get("version", route.version), form), 422
    try:
        actions.save_route(caller, form.route)
    except actions.StaleRouteError as stale:
        return _page(payer, name, form.typed, stale.now.version, form, stale.now), 409
    say("Saved. The next requests to this plan go that way.")
    return redirect(url_for(".listing"), 303)


def _houses() -> tuple[str, ...]:
    return tuple(gateways_of(current_caller().session).clearinghouses)


def _values(route: Route) -> dict[str, str]:
    return {
        "payer_id": route.payer_id,
        "clearinghouse": route.clearinghouse or "",
        "detail": route.detail.value,
        "procedures": "yes" if route.procedures else "",
    }


def _page(
    payer: str,
    name: str,
    values: object,
    version: object,
    form: RouteForm | None = None,
    other: Route | None = None,
) -> str:
    return render_template(
        "eligibility/payer_route.html",
        payer=payer,
        name=name,
        values=defaultdict(str, values),  # type: ignore[call-overload]
        errors=form.errors if form is not None else {},
        at=defaultdict(str, form.errors if form is not None else {}),
        version=version,
        houses=[("", "The first of the settings"), *((one, one) for one in _houses())],
        details=DETAILS,
        other=None if other is None else _values(other),
    )
