"""What a set of rules would change if it were in force: visits that are booked, and cases that are open."""

from datetime import datetime
from uuid import UUID

from app.authorizations.facts import Status
from app.clearance.facts.reasons import Badge, Check, Result
from app.policies.facts.answers import Need
from app.values.fact import fact


@fact
class CheckTurn:
    """One check of a line whose result differs; None: the check does not apply."""

    check: Check
    before: Result | None
    after: Result | None


@fact
class Rested:
    """On what the need of a line or a case rests: the need, and the rule as it is cited (None: no rule answers)."""

    need: Need | None
    rule: str | None


@fact
class LineTurn:
    """One line whose verdict would differ. `service` is its code, else its drug, else its visit type.

    `badge` None: billed outside. `checks` are those whose result differs, in their order.
    """

    position: int
    service: str
    badge_before: Badge | None
    badge_after: Badge | None
    before: Rested
    after: Rested
    checks: tuple[CheckTurn, ...]


@fact
class VisitTurn:
    """One booked visit, from today at its site on, whose verdict would differ.

    `starts_at` is in the zone of its site; `before` and `after` are the badges that it shows; `lines` only those that
    differ.
    """

    visit_id: UUID
    reference: str
    patient_id: UUID
    site: str
    starts_at: datetime
    before: Badge
    after: Badge
    lines: tuple[LineTurn, ...]


@fact
class ServiceNeed:
    """What one service of a case would rest on, before and after."""

    service: str
    before: Rested
    after: Rested


@fact
class CaseTurn:
    """One case without a decision of which a need would differ. `services` only those that differ."""

    case_id: UUID
    patient_id: UUID
    payer_name: str
    status: Status
    services: tuple[ServiceNeed, ...]


@fact
class Impact:
    """What a set of rules would change.

    `version` names the set by its content; `payers` are those whose rules differ. `visits` are in order of start, then
    id; `cases` in the order of their ids. `resting` counts further visits that keep their verdict and rest on another
    rule or finding. `searched` counts the patients whose services were put to both sets.
    """

    version: str
    payers: tuple[str, ...]
    visits: tuple[VisitTurn, ...]
    cases: tuple[CaseTurn, ...]
    resting: int
    searched: int
