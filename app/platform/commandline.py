"""What every room's command line stands on: the caller, refusals with a sentence, and JSON lines."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, NoReturn, ParamSpec, Protocol, TypeVar

import click

from app.platform.caller import Caller

P = ParamSpec("P")
R = TypeVar("R")


class Opener(Protocol):
    """Opens the practice's database when a command first asks for it."""

    def caller(self) -> Caller:
        """The command line as a caller."""


class RefusedError(click.ClickException):
    """A command was refused: one sentence on stderr, exit 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the sentence."""
        click.echo(self.format_message(), err=True)


def refuse(sentence: str) -> NoReturn:
    """End the command with exit 2 and a sentence that says what was found and what to do."""
    raise RefusedError(sentence)


def with_caller(command: Callable[Concatenate[Caller, P], R]) -> Callable[P, R]:
    """Give a command the Caller as its first argument; the database is opened, and made when missing, only then."""

    @wraps(command)
    def opened(*arguments: P.args, **options: P.kwargs) -> R:
        opener: Opener = click.get_current_context().find_root().obj
        return command(opener.caller(), *arguments, **options)

    return opened


def print_json(content: Any) -> None:
    """Print one object as one line of JSON."""
    click.echo(json.dumps(content, ensure_ascii=False))
