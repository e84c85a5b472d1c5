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
        return _stated(asked, ServiceClass(stated), settled)
    grid = asked.grid
    if grid is None or grid.klass is ServiceClass.UNKNOWN:
        return None
    if grid.klass is ServiceClass.COSMETIC:
        return Reason.CLASS_COSMETIC
    if grid.klass is ServiceClass.MEDICAL:
        return Reason.CLASS_DOCUMENTED if grid.documented else Reason.CLASS_MEDICAL
    return _conditional(asked, settled)


def _stated(asked: Asked, klass: ServiceClass, settled: bool) -> Reason | None:
    """The class that a person stated when the visit type was mapped."""
    if klass is ServiceClass.COSMETIC:
        return Reason.CLASS_COSMETIC
    if klass is ServiceClass.MEDICAL:
        return Reason.CLASS_MEDICAL
    return _conditional(asked, settled) if klass is ServiceClass.CONDITIONAL else None


def _conditional(asked: Asked, settled: bool) -> Reason:
    """Medical only with a reason: the payer's approval, a trigger in the chart, or a diagnosis that the grid lists."""
    grid = asked.grid
    if settled:
        return Reason.CLASS_SETTLED
    if grid is not None and grid.documented:
        return Reason.CLASS_DOCUMENTED
    if grid is not None and grid.weak:
        return Reason.CLASS_WEAK
    if grid is not None and grid.klass is ServiceClass.MEDICAL and grid.listed:
        return Reason.CLASS_MEDICAL
    return Reason.CLASS_UNLISTED if asked.line.diagnoses else Reason.CLASS_NO_DIAGNOSIS
