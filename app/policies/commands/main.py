"""Payer rules on the command line: check files, ask what is needed, record what payers say."""

import json
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from app.platform.caller import Caller
from app.platform.commandline import print_json, refuse, with_caller
from app.policies.actions import library, recording
from app.policies.actions.basics import RefusedRuleError
from app.policies.actions.finding import find_requirement
from app.policies.facts.answers import Need
from app.policies.facts.faults import PolicyFilesError
from app.policies.files.directory import read_policies
from app.policies.files.schema import json_schema
from app.policies.forms.finder import Asked, read_question
from app.policies.rules.library import drug_key
from app.policies.views.proposals import loaded_words
from app.policies.views.requirements import counts_of, explain_rule, finder_object
from app.practice.store.practice import practice_of
from app.values.codes import read_ndc, read_procedure
from app.values.insurance import Line, read_line


@click.group()
def policies() -> None:
    """Check payer rules, ask them, and record what payers say."""


@policies.command()
@click.argument("directory", required=False, type=click.Path(path_type=Path))
def check(directory: Path | None) -> None:
    """Read all rule files of a directory and name every fault."""
    folder = directory or library.SHIPPED
    if not folder.is_dir():
        refuse(f"There is no directory {folder}; give the one that holds the payers' folders.")
    try:
        found = read_policies(folder)
    except PolicyFilesError as error:
        for fault in error.faults:
            click.echo(str(fault), err=True)
        count = len(error.faults)
        click.echo(f"{count} {'fault' if count == 1 else 'faults'}; nothing was changed.", err=True)
        raise click.exceptions.Exit(1) from None
    for sentence in counts_of(found):
        click.echo(sentence)


@policies.command()
def schema() -> None:
    """Print the JSON Schema of rule files, for editors."""
    click.echo(json.dumps(json_schema(), indent=1, ensure_ascii=False))


@policies.command()
@click.argument("directory", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--again", is_flag=True, help="Also when these files were rejected or taken out of force before.")
@with_caller
def load(caller: Caller, directory: Path | None, again: bool) -> None:
    """Put the rules of a directory in force where none are yet, else put them forward for two people to accept."""
    try:
        loaded = library.refresh_rules(caller, directory, again=again)
    except PolicyFilesError as error:
        refuse("\n".join((*map(str, error.faults), "The rules in force stay.")))
    for sentence in loaded_words(loaded):
        click.echo(sentence)


@policies.command()
@click.option("--payer", required=True, help="Id, name or electronic id.")
@click.option("--code", default="", help="CPT or HCPCS.")
@click.option("--with", "companions", multiple=True, help="Another code of the same visit.")
@click.option("--drug", default="", help="Name, key or NDC.")
@click.option("--service", default="", help="Key of a service, such as drug:dupixent.")
@click.option("--plan", default="")
@click.option("--line", default="", help="Line of business.")
@click.option("--state", default="", help="Two letters.")
@click.option("--dx", "diagnoses", multiple=True, help="ICD-10-CM.")
@click.option("--on", "day", default="", help="Date of service, 2026-11-26; default today.")
@click.option("--pos", "place", default="", help="Place of service, two digits.")
@click.option("--age", default="", help="Years.")
@click.option("--channel", default="", help="medical or pharmacy.")
@click.option("--provider", default="", help="NPI.")
@click.option("--fact", "facts", multiple=True, help="NAME=VALUE.")
@click.option("--json", "as_json", is_flag=True)
@with_caller
def find(caller: Caller, /, payer: str, day: str, as_json: bool, **given: Any) -> None:
    """Say whether a payer asks approval for a service, and what for."""
    asked = Asked(**given)
    question = read_question(asked, "", read_day("--on", day) or today(caller))
    if question is None:
        refuse("\n".join(asked.errors.values()))
    _refresh(caller)
    try:
        answer = finder_object(find_requirement(caller, payer, question))
    except RefusedRuleError as error:
        refuse(str(error))
    if as_json:
        print_json(answer)
        return
    for sentence in answer["why"]:
        click.echo(sentence)
    for criterion in answer["criteria"]:
        click.echo(f"  [{criterion['result'].replace('_', ' ')}] {criterion['text']}")
    if answer["cite"]:
        click.echo(f"Source: {answer['cite']['title']}, {answer['cite']['url'] or ''} read {answer['cite']['read_on']}")


@policies.command()
@click.argument("rule")
@with_caller
def explain(caller: Caller, rule: str) -> None:
    """Say in words what a rule holds: RULE as it is cited, payer/topic#id."""
    _refresh(caller)
    book = library.current_book(caller.session, caller.practice_id)
    found = book.rules.get(rule)
    if found is None:
        refuse(f"There is no rule '{rule}' that answers; write it as it is cited, such as aetna/biologics#xolair.csu.")
    for sentence in explain_rule(found):
        click.echo(sentence)


@policies.command()
@click.option("--payer", required=True)
@click.option("--line", "line_text", default="")
@click.option("--plan", default="")
@click.option("--basis", default="", help="The payer's list with its date, a call with its reference.")
@click.option("--until", required=True, help="Last day, at most 12 months on.")
@click.option("--except", "exceptions", multiple=True, help="A code that stays out.")
@click.option("--json", "as_json", is_flag=True)
@with_caller
def routine(
    caller: Caller,
    payer: str,
    line_text: str,
    plan: str,
    basis: str,
    until: str,
    exceptions: tuple[str, ...],
    as_json: bool,
) -> None:
    """Confirm that a payer asks no approval for the offered routine services."""
    line = read_line_or_refuse(line_text)
    last = read_day("--until", until)
    left_out = [read_code_or_refuse("--except", text) for text in exceptions]
    _refresh(caller)
    try:
        done = recording.confirm_routine(caller, payer, basis, last or today(caller), left_out, line, plan or None)
    except RefusedRuleError as error:
        refuse(str(error))
    if as_json:
        print_json({"rule": done.ref, "codes": list(done.names), "visits_changed": done.visits_changed})
        return
    click.echo(f"{done.ref}: {len(done.names)} codes need no approval from {done.begins} to {done.ends}.")
    click.echo(f"Visits changed: {done.visits_changed}.")


@policies.command()
@click.option("--patient", "mrn", required=True, help="Medical record number.")
@click.option("--payer", required=True)
@click.option("--code", default="")
@click.option("--drug", default="")
@click.option("--need", required=True, type=click.Choice([Need.REQUIRED.value, Need.NOT_REQUIRED.value]))
@click.option("--reference", default="", help="The payer's reference.")
@click.option("--until", default="", help="Last day; 90 days when not given, never past 31 December.")
@click.option("--json", "as_json", is_flag=True)
@with_caller
def answer(
    caller: Caller, mrn: str, payer: str, code: str, drug: str, need: str, reference: str, until: str, as_json: bool
) -> None:
    """Record what a payer said for one patient."""
    if bool(code) == bool(drug):
        refuse("Name one of --code and --drug.")
    last = read_day("--until", until)
    _refresh(caller)
    name = read_code_or_refuse("--code", code) if code else _drug_name(caller, drug)
    try:
        done = recording.record_answer(caller, mrn, payer, name, Need(need), reference, last)
    except RefusedRuleError as error:
        refuse(str(error))
    if as_json:
        names = {"rule": done.ref, "names": list(done.names), "need": need}
        print_json({**names, "until": done.ends.isoformat(), "visits_changed": done.visits_changed})
        return
    click.echo(f"{done.ref}: recorded until {done.ends}. Visits changed: {done.visits_changed}.")


def _drug_name(caller: Caller, text: str) -> str:
    if text[0].isdigit() and read_ndc(text) is None:
        refuse(f"--drug '{text}' is not an NDC: 11 digits, or 10 or 11 with dashes.")
    book = library.current_book(caller.session, caller.practice_id)
    return drug_key(book, read_ndc(text) or text)


def _refresh(caller: Caller) -> None:
    """Bring the shipped rules into force; when they are faulty, say so and go on with the last good ones."""
    try:
        library.refresh_rules(caller)
    except PolicyFilesError as error:
        click.echo(f"{len(error.faults)} faults in the rule files (policies check names them).", err=True)
        click.echo("The rules in force stay.", err=True)


def read_day(option: str, text: str) -> date | None:
    """Read a date of an option; None when it was not given."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        refuse(f"{option} '{text}' is no date; write it as 2026-11-26.")


def read_line_or_refuse(text: str) -> Line | None:
    """Read a line of business; None when it was not given."""
    found = read_line(text) if text else None
    if text and found is None:
        refuse(f"--line '{text}' is none of {', '.join(Line)}.")
    return found[0] if found is not None else None


def read_code_or_refuse(option: str, text: str) -> str:
    """Read a CPT or HCPCS code."""
    code = read_procedure(text)
    if code is None:
        refuse(f"{option} '{text}' is not a CPT or HCPCS code: five characters, such as 96910 or J2357.")
    return code


def today(caller: Caller) -> date:
    """The day at the practice."""
    return caller.clock.today(ZoneInfo(practice_of(caller.session, caller.practice_id).zone))
