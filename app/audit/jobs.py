"""What is done for the audit log by itself."""

from app.audit.actions import write_head
from app.platform.caller import Caller


def write_audit_head(caller: Caller) -> int:
    """Write the end of the chain outside the database when it moved, and once a day when not. Returns 1 or 0."""
    return int(write_head(caller))
