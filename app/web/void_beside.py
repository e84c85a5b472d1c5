"""Which approvals a change of plans voids, beside a case and on a patient's page.

These pages stand below the room of eligibility; so the roof hands it in.
"""

from collections.abc import Mapping
from uuid import UUID

from flask import Flask

from app.eligibility.actions.plan_changes import void_now
from app.eligibility.views.plan_changes import VoidShown, void_shown
from app.practice.access import current_caller, sees
from app.practice.rules.fields import Field


def add_voids(app: Flask) -> None:
    """Give the templates `voided_approvals(patient_id)`."""
    app.jinja_env.globals["voided_approvals"] = voided_approvals


def voided_approvals(patient_id: UUID) -> Mapping[UUID, VoidShown]:
    """The approvals of a patient that the plan of today does not honor, by their ids, for those who read approvals."""
    if not sees(Field.APPROVALS):
        return {}
    return {one: void_shown(void) for one, void in void_now(current_caller(), patient_id).items()}
