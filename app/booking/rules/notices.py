"""Medicare's own notice (ABN) and its modifiers: what the facts on file name, shown to people and never decided on."""

from collections.abc import Iterable, Sequence
from itertools import combinations

from app.booking.facts.gate import Notice, NoticeNeed, Step
from app.booking.facts.papers import PaperState
from app.policies.facts.answers import Cite
from app.policies.facts.grid import GridService, ModifiersFile
from app.values.insurance import Line

GA, GX, GY, GZ = "GA", "GX", "GY", "GZ"
MEDICARE = (Line.MEDICARE, Line.MEDICARE_ADVANTAGE)
COSMETIC_WHY = (
    "Original Medicare does not pay for a cosmetic service. GY says so on the claim; a notice beside it is voluntary, "
    "and a signed one adds GX."
)
NECESSITY_WHY = (
    "Medicare may deny this as not medically necessary. A notice signed before the service is billed with GA, and the "
    "patient may then be asked to pay; without one the claim carries GZ, and the practice bears the cost."
)
OFTEN_WHY = (
    "This service is booked more often than the rule on file allows. A notice signed before the service is billed with "
    "GA; without one the claim carries GZ, and the practice bears the cost."
)
DECLINED_WHY = (
    "The patient did not sign the notice. The facts on file do not say which modifier then applies: ask the billing "
    "lead before the service."
)
ADVANTAGE_WHY = (
    "The notice and its modifiers belong to Original Medicare. A Medicare Advantage plan is asked for an organization "
    "determination before the service instead."
)


def notice_of(
    file: ModifiersFile | None,
    services: Sequence[GridService],
    line: Line | None,
    step: Step,
    signed: PaperState | None,
    too_often: bool = False,
) -> Notice | None:
    """Say whether a notice is needed for a service, and which modifiers the facts name.

    Takes     the facts of modifiers; the services of the grid that name the code; the line of business of the day's
              coverage (None: not known); what the gate asks; the state of the notice on file (None: there is none);
              whether a limit of a rule is exceeded.
    Returns   None where nothing about a notice is on file: another line of business, a line that is not known, a
              medical service that nothing threatens, or no facts.
    """
    if file is None or line not in MEDICARE:
        return None
    cosmetic = step in (Step.CONSENT, Step.PAYS) and any(GY in _words(one) for one in services)
    doubtful = _may_be_denied(services) and (step is Step.FACT or (too_often and step is Step.NOTHING))
    if not cosmetic and not doubtful:
        return None
    cites = cites_of(file)
    if line is Line.MEDICARE_ADVANTAGE:
        return Notice(NoticeNeed.OTHER_WAY, why=ADVANTAGE_WHY, cites=cites)
    if cosmetic:
        return Notice(
            NoticeNeed.VOLUNTARY, _allowed(file, _cosmetic(signed)), _allowed(file, (GX, GY)), COSMETIC_WHY, cites
        )
    if signed is PaperState.DECLINED:
        return Notice(NoticeNeed.REQUIRED, (), (GA,), DECLINED_WHY, cites)
    now = (GA,) if signed is PaperState.SIGNED else (GZ,)
    return Notice(NoticeNeed.REQUIRED, now, (GA,), OFTEN_WHY if too_often else NECESSITY_WHY, cites)


def may_stand_together(file: ModifiersFile, modifiers: Iterable[str]) -> bool:
    """Say whether modifiers may stand on one line: every pair of them only where the table allows it."""
    allowed = {frozenset(one.pair) for one in file.combine if one.allowed}
    return all(frozenset(pair) in allowed for pair in combinations(modifiers, 2))


def cites_of(file: ModifiersFile) -> tuple[Cite, ...]:
    """Where the facts of modifiers were read."""
    return tuple(Cite(one.title, one.url, one.read_on or file.read_on) for one in file.sources.values())


def _cosmetic(signed: PaperState | None) -> tuple[str, ...]:
    return (GX, GY) if signed is PaperState.SIGNED else (GY,)


def _allowed(file: ModifiersFile, modifiers: tuple[str, ...]) -> tuple[str, ...]:
    return modifiers if may_stand_together(file, modifiers) else ()


def _words(service: GridService) -> str:
    return " ".join(service.medicare.cosmetic) if service.medicare else ""


def _may_be_denied(services: Sequence[GridService]) -> bool:
    return any(one.medicare is not None and one.medicare.may_deny_medical_necessity for one in services)
