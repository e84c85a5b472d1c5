"""Coverages of one patient: add one, change one, record what the plan said."""

from uuid import UUID

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from app.practice.access import needs
from app.practice.facts import Permission

coverage_pages = Blueprint("coverage_pages", __name__)


@coverage_pages.get("/patients/<uuid:patient_id>/coverages/new")
@needs(Permission.EDIT_CASES)
def add(patient_id: UUID) -> Response:
    """Show the form of a new coverage."""
    return redirect(url_for("patient_pages.show", patient_id=patient_id))


@coverage_pages.get("/patients/<uuid:patient_id>/coverages/<uuid:coverage_id>")
@needs(Permission.EDIT_CASES)
def edit(patient_id: UUID, coverage_id: UUID) -> Response:
    """Show one coverage for editing."""
    return redirect(url_for("patient_pages.show", patient_id=patient_id))


@coverage_pages.get("/patients/<uuid:patient_id>/coverages/<uuid:coverage_id>/check")
@needs(Permission.EDIT_CASES)
def check(patient_id: UUID, coverage_id: UUID) -> Response:
    """Show the form of an eligibility check."""
    return redirect(url_for("patient_pages.show", patient_id=patient_id))
