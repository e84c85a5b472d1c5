"""What words mean, on the command line."""

import click

from app.platform.caller import Caller
from app.platform.commandline import print_json, refuse, with_caller
from app.policies.actions.searching import words_of
from app.policies.facts.searching import Meaning
from app.policies.views.finder_choices import KIND_WORDS, meaning_object


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True)
@with_caller
def search(caller: Caller, words: tuple[str, ...], as_json: bool) -> None:
    """Say which services, drugs, codes and diagnoses WORDS may mean, and how `find` asks for each."""
    typed = " ".join(words)
    if len(typed) > 200:
        refuse("WORDS are longer than 200 characters; use fewer.")
    meaning = words_of(caller).service(typed)
    if as_json:
        print_json(meaning_object(meaning))
        return
    for line in _lines(meaning):
        click.echo(line)


def _lines(meaning: Meaning) -> list[str]:
    if meaning.exact is not None:
        return [f"{meaning.exact.key}: {meaning.exact.label} (exactly)"]
    if not meaning.hits:
        return ["Nothing is called so. Use a code, like 96910, a drug, like Dupixent, or other words."]
    return [f"{KIND_WORDS[hit.kind]}: {hit.key} {hit.label}" for hit in meaning.hits]
