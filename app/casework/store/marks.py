"""Patients whose cases are to be placed anew (app/platform/marks.py)."""

from app.casework.models.casebook import CaseDirtyRow
from app.platform.marks import Marks

MARKS = Marks(CaseDirtyRow)
