"""Visits with their verdicts: may they go ahead, and if not, why, and what fixes it?"""

from uuid import UUID

from apiflask import APIBlueprint
from flask import Response

from app.api.access import opened_by
from app.api.actions.visits import VisitQuery, list_visits, read_visit
from app.api.facts.tokens import ApiScope
from app.api.forms.visits import AsOf, VisitFilters
from app.api.problems import BASE
from app.api.routes.answering import answer, single
from app.api.rules.paging import read_cursor
from app.api.views.verdicts import Verdict, Visit, VisitPage, verdict_body, visit_body
from app.api.views.written import page_of
from app.practice.access import current_caller

visits_api = APIBlueprint("visits_api", __name__, url_prefix=BASE, tag="Visits")


@visits_api.get("/visits")
@opened_by(ApiScope.READ_VISITS)
@visits_api.input(VisitFilters, location="query")
@visits_api.output(VisitPage)
def list_all(query_data: VisitFilters) -> Response:
    """List booked visits of some days with their verdicts.

    By day, start and id. Every verdict is judged as of now.
    """
    after = read_cursor(query_data.asked, query_data.cursor, 3)
    badges = (query_data.badge,) if query_data.badge is not None else ()
    query = VisitQuery(query_data.first, query_data.last, query_data.site, badges, query_data.patient, query_data.limit)
    page = list_visits(current_caller(), query, after)
    return answer(page_of(query_data.asked, page, [visit_body(one) for one in page.rows]))


@visits_api.get("/visits/<uuid:visit_id>")
@opened_by(ApiScope.READ_VISITS)
@visits_api.output(Visit)
def show(visit_id: UUID) -> Response:
    """Read one visit of any status with its verdict."""
    return single(visit_body(read_visit(current_caller(), visit_id)))


@visits_api.get("/visits/<uuid:visit_id>/verdict")
@opened_by(ApiScope.READ_VISITS)
@visits_api.input(AsOf, location="query")
@visits_api.output(Verdict)
def verdict(visit_id: UUID, query_data: AsOf) -> Response:
    """Read the verdict on one visit, as of today or another day.

    The object is that which `scripts/manage visits why --json` prints.
    """
    return single(verdict_body(read_visit(current_caller(), visit_id, query_data.as_of)))
