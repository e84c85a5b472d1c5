"""Patients whose clocks are to be looked at anew (app/platform/marks.py)."""

from app.alerts.models.alerts import WatchDirtyRow
from app.platform.marks import Marks

MARKS = Marks(WatchDirtyRow)
