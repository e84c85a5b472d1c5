"""Read alerts for other programs, and acknowledge them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.alerts.actions import handling
from app.alerts.actions.handling import AlertNotFoundError, ChangedSinceError, Narrowed
from app.alerts.facts.alerts import Alert
from app.api.facts.problems import changed_since, not_found
from app.api.rules.paging import Page
from app.api.store import listing
from app.clearance.actions.opening import saw
from app.deadlines.facts import Reason
from app.platform.caller import Caller


@dataclass(frozen=True, slots=True)
class AlertQuery:
    """Which alerts: open or closed, for one reason, at one site."""

    closed: bool
    reason: Reason | None
    site: UUID | None
    limit: int


def list_alerts(caller: Caller, query: AlertQuery, after: tuple[str, ...] | None) -> Page[Alert]:
    """Read one page of alerts, the one told last first, and note whom they are about."""
    place = None if after is None else (datetime.fromisoformat(after[0]), UUID(after[1]))
    found = handling.inbox(caller, Narrowed(None, query.site, query.reason, query.closed), place)
    shown = found.alerts[: query.limit]
    more = found.after is not None or len(found.alerts) > len(shown)
    saw(caller, "api.alerts_read", [one.patient_id for one in shown if one.patient_id is not None])
    return Page(shown, (shown[-1].told_at.isoformat(), str(shown[-1].id)) if more and shown else None)


def read_alert(caller: Caller, alert_id: UUID) -> Alert:
    """Read one alert, and note whom it is about. Raises ProblemError (404)."""
    found = handling.read_alerts(caller, [alert_id]).get(alert_id)
    if found is None or not _in_sight(caller, found):
        raise not_found()
    saw(caller, "api.alert_read", [alert_id, *([found.patient_id] if found.patient_id is not None else [])])
    return found


def _in_sight(caller: Caller, alert: Alert) -> bool:
    if alert.patient_id is None:
        sites = caller.scope.sites
        return sites is None or alert.site_id is None or alert.site_id in sites
    return listing.patient_in_sight(caller.session, caller.practice_id, caller.scope, alert.patient_id)


def acknowledge_alert(caller: Caller, alert_id: UUID, version: int) -> Alert:
    """Note that an alert was seen. Raises ProblemError (404, 412)."""
    read_alert(caller, alert_id)
    try:
        handling.acknowledge(caller, alert_id, version)
    except AlertNotFoundError:
        raise not_found() from None
    except ChangedSinceError:
        raise changed_since() from None
    return read_alert(caller, alert_id)
