"""Work on many things of which one that breaks must keep the others from nothing."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from app.platform.incidents import describe, new_incident
from app.platform.logs import log
from app.platform.runs import Ran


def alone(session: Session, broken: str, act: Callable[[], Ran]) -> Ran:
    """Do one of many things; where it breaks it counts as failed, and `broken` is logged with where."""
    try:
        return act()
    except Exception as error:
        session.rollback()
        log().error(broken, incident=new_incident(), what=describe(error))
        return Ran(1, 0, 1)
