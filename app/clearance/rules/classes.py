"""Check `class`: is a line medical, conditional or cosmetic?"""

from app.clearance.facts.reasons import Reason
from app.clearance.facts.work import Asked
from app.policies.facts.answers import ServiceClass


def check_class(asked: Asked, settled: bool) -> Reason | None:
    """Judge the class of a line.

    Takes     what is asked; whether an approval passes all its checks (the payer has then decided a conditional class).
    Returns   the finding; None for a code that no service of the grid names.
    """
    stated = asked.line.klass
    if stated is not None:
        return _stated(ServiceClass(stated), settled)
    grid = asked.grid
    if grid is None or grid.klass is ServiceClass.UNKNOWN:
        return None
    if grid.klass is ServiceClass.COSMETIC:
        return Reason.CLASS_COSMETIC
    if grid.klass is ServiceClass.MEDICAL:
        return Reason.CLASS_DOCUMENTED if grid.documented else Reason.CLASS_MEDICAL
    if settled:
        return Reason.CLASS_SETTLED
    if grid.weak:
        return Reason.CLASS_WEAK
    return Reason.CLASS_UNLISTED if asked.line.diagnoses else Reason.CLASS_NO_DIAGNOSIS


def _stated(klass: ServiceClass, settled: bool) -> Reason | None:
    """The class that a person stated when the visit type was mapped."""
    if klass is ServiceClass.COSMETIC:
        return Reason.CLASS_COSMETIC
    if klass is ServiceClass.MEDICAL:
        return Reason.CLASS_MEDICAL
    if klass is ServiceClass.CONDITIONAL:
        return Reason.CLASS_SETTLED if settled else Reason.CLASS_UNLISTED
    return None
