"""Participation in networks on the command line; it stands here because payers' names are known above the practice."""

from datetime import date

import click

from app.coverage.actions import coverages as actions
from app.coverage.facts import UnknownPayerError
from app.platform.caller import Caller
from app.platform.commandline import refuse, with_caller
from app.practice.facts.practice import Network
from app.values.codes import read_npi
from app.values.spans import DateSpan

LONGEST = 80


@click.command()
@click.option("--payer", required=True, help="Id or name of the payer.")
@click.option("--plan", default="", help="Name of the plan; without it, all plans of the payer.")
@click.option("--provider", required=True, help="NPI of the provider.")
@click.option("--network", required=True, type=click.Choice([network.value for network in Network]))
@click.option("--from", "begins", required=True, help="First day, 2026-01-31.")
@click.option("--until", "ends", default="", help="Last day; open when not given.")
@with_caller
def participation(caller: Caller, payer: str, plan: str, provider: str, network: str, begins: str, ends: str) -> None:
    """Record whether a provider is in a payer's network."""
    npi = read_npi(provider)
    if npi is None:
        refuse(f"--provider '{provider}' is not an NPI: ten digits whose last one checks the others.")
    if max(len(payer), len(plan)) > LONGEST:
        refuse(f"A payer's or a plan's name has at most {LONGEST} characters.")
    first, last = _day("--from", begins), _day("--until", ends) if ends else None
    if last is not None and last < first:
        refuse(f"--until {ends} lies before --from {begins}.")
    span = DateSpan(first, last)
    try:
        new = actions.record_participation(caller, payer, plan.strip() or None, npi, Network(network), span)
    except UnknownPayerError:
        refuse(f"No payer '{payer}' is on file; write its id or name as the coverage file has it.")
    click.echo("Recorded." if new else "This is on file already.")


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        refuse(f"{option} '{text}' is not a date; write it as 2026-01-31.")
