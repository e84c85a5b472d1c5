"""The gateways of a session, put there by whoever made it, as its keys are."""

from sqlalchemy.orm import Session

from app.gateways.facts import Gateways


def gateways_of(session: Session) -> Gateways:
    """The gateways of a session; none set up where nobody put any there."""
    gateways = session.info.get("gateways")
    return gateways if isinstance(gateways, Gateways) else Gateways()
