"""The token that asks, the sites in its sight, and the description of the API for programs and for people."""

from apiflask import APIBlueprint
from flask import Blueprint, Response, current_app, render_template

from app.api.access import current_token, opened_by
from app.api.description import describe
from app.api.problems import BASE
from app.api.routes.answering import answer
from app.api.views.about import Sites, TokenGiven, sites_body, token_body
from app.api.views.docs import docs_page
from app.practice.access import current_caller, signed_in
from app.practice.store import practice as practice_store

about_api = APIBlueprint("about_api", __name__, url_prefix=BASE, tag="Token")
api_pages = Blueprint("api_pages", __name__, url_prefix=BASE)


@about_api.get("/token")
@opened_by(None)
@about_api.output(TokenGiven)
def token() -> Response:
    """Read what the token that asks may do, and until when."""
    return answer(token_body(current_token()))


@about_api.get("/sites")
@opened_by(None)
@about_api.output(Sites)
def sites() -> Response:
    """List the practice's sites in sight: their ids are those of visits and alerts."""
    caller = current_caller()
    found = practice_store.sites(caller.session, caller.practice_id)
    seen = [one for one in found if caller.scope.sites is None or one.id in caller.scope.sites]
    return answer(sites_body(seen))


@about_api.get("/openapi.json")
@about_api.doc(hide=True)
@opened_by(None)
def description() -> Response:
    """Give the description of the API to a program."""
    return answer(describe(current_app))


@api_pages.get("/docs/openapi.json")
@signed_in
def description_for_people() -> Response:
    """Give the description of the API to whoever has signed in."""
    return answer(describe(current_app))


@api_pages.get("/docs")
@signed_in
def docs() -> str:
    """Show the description of the API as a page."""
    return render_template("api/docs.html", page=docs_page(describe(current_app)))
