"""Tokens on the command line: make one and print its secret once, list them, revoke one."""

from zoneinfo import ZoneInfo

import click

from app.api.actions import tokens as actions
from app.api.facts.tokens import ApiScope
from app.api.forms.tokens import TAKEN, read_token
from app.api.rules.tokens import USUAL_RATE
from app.api.views.about import token_body
from app.api.views.tokens import token_lines
from app.api.views.written import plain
from app.platform.caller import Caller
from app.platform.commandline import print_json, refuse, with_caller
from app.practice.store import practice as practice_store


@click.group()
def tokens() -> None:
    """Make, list and revoke the tokens by which other programs ask the API."""


@tokens.command()
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice([one.value for one in ApiScope]))
@click.option("--site", "sites", multiple=True, help="Name or code of a site in sight; all when not given.")
@click.option("--until", "last", default="m+3", show_default=True, help="Its last day, at most a year from now.")
@click.option("--per-minute", default=str(USUAL_RATE), show_default=True, type=click.Choice(["60", "600", "3000"]))
@click.option("--json", "as_json", is_flag=True, help="One object, for programs.")
@with_caller
def make(
    caller: Caller,
    name: str,
    scopes: tuple[str, ...],
    sites: tuple[str, ...],
    last: str,
    per_minute: str,
    as_json: bool,
) -> None:
    """Make the token NAME and print its secret, this once."""
    known = practice_store.sites(caller.session, caller.practice_id)
    zone = ZoneInfo(practice_store.practice_of(caller.session, caller.practice_id).zone)
    seen = []
    for wanted in sites:
        named = [one for one in known if wanted.casefold() in (one.name.casefold(), (one.code or "").casefold())]
        if not named:
            refuse(f"No site is called '{wanted}'. Give the name or code of a site as the schedule writes it.")
        seen.append(named[0].id)
    typed = {"name": name, "last": last, "per_minute": per_minute, "sight": "chosen" if sites else "all"}
    ids = {one.id for one in known}
    form = read_token(typed, scopes, [one.hex for one in seen], ids, caller.clock.today(zone))
    if form.errors:
        refuse("\n".join(form.errors.values()))
    try:
        token, secret = actions.make_token(
            caller, form.name, form.scopes, form.sight, form.expires_at(zone), form.per_minute
        )
    except actions.NameTakenError:
        refuse(TAKEN)
    if as_json:
        print_json({**plain(token_body(token)), "secret": secret})
        return
    click.echo(f"{secret}\nThis is the secret of the token {token.name}. It is shown this once.")


@tokens.command("list")
@click.option("--json", "as_json", is_flag=True, help="One object a line, for programs.")
@with_caller
def list_tokens(caller: Caller, as_json: bool) -> None:
    """List the tokens, without their secrets."""
    found = actions.tokens_of(caller)
    if as_json:
        for one in found:
            print_json(
                {**plain(token_body(one)), "last_used_at": plain(one.last_used_at), "revoked_at": plain(one.revoked_at)}
            )
        return
    zone = ZoneInfo(practice_store.practice_of(caller.session, caller.practice_id).zone)
    sites = practice_store.sites(caller.session, caller.practice_id)
    for line in token_lines(found, sites, caller.clock.now(), zone):
        click.echo(f"{line.name}: {line.state}. {line.sites}. {', '.join(line.scopes)}. Last used: {line.used}.")
    if not found:
        click.echo("No token was made yet.")


@tokens.command()
@click.argument("name")
@with_caller
def revoke(caller: Caller, name: str) -> None:
    """Let the token NAME open nothing from now on."""
    found = next((one for one in actions.tokens_of(caller) if one.name == name), None)
    if found is None:
        refuse(f"No token is called '{name}'.")
    actions.revoke_token(caller, found.id)
    click.echo(f"The token {name} opens nothing any more.")
