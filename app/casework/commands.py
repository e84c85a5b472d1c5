"""`scripts/manage cases`: read one case, and log on it what a payer said, for people and programs."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import click

from app.authorizations.actions import KnownNumberError, StaleAuthorizationError
from app.authorizations.rules.moves import IllegalMoveError
from app.authorizations.rules.settling import RefusedValueError
from app.authorizations.views import status_words
from app.casework.actions.logging import Logged, log_contact, log_decision, read_named
from app.casework.facts.casebook import case_code
from app.casework.facts.cases import CaseNotFoundError, SeveralCasesError
from app.casework.facts.entries import Outcome
from app.casework.forms.logging import DECIDED, NOTED, UnloggedError, read_decided, read_noted
from app.casework.views.case_shape import case_shape, plain_case
from app.platform.caller import Caller
from app.platform.commandline import print_json, refuse, with_caller
from app.platform.ids import new_id
from app.values.days import read_day
from app.values.wording import counted

R = TypeVar("R")


class Day(click.ParamType[date]):
    """A date on the command line."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read it, or say how to write it."""
        day = value if isinstance(value, date) else read_day(str(value))
        if day is None:
            self.fail(f"'{value}' is not a date; write it as 2026-12-01 or 12/01/2026.", param, ctx)
        return day


@click.group(help="Cases: where a request or approval stands, and what payers said. CASE is an id, a code or a number.")
def cases() -> None:
    """Hold the commands about cases."""


@cases.command(help="Show one case: where it stands, what was asked and granted, its chain, entries and whole history.")
@click.argument("case")
@click.option("--json", "as_json", is_flag=True, help="One object, for programs.")
@with_caller
def show(caller: Caller, case: str, as_json: bool) -> None:
    """Show one case."""
    found, chain = _named(case, lambda: read_named(caller, case))
    if as_json:
        print_json(case_shape(found, chain))
    else:
        click.echo(plain_case(found, chain))


_CONTACT = (
    click.option("--line", help="The payer's line, portal or fax number."),
    click.option("--person", help="Whom you spoke to."),
    click.option("--reference", help="The reference of the call or message."),
    click.option("--started", help="When it began, with its offset: 2026-12-01T09:30-05:00."),
    click.option("--hold", type=int, help="Minutes on hold."),
    click.option("--outcome", type=click.Choice([one.value for one in Outcome]), help="How it ended."),
    click.option("--words", help="What was said, in your words."),
    click.option("--next", "next", help="What comes next."),
    click.option("--next-on", "next_on", type=Day(), help="By which day."),
    click.option("--key", type=click.UUID, help="An id of yours: what is logged twice under it counts once."),
    click.option("--json", "as_json", is_flag=True, help="One object, for programs."),
)
_ANSWER = (
    click.option(
        "--version", type=int, help="The version that you saw; refused where somebody changed the case since."
    ),
    click.option("--number", help="The payer's number."),
    click.option("--authorization-reference", help="The payer's reference, where there is no number."),
    click.option("--codes", help="What was granted, as 96910:36; 96912:10."),
    click.option("--begins", type=Day(), help="First day."),
    click.option("--ends", type=Day(), help="Last day, included."),
    click.option("--no-end", is_flag=True, help="It has no end."),
    click.option("--decided-on", type=Day(), help="The day of the answer; today where left out."),
    click.option("--too-early-until", type=Day(), help="The first day on which the payer takes the request."),
    click.option("--reason", help="A denial's reason, in the payer's words."),
    click.option("--code", help="The payer's code of a denial."),
    click.option("--due", type=Day(), help="Until when the payer waits for information; of a denial: to appeal."),
    click.option("--why", help="Why it was dismissed: duplicate, wrong_payer or outside_window."),
)


def _with(options: tuple[Callable[[Any], Any], ...]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command many options, in the order in which they are written."""

    def given(command: Callable[..., None]) -> Callable[..., None]:
        for option in reversed(options):
            command = option(command)
        return command

    return given


@cases.command(help="Log a call, a portal visit, a fax or a note on a case, or what the payer answered (--decision).")
@click.argument("case")
@click.option("--kind", type=click.Choice(sorted(NOTED)), help="What it was.")
@click.option("--decision", type=click.Choice(DECIDED), help="What the payer answered, or the practice decided.")
@_with(_ANSWER)
@_with(_CONTACT)
@with_caller
def log(caller: Caller, /, case: str, **given: Any) -> None:
    """Log something on one case."""
    if (given["kind"] is None) == (given["decision"] is None):
        refuse("Say what to log: either --kind call|portal|fax|note, or --decision with what the payer answered.")
    key: UUID = given["key"] or new_id()
    try:
        done = _named(case, lambda: _logged(caller, case, key, given))
    except UnloggedError as fault:
        refuse(str(fault))
    _tell(done, given["as_json"])


def _logged(caller: Caller, case: str, key: UUID, given: dict[str, Any]) -> Logged:
    if given["kind"] is not None:
        return log_contact(caller, case, key, read_noted(given))
    return log_decision(caller, case, key, read_decided(given), given["version"], given["code"])


def _tell(done: Logged, as_json: bool) -> None:
    record = done.record
    if as_json:
        print_json(
            {
                "case": case_code(record.id),
                "case_id": str(record.id),
                "entry": str(done.entry),
                "new": done.fresh,
                "status": record.status.value,
                "verbal": record.verbal,
                "version": done.version,
                "visits_changed": done.turned,
            }
        )
        return
    known = "" if done.fresh else " It was on file already."
    turned = f" {counted(done.turned, 'visit')} changed." if done.turned else ""
    click.echo(f"{case_code(record.id)}: {status_words(record.status)}.{known}{turned}")


def _named(case: str, do: Callable[[], R]) -> R:
    """Do something with a case by what it is called; say in a sentence what stands in the way."""
    try:
        return do()
    except CaseNotFoundError:
        refuse(f"No case is called '{case}'. Give its id, its code like A-0F3C21, or the payer's number.")
    except SeveralCasesError as several:
        names = ", ".join(str(one) for one in several.cases[:5])
        refuse(f"{counted(len(several.cases), 'case')} are called '{case}'. Give the id of one: {names}.")
    except IllegalMoveError as fault:
        refuse(fault.sentence)
    except RefusedValueError as fault:
        refuse(f"{fault.sentence}.")
    except StaleAuthorizationError as stale:
        refuse(f"Somebody changed the case meanwhile; it is at version {stale.version} now. Look at it, and log again.")
    except KnownNumberError:
        refuse("The patient has an authorization of this payer with this number already.")
