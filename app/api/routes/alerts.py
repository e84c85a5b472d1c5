"""Alerts: what is due, and that somebody saw it."""

from uuid import UUID

from apiflask import APIBlueprint
from flask import Response

from app.api.access import opened_by
from app.api.actions import alerts as actions
from app.api.facts.once import Answered
from app.api.facts.tokens import ApiScope
from app.api.forms.alerts import AlertFilters
from app.api.forms.nothing import Nothing
from app.api.problems import BASE
from app.api.routes.answering import answer, answered, once, single, version_asked
from app.api.rules.paging import read_cursor
from app.api.views.alerts import AlertGiven, AlertPage, alert_body
from app.api.views.written import page_of, version_tag
from app.practice.access import current_caller

alerts_api = APIBlueprint("alerts_api", __name__, url_prefix=BASE, tag="Alerts")


@alerts_api.get("/alerts")
@opened_by(ApiScope.READ_ALERTS)
@alerts_api.input(AlertFilters, location="query")
@alerts_api.output(AlertPage)
def list_all(query_data: AlertFilters) -> Response:
    """List alerts, the one told last first."""
    after = read_cursor(query_data.asked, query_data.cursor, 2)
    query = actions.AlertQuery(query_data.state == "closed", query_data.reason, query_data.site, query_data.limit)
    page = actions.list_alerts(current_caller(), query, after)
    return answer(page_of(query_data.asked, page, [alert_body(one, version_tag(one.version)) for one in page.rows]))


@alerts_api.get("/alerts/<uuid:alert_id>")
@opened_by(ApiScope.READ_ALERTS)
@alerts_api.output(AlertGiven)
def show(alert_id: UUID) -> Response:
    """Read one alert."""
    one = actions.read_alert(current_caller(), alert_id)
    tag = version_tag(one.version)
    return single(alert_body(one, tag), tag)


@alerts_api.post("/alerts/<uuid:alert_id>/acknowledgement")
@opened_by(ApiScope.WRITE_ALERTS, creates=True, changes=True)
@alerts_api.input(Nothing)
@alerts_api.output(AlertGiven)
def acknowledge(alert_id: UUID, json_data: Nothing) -> Response:
    """Note that an alert was seen: it stops rising, and its deadline stays."""
    caller, version = current_caller(), version_asked()

    def effect() -> Answered:
        one = actions.acknowledge_alert(caller, alert_id, version)
        tag = version_tag(one.version)
        return answered(alert_body(one, tag), 200, ETag=tag)

    return once(effect)
