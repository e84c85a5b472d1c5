"""`scripts/drill NAME --seed N`: tries the program under kills, faults and clocks; one JSON line, exit 0 or 1."""

import json
import sys
from typing import Any

import click

from tests.drills import (
    api_trying,
    calendar,
    canary,
    crossing,
    faults,
    heading,
    hostile,
    killing,
    lifecycle,
    login_drill,
    matrix,
    plan_switching,
    replay,
    restoring,
    rule_changes,
    session_drill,
    tampering,
    web_killing,
)

seed = click.option("--seed", default=1, show_default=True, help="The same seed draws the same dice.")
database = click.option(
    "--db", type=click.Choice(["sqlite", "postgres"]), default="sqlite", show_default=True, help="Which database."
)


@click.group()
def drill() -> None:
    """Try the program under kills, faults and clocks. Each drill prints one JSON line; exit 0: passed, 1: not."""


def ended(answer: dict[str, Any]) -> None:
    """Print the answer and end by it."""
    print(json.dumps(answer))
    sys.exit(0 if answer["passed"] else 1)


@drill.command("kill-sender")
@click.option("--kills", default=200, show_default=True, help="How many processes are killed.")
@seed
@database
@click.option("--plant", type=click.Choice(["check-send-mark", "mark-then-send"]), help="A bad design, to be caught.")
@click.option("--causes", default=killing.EACH_KILL, show_default=True, help="Causes of texts for each kill.")
def _kill_sender(kills: int, seed: int, db: str, plant: str | None, causes: int) -> None:
    """Kill schedulers and senders at any moment while the provider fails: each text goes out once."""
    ended(killing.drill(kills, seed, db, plant, causes))


@drill.command("faults")
@seed
@database
@click.option("--plant", type=click.Choice(["retry-everything"]), help="A bad design, to be caught.")
@click.option("--pairs/--no-pairs", default=True, show_default=True, help="Each fault with another after it, too.")
def _faults(seed: int, db: str, plant: str | None, pairs: bool) -> None:
    """Let the providers of texts and e-mail do everything that they may do: nothing is lost, a no is heard once."""
    ended(faults.drill(seed, db, plant, pairs))


@drill.command("replay")
@seed
@database
@click.option("--plant", type=click.Choice(replay.PLANTS), help="A bad design, to be caught.")
@click.option("--copies", default=10, show_default=True, help="How often each file comes.")
@click.option("--orders", default=3, show_default=True, help="In how many orders they come.")
@click.option("--each", default=12, show_default=True, help="Forgeries of each file, one byte changed anywhere.")
def _replay(seed: int, db: str, plant: str | None, copies: int, orders: int, each: int) -> None:
    """Let payers' files come many times, at once, in any order, and forged: each works once, no forgery does."""
    ended(replay.drill(seed, db, plant, copies, orders, each))


@drill.command("calendar")
@click.option("--cases", default=calendar.CASES, show_default=True, help="How many cases are drawn.")
@seed
@click.option("--plant", type=click.Choice(["utc-days", "cron-window"]), help="A bad design, to be caught.")
def _calendar(cases: int, seed: int, plant: str | None) -> None:
    """Move the clock through zones, changes of the clock and years: each reminder once on its local date."""
    ended(calendar.run(seed, cases, plant))


@drill.command("audit-tamper")
@click.option("--attacks", default=200, show_default=True, help="How many changes are made to the log.")
@seed
@database
@click.option("--plant", type=click.Choice(["skip-mac", "no-heads"]), help="A bad design, to be caught.")
def _audit_tamper(attacks: int, seed: int, db: str, plant: str | None) -> None:
    """Edit, delete, swap, insert and cut audit lines past the triggers: each is found at its line."""
    ended(tampering.drill(attacks, seed, db, plant))


@drill.command("canary")
@click.option("--patients", default=1_000, show_default=True, help="How many patients are marked.")
@seed
@database
@click.option("--plant", type=click.Choice(canary.PLANTS), help="A leak, to be found.")
@click.option("--seconds", default=20.0, show_default=True, help="How long jobs run after people have worked.")
def _canary(patients: int, seed: int, db: str, plant: str | None, seconds: float) -> None:
    """Mark patients in every field that identifies them, work, and search whatever is left for the marks."""
    ended(canary.drill(patients, seed, db, plant, seconds))


@drill.command("csrf")
@click.option("--plant", type=click.Choice(crossing.PLANTS), help="A bad design, to be caught.")
@click.option("--every", default=1, show_default=True, help="Try one of so many addresses.")
def _csrf(plant: str | None, every: int) -> None:
    """Post forms of other sites to every address that changes something, with every mix of proofs: none is taken."""
    ended(crossing.run(plant, every))


@drill.command("sessions")
@click.option("--rounds", default=10, show_default=True, help="How often each trick is played, with other dice.")
@seed
@database
@click.option("--plant", type=click.Choice(session_drill.PLANTS), help="A bad design, to be caught.")
def _sessions(rounds: int, seed: int, db: str, plant: str | None) -> None:
    """Show cookies from before, after and beside what ends a session: none opens a page."""
    ended(session_drill.drill(rounds, seed, db, plant))


@drill.command("login")
@click.option("--hours", default=24, show_default=True, help="How long those who guess go on, by the server's clock.")
@seed
@database
@click.option("--plant", type=click.Choice(login_drill.PLANTS), help="A bad design, to be caught.")
def _login(hours: int, seed: int, db: str, plant: str | None) -> None:
    """Guess, flood, replay and ask who is on file at sign-in: few guesses count, and nobody is kept out or told of."""
    ended(login_drill.drill(seed, db, plant, hours))


@drill.command("restore")
@click.option("--authorizations", default=200_000, show_default=True, help="How many the practice has.")
@click.option("--flips", default=200, show_default=True, help="How many bytes of copies are changed.")
@seed
@database
@click.option("--plant", type=click.Choice(restoring.PLANTS), help="A bad design, to be caught.")
def _restore(authorizations: int, flips: int, seed: int, db: str, plant: str | None) -> None:
    """Back up under load, restore elsewhere, and compare; damage copies; see that nothing is sent again."""
    ended(restoring.drill(authorizations, seed, db, plant, flips))


@drill.command("headers")
@click.option("--plant", type=click.Choice(heading.PLANTS), help="A bad design, to be caught.")
@click.option("--every", default=1, show_default=True, help="Ask one of so many addresses.")
def _headers(plant: str | None, every: int) -> None:
    """Ask every address as a person and as a stranger: each answer has all headers, and no page breaks its policy."""
    ended(heading.run(plant, every))


@drill.command("kill-web")
@click.option("--kills", default=200, show_default=True, help="How many web workers are killed.")
@seed
@database
@click.option("--plant", type=click.Choice(web_killing.PLANTS), help="A bad design, to be caught.")
def _kill_web(kills: int, seed: int, db: str, plant: str | None) -> None:
    """Kill web workers while programs create, decide and use units: each acknowledged change is there once."""
    ended(web_killing.drill(kills, seed, db, plant))


@drill.command("api")
@click.option("--examples", default=50, show_default=True, help="Requests of each kind for each operation.")
@seed
@database
@click.option("--plant", type=click.Choice(api_trying.PLANTS), help="A bad design, to be caught.")
def _api(examples: int, seed: int, db: str, plant: str | None) -> None:
    """Ask the API whatever fits and does not fit its description, with tokens of each kind: it answers as described."""
    ended(api_trying.drill(examples, seed, db, plant))


@drill.command("lifecycle")
@click.option("--runs", default=lifecycle.RUNS, show_default=True, help="How many patients' cases are led through.")
@click.option("--steps", default=lifecycle.STEPS, show_default=True, help="How many steps each of these takes.")
@seed
@click.option("--plant", type=click.Choice(list(lifecycle.PLANTS)), help="A hole, to be caught.")
def _lifecycle(runs: int, steps: int, seed: int, plant: str | None) -> None:
    """Do to cases whatever people do, right and wrong: the program and a small model of it say the same."""
    ended(lifecycle.drill(runs, steps, seed, plant))


@drill.command("switch-plans")
@click.option("--members", default=500, show_default=True, help="How many members there are.")
@seed
@database
def _switch_plans(members: int, seed: int, db: str) -> None:
    """Let members switch plans on 1 January: the list of changes is what judging everybody twice says, once."""
    ended(plan_switching.drill(seed, db, members))


@drill.command("rule-changes")
@click.option("--runs", default=rule_changes.RUNS, show_default=True, help="How many changes are drawn.")
@click.option("--patients", default=rule_changes.CROWD, show_default=True, help="Patients beside the sample's.")
@seed
@database
@click.option("--plant", type=click.Choice(rule_changes.PLANTED), help="A bad search, to be caught.")
def _rule_changes(runs: int, patients: int, seed: int, db: str, plant: str | None) -> None:
    """Change payer rules at random: what would change is what judging everybody twice says, and what was said stays."""
    ended(rule_changes.drill(seed, db, runs, patients, plant))


@drill.command("matrix")
@click.option("--small", is_flag=True, help="One row for all that differ only in their address.")
@click.option("--plant", type=click.Choice(list(matrix.PLANTS)), help="A hole, to be caught.")
def _matrix(small: bool, plant: str | None) -> None:
    """Ask every row of the table of doors by everybody about an object of every side: each cell comes as written."""
    ended(matrix.drill(plant, small))


@drill.command("hostile-files")
@click.option("--files", default=hostile.FILES, show_default=True, help="How many files are made.")
@seed
@click.option("--plant", type=click.Choice(hostile.PLANTS), help="A bad design, to be caught.")
def _hostile_files(files: int, seed: int, plant: str | None) -> None:
    """Bring files that mean harm to every door that takes files: each is read or refused by name, nothing breaks."""
    ended(hostile.drill(files, seed, plant))


if __name__ == "__main__":
    drill()
