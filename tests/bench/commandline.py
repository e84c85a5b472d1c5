"""`scripts/bench NAME`: measures one workload on generated data and prints one JSON object."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from tests.bench import alerts, audit, cases, clearance, delivery, imports, pages, policies, x12
from tests.bench.databases import databases

seed = click.option("--seed", default=1, show_default=True, help="The same seed makes the same data.")
as_json = click.option("--json", "as_json", is_flag=True, help="On one line, for programs.")
database = click.option("--database", help="An empty database to use and leave filled, as a URL.")
with_postgres = click.option("--postgres", is_flag=True, help="On a throw-away PostgreSQL instead of SQLite.")


@click.group()
def bench() -> None:
    """Measure how quick the program is, and with how much memory, beside yardsticks of the same run."""


def shown(answer: dict[str, Any], compact: bool) -> None:
    """Print the answer."""
    print(json.dumps(answer, indent=None if compact else 2))


@bench.command("clearance")
@click.option("--size", default=10_000, show_default=True, help="Booked lines.")
@click.option("--sizes", help="Several sizes, as 10000,100000: they give the growth exponent.")
@click.option("--rules", default=2_000, show_default=True, help="Payer rules.")
@click.option("--processes", type=int, help="Processes that judge; one for each core when not said.")
@seed
@as_json
@database
@with_postgres
def _clearance(
    size: int,
    sizes: str | None,
    rules: int,
    processes: int | None,
    seed: int,
    as_json: bool,
    database: str | None,
    postgres: bool,
) -> None:
    """Judge a whole book, again, after edits, and one visit; exit 1 when two ways give two answers."""
    wanted = [int(one) for one in sizes.split(",")] if sizes else [size]
    if database and len(wanted) > 1:
        raise click.UsageError("A database that is named takes one size; leave --database out, or give --size.")
    try:
        with databases(database, postgres) as places:
            shown(clearance.bench(wanted, rules, seed, places, processes), as_json)
    except clearance.UnequalError as error:
        print(f"Not equal: {error}.", file=sys.stderr)
        sys.exit(1)


@bench.command("policies")
@click.option("--sizes", default="200,2000,20000", show_default=True, help="Rules of each library; empty: none.")
@click.option("--size", default=10_000, show_default=True, help="Booked lines for the impact of a change; 0: none.")
@click.option("--rules", default=2_000, show_default=True, help="Payer rules over those lines.")
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the practice in this directory (SQLite), and use it again when it is there.",
)
@seed
@as_json
@database
@with_postgres
def _policies(
    sizes: str,
    size: int,
    rules: int,
    keep: Path | None,
    seed: int,
    as_json: bool,
    database: str | None,
    postgres: bool,
) -> None:
    """Determine one requirement from libraries of several sizes, load them, and list what a change would turn."""
    if keep is not None and (database or postgres):
        raise click.UsageError("--keep is for SQLite; leave --database and --with-postgres out.")
    wanted = [int(one) for one in sizes.split(",")] if sizes else []
    with databases(database, postgres) as places:
        shown(policies.bench(wanted, seed, size, rules, places, keep), as_json)


@bench.command("audit")
@click.option("--size", default=100_000, show_default=True, help="Lines of the log.")
@seed
@as_json
@database
@with_postgres
def _audit(size: int, seed: int, as_json: bool, database: str | None, postgres: bool) -> None:
    """Check a long audit log, write lines about many patients, and find a patient's lines."""
    with databases(database, postgres) as places:
        shown(audit.bench(size, seed, places), as_json)


@bench.command("x12")
@click.option("--size", default=100_000, show_default=True, help="Answers of the 271.")
@click.option("--claims", default=10_000, show_default=True, help="Claims of the 835.")
@seed
@as_json
def _x12(size: int, claims: int, seed: int, as_json: bool) -> None:
    """Read eligibility answers beside a bare split of the same bytes, and a remittance beside pyx12."""
    shown(x12.bench(size, seed, claims), as_json)


@bench.command("pages")
@click.option("--size", default=10_000, show_default=True, help="Booked lines on file.")
@click.option("--rules", default=2_000, show_default=True, help="Payer rules.")
@seed
@as_json
@database
@with_postgres
def _pages(size: int, rules: int, seed: int, as_json: bool, database: str | None, postgres: bool) -> None:
    """Open the Schedule in the server with many lines on file."""
    with databases(database, postgres) as places:
        shown(pages.bench(size, rules, seed, places), as_json)


@bench.command("cases")
@click.option("--size", default=10_000, show_default=True, help="Cases on file.")
@seed
@as_json
@database
@with_postgres
def _cases(size: int, seed: int, as_json: bool, database: str | None, postgres: bool) -> None:
    """Open every saved view of the list of cases, walk 36 visits, make a packet; exit 1 when the list is not true."""
    try:
        with databases(database, postgres) as places:
            shown(cases.bench(size, seed, places), as_json)
    except cases.UnequalError as error:
        print(f"Not equal: {error}.", file=sys.stderr)
        sys.exit(1)


@bench.command("imports")
@click.option("--rows", default=50_000, show_default=True, help="Rows of the file.")
@as_json
@database
@with_postgres
def _imports(rows: int, as_json: bool, database: str | None, postgres: bool) -> None:
    """Check a long schedule, write it, and check it again."""
    with databases(database, postgres) as places:
        shown(imports.bench(rows, places), as_json)


@bench.command("alerts")
@click.option("--size", default=10_000, show_default=True, help="Booked lines on file, and as many approvals.")
@click.option("--due", default=5_000, show_default=True, help="Deadlines that are due at once.")
@click.option("--texts", default=1_000, show_default=True, help="Texts that are delivered by each way, three times.")
@click.option("--rules", default=2_000, show_default=True, help="Payer rules.")
@seed
@as_json
@database
@with_postgres
def _alerts(
    size: int, due: int, texts: int, rules: int, seed: int, as_json: bool, database: str | None, postgres: bool
) -> None:
    """Watch a whole book, sweep what is due, sweep again, and deliver; exit 1 when the second sweep adds anything."""
    with databases(database, postgres) as places:
        answer = alerts.bench(size, due, rules, seed, places)
    with databases(None, postgres) as places:
        answer["delivery"] = delivery.bench(texts, places)
    shown(answer, as_json)
    if answer["repeat"]["done"] or any(answer["repeat"]["added"].values()):
        print("The second sweep told what the first one had told.", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    bench()
