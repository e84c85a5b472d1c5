"""Approvals of one patient: log one, change one."""

from uuid import UUID

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from app.practice.access import needs
from app.practice.facts import Permission

approval_pages = Blueprint("approval_pages", __name__)


@approval_pages.get("/patients/<uuid:patient_id>/approvals/new")
@needs(Permission.EDIT_CASES)
def new(patient_id: UUID) -> Response:
    """Show the short form."""
    return redirect(url_for("patient_pages.show", patient_id=patient_id))


@approval_pages.get("/patients/<uuid:patient_id>/approvals/<uuid:authorization_id>")
@needs(Permission.EDIT_CASES)
def edit(patient_id: UUID, authorization_id: UUID) -> Response:
    """Show one approval for editing."""
    return redirect(url_for("patient_pages.show", patient_id=patient_id))
