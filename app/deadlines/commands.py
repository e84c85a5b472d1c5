"""What the clocks of cases run from, on the command line. Times are those of the practice's zone."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

import click

from app.deadlines import actions
from app.deadlines.facts import AppealLevel, Case, Information, PeerToPeer, Receipt
from app.deadlines.rules.calendar import local_time, zone_of
from app.platform.caller import Caller
from app.platform.commandline import print_json, refuse, with_caller
from app.platform.ids import new_id
from app.practice.store import practice as practice_store
from app.practice.store import staff as staffing

WHEN = "2026-12-01 14:30"


@click.group(help="Deadlines: what is due, and what their clocks run from.")
def deadlines() -> None:
    """Hold the commands of deadlines."""


@deadlines.command()
@click.argument("case")
@click.option("--on", "on", required=True, help="Day on which the payer received the request, 2026-12-01.")
@click.option("--at", "at", help="Time of day, 14:30, where it is known.")
@click.option("--urgent", is_flag=True, help="The request is urgent (expedited).")
@click.option("--extension", help="Day on which the payer gave notice that it takes longer.")
@with_caller
def receipt(caller: Caller, case: str, on: str, at: str | None, urgent: bool, extension: str | None) -> None:
    """Record when the payer received the request of a CASE (the id of its authorization)."""
    day = _day("--on", on)
    instant = _instant(caller, "--at", f"{day.isoformat()} {at}") if at else None
    later = _day("--extension", extension) if extension else None
    with _Refusing():
        actions.record_receipt(caller, _id(case), Receipt(day, instant, urgent, later))
    click.echo("Recorded.")


@deadlines.command()
@click.argument("one")
@click.option("--asked", help=f"When the payer asked for information, {WHEN}.")
@click.option("--due", help=f"Until when it waits: a whole day, 2026-12-11, or {WHEN}; not given: not known.")
@click.option("--sent", help=f"When the payer had it, {WHEN}.")
@with_caller
def information(caller: Caller, one: str, asked: str | None, due: str | None, sent: str | None) -> None:
    """Record what the payer asked for: ONE is the case with --asked, the request with --sent."""
    _exactly_one({"--asked": asked, "--sent": sent})
    if sent:
        with _Refusing():
            actions.answer_information(caller, _id(one), _instant(caller, "--sent", sent))
        click.echo("Recorded.")
        return
    whole = due is not None and " " not in due.strip()
    new = Information(
        new_id(),
        _instant(caller, "--asked", asked or ""),
        due_on=_day("--due", due) if due and whole else None,
        due_at=_instant(caller, "--due", due) if due and not whole else None,
    )
    with _Refusing():
        actions.ask_information(caller, _id(one), new)
    click.echo(f"Recorded as request {new.id}.")


@deadlines.command()
@click.argument("one")
@click.option("--offered", help=f"When the payer offered a call between physicians, {WHEN}.")
@click.option("--closes", help=f"Until when it can be held, {WHEN}.")
@click.option("--held", help=f"When it was held, {WHEN}.")
@with_caller
def peer(caller: Caller, one: str, offered: str | None, closes: str | None, held: str | None) -> None:
    """Record a peer-to-peer call: ONE is the case with --offered and --closes, the call with --held."""
    _exactly_one({"--offered": offered, "--held": held})
    if held:
        with _Refusing():
            actions.hold_call(caller, _id(one), _instant(caller, "--held", held))
        click.echo("Recorded.")
        return
    if not closes:
        refuse(f"--closes is missing: until when can the call be held? Write it as {WHEN}.")
    opens, ends = _instant(caller, "--offered", offered or ""), _instant(caller, "--closes", closes)
    call = PeerToPeer(new_id(), opens, ends)
    with _Refusing():
        actions.offer_call(caller, _id(one), call)
    click.echo(f"Recorded as call {call.id}.")


@deadlines.command()
@click.argument("one")
@click.option("--level", type=click.IntRange(1, 9), default=1, show_default=True, help="Level of the appeal.")
@click.option("--denied", help="Day of the denial that opened it, 2026-12-01.")
@click.option("--ends", help="Last day of its window.")
@click.option("--filed", help="Day on which the appeal was filed.")
@click.option("--decided", help="Day on which it was decided.")
@with_caller
def appeal(
    caller: Caller,
    one: str,
    level: int,
    denied: str | None,
    ends: str | None,
    filed: str | None,
    decided: str | None,
) -> None:
    """Record a level of appeal: ONE is the case with --denied and --ends, the level with --filed or --decided."""
    _exactly_one({"--denied": denied, "--filed": filed, "--decided": decided})
    if filed or decided:
        with _Refusing():
            if filed:
                actions.file_appeal(caller, _id(one), _day("--filed", filed))
            else:
                actions.decide_appeal(caller, _id(one), _day("--decided", decided or ""))
        click.echo("Recorded.")
        return
    if not ends:
        refuse("--ends is missing: which is the last day of the window? Write it as 2026-12-31.")
    new = AppealLevel(new_id(), level, _day("--denied", denied or ""), _day("--ends", ends))
    with _Refusing():
        actions.open_level(caller, _id(one), new)
    click.echo(f"Recorded as level {new.id}.")


@deadlines.command()
@click.argument("case")
@click.argument("email")
@with_caller
def owner(caller: Caller, case: str, email: str) -> None:
    """Say whose a CASE is, by EMAIL; `nobody` gives it back to the site's coordinators."""
    people = staffing.staff_of(caller.session, caller.practice_id)
    person = next((one for one in people if one.email == email.strip().lower()), None)
    if person is None and email != "nobody":
        refuse(f"Nobody with the address {email} is on file.")
    with _Refusing():
        actions.own_case(caller, _id(case), person.id if person is not None else None)
    click.echo("Recorded.")


@deadlines.command("case")
@click.argument("case")
@click.option("--json", "as_json", is_flag=True, help="One object, for programs.")
@with_caller
def show(caller: Caller, case: str, as_json: bool) -> None:
    """Show what was recorded of a CASE, with the ids of requests, calls and levels."""
    with _Refusing():
        found = actions.read_case(caller, _id(case))
    content = _content(found)
    if as_json:
        print_json(content)
        return
    rows = [(name, one) for name, them in content.items() if isinstance(them, list) for one in them]
    for name, one in [("receipt", content["receipt"]), *rows]:
        if isinstance(one, dict):
            click.echo(f"{name}: " + ", ".join(f"{key} {value}" for key, value in one.items() if value is not None))
    click.echo(f"owner: {content['owner'] or 'nobody'}")


def _content(case: Case) -> dict[str, Any]:
    return {
        "case": str(case.authorization_id),
        "owner": None if case.owner_id is None else str(case.owner_id),
        "receipt": None if case.receipt is None else _plain(case.receipt),
        "information": [_plain(one) for one in case.information],
        "calls": [_plain(one) for one in case.peers],
        "levels": [_plain(one) for one in case.appeals],
    }


def _plain(one: Receipt | Information | PeerToPeer | AppealLevel) -> dict[str, Any]:
    return {name: _text(value) for name, value in asdict(one).items()}


def _text(value: Any) -> Any:
    if isinstance(value, date):  # an instant is one too
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


class _Refusing:
    """Turn what an action refuses into a sentence."""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Say what was found and what to do."""
        if isinstance(error, actions.CaseNotFoundError):
            refuse("No case of this id is on file; scripts/manage deadlines list shows the ids of those that are due.")
        if isinstance(error, actions.NothingOpenError):
            refuse("Nothing open of this id is on file; scripts/manage deadlines case CASE shows what was recorded.")
        if isinstance(error, actions.KnownAlreadyError):
            refuse("This is on file already.")
        if isinstance(error, actions.PersonNotFoundError):
            refuse("This person may not sign in any more; choose another.")
        if isinstance(error, actions.BackwardsError):
            refuse(str(error))


def _exactly_one(options: dict[str, str | None]) -> None:
    if sum(bool(given) for given in options.values()) != 1:
        refuse(f"Give exactly one of {', '.join(options)}.")


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        refuse("An id has 32 digits and letters from a to f; scripts/manage deadlines list shows them.")


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        refuse(f"{option} '{text}' is not a date; write it as 2026-12-01.")


def _instant(caller: Caller, option: str, text: str) -> datetime:
    practice = practice_store.practice_of(caller.session, caller.practice_id)
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is not None or " " not in text.strip():
        refuse(f"{option} '{text}' is not a day and time; write it as {WHEN}, in the zone {practice.zone}.")
    return local_time(moment.date(), moment.time(), zone_of(practice.zone))
