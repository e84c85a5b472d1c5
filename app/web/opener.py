"""Opens the practice's database for the command line, when a command first asks for it."""

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

import click

from app.platform.caller import Caller
from app.platform.commandline import RefusedError
from config import DEFAULT_ZONE, Settings

if TYPE_CHECKING:
    from app.web.opening import Installation


class LazyOpener:
    """Holds the settings of the line; loads the database's code only for commands that need it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def installation(self) -> "Installation":
        """Open the installation: keys and database with this version's tables."""
        installation: Installation = self._open(lambda opening: opening.open_installation(self.settings))
        click.get_current_context().find_root().call_on_close(installation.engine.dispose)
        return installation

    def for_sample(self) -> "LazyOpener":
        """Open the sample's database instead of the practice's, unless the line names one."""
        return LazyOpener(self.settings.on_sample())

    def caller(self, sample: bool = False) -> Caller:
        """Open the installation and its practice; say on stderr what was made."""
        installation = self.installation()
        caller: Caller
        caller, practice, made = self._open(lambda opening: opening.caller_on(installation, sample=sample))
        click.get_current_context().find_root().call_on_close(caller.session.close)
        if made:
            hint = "" if self.settings.zone else f" (the default is {DEFAULT_ZONE}; choose another with --zone)"
            click.echo(f"Made the practice in the zone {practice.zone}{hint}.", err=True)
        elif self.settings.zone and self.settings.zone != practice.zone:
            click.echo(f"The practice is in the zone {practice.zone}; {self.settings.zone} was not used.", err=True)
        if practice.sample:
            click.echo("This database holds the sample practice.", err=True)
        said = self._open(lambda opening: opening.bring_rules_in(caller))
        if said:
            click.echo(said, err=True)
        return caller

    def _open(self, step: Callable[[ModuleType], Any]) -> Any:
        opening = import_module("app.web.opening")
        try:
            return step(opening)
        except (opening.OpeningError, opening.SchemaError, opening.KeyFileError, opening.DatabaseUrlError) as error:
            raise RefusedError(str(error)) from None
