"""The command line of the program: `scripts/manage`. Each room brings its own commands."""

import os
import sys
from importlib import import_module

import click

from app.platform.commandline import RefusedError
from app.platform.incidents import describe, new_incident
from config import Settings, SettingsError, load

COMMANDS = {
    "alerts": "app.alerts.commands:alerts",
    "audit": "app.audit.commands:audit",
    "backup": "app.web.backup_commands:backup",
    "restore": "app.web.backup_commands:restore_backup",
    "practice": "app.practice.commands:practice",
    "pas": "app.mailroom.commands.pas:pas",
    "import": "app.mailroom.commands.bringing:import_files",
    "read": "app.mailroom.commands.read:read_files",
    "export": "app.exports.commands:export",
    "policies": "app.policies.commands.main:policies",
    "schedule": "app.schedule.commands:schedule",
    "cases": "app.casework.commands:cases",
    "visits": "app.clearance.commands:visits",
    "deadlines": "app.deadlines.commands:deadlines",
    "jobs": "app.web.job_commands:jobs",
    "database": "app.web.commands:database",
    "keys": "app.web.key_commands:keys",
    "sample": "app.web.commands:sample",
    "tokens": "app.api.commands:tokens",
    "doctor": "app.web.doctor.commands:doctor",
    "remittances": "app.remittances.commands:remittances",
}
"""Where each command or group lives. Only the one that is used is loaded, so that a command starts quickly."""

JOINED = {
    "keys": ("app.web.doctor.commands:make_key_file",),
    "practice": ("app.coverage.commands:participation",),
    "deadlines": ("app.worklists.commands:list_deadlines",),
    "policies": (
        "app.policies.commands.searching:search",
        "app.policies.commands.writing:situations",
        "app.policies.commands.writing:new_payer",
        "app.policies.commands.versions:list_versions",
        "app.policies.commands.versions:diff",
        "app.rule_changes.commands:impact",
        "app.rule_changes.commands:replay",
    ),
}
"""Commands that stand in the group of a lower room, which may not know theirs."""

ANYWHERE = {"--database": "DATABASE_URL", "--zone": "PRACTICE_ZONE"}


class Rooms(click.Group):
    """The commands of the rooms, by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name them for the help."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one."""
        if cmd_name not in COMMANDS:
            return None
        command = named(COMMANDS[cmd_name])
        for joined in JOINED.get(cmd_name, ()):
            assert isinstance(command, click.Group)
            command.add_command(named(joined))
        return command


def named(place: str) -> click.Command:
    """Load the command at `module:name`."""
    module, _, name = place.partition(":")
    command = getattr(import_module(module), name)
    assert isinstance(command, click.Command)
    return command


@click.group(cls=Rooms, help="Cleared: may this visit go ahead? `--database URL` and `--zone ZONE` go anywhere.")
def cleared() -> None:
    """Hold the commands of the rooms."""


def take_out(arguments: list[str]) -> tuple[list[str], dict[str, str]]:
    """Take `--database URL` and `--zone ZONE` out of the line. Returns what is left, and the settings they make."""
    left: list[str] = []
    taken: dict[str, str] = {}
    words = iter(arguments)
    for word in words:
        name, equals, value = word.partition("=")
        if word == "--":
            return [*left, word, *words], taken
        if name not in ANYWHERE:
            left.append(word)
            continue
        given = value if equals else next(words, "")
        if not given:
            raise RefusedError(f"{name} needs a value after it.")
        taken[ANYWHERE[name]] = given
    return left, taken


def settings_of(taken: dict[str, str]) -> Settings:
    """Load the settings, those of the line before those of the environment."""
    try:
        return load({**os.environ, **taken})
    except SettingsError as error:
        raise RefusedError("\n".join(error.faults)) from None


def _unchecked(left: list[str], taken: dict[str, str]) -> dict[str, str] | None:
    """Give the surroundings as they are to whoever says, or mends, what is wrong with them. None to the others."""
    return {**os.environ, **taken} if left[:1] == ["doctor"] or left[:2] == ["keys", "make"] else None


def _in_a_sentence(wrong: click.UsageError) -> str:
    """Say what is wrong with the words of a command, and where its help is."""
    said = " ".join(wrong.format_message().split())
    said = said if said.endswith((".", "?", ")")) else f"{said}."
    path = wrong.ctx.command_path if wrong.ctx is not None else "scripts/manage"
    return f"{said} {path} --help says what goes here."


def main(arguments: list[str]) -> int:
    """Run one command. Returns the exit code: 2 for what was refused, 70 when the program broke."""
    try:
        left, taken = take_out(arguments)
        opener = _unchecked(left, taken) or import_module("app.web.opener").LazyOpener(settings_of(taken))
        ended = cleared.main(left, prog_name="scripts/manage", standalone_mode=False, obj=opener)
        return ended if isinstance(ended, int) else 0
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.exceptions.NoArgsIsHelpError as asked:
        asked.show()
        return asked.exit_code
    except click.UsageError as wrong:
        click.echo(_in_a_sentence(wrong), err=True)
        return wrong.exit_code
    except click.ClickException as refused:
        refused.show()
        return refused.exit_code
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:  # whoever read our output has enough
        sys.stderr.close()
        return 0
    except Exception as error:
        click.echo(
            f"The program broke; nothing was half-written. Incident {new_incident()}: {describe(error)}", err=True
        )
        return 70


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
