"""Opens the practice's database for the command line, when a command first asks for it."""

from importlib import import_module

import click

from app.platform.caller import Caller
from app.platform.commandline import RefusedError
from config import DEFAULT_ZONE, Settings


class LazyOpener:
    """Holds the settings of the line; loads the database only for commands that need it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def caller(self) -> Caller:
        """Open the installation and its practice; say on stderr what was made."""
        opening = import_module("app.web.opening")
        faults = (opening.OpeningError, opening.SchemaError, opening.KeyFileError, opening.DatabaseUrlError)
        try:
            installation = opening.open_installation(self.settings)
            caller, practice, made = opening.caller_on(installation)
        except faults as error:
            raise RefusedError(str(error)) from None
        if made:
            hint = "" if self.settings.zone else f" (choose another with --zone; {DEFAULT_ZONE} is the default)"
            click.echo(f"Made the practice in the zone {practice.zone}{hint}.", err=True)
        elif self.settings.zone and self.settings.zone != practice.zone:
            click.echo(f"The practice is in the zone {practice.zone}; {self.settings.zone} was not used.", err=True)
        if practice.sample:
            click.echo("This database holds the sample practice.", err=True)
        assert isinstance(caller, Caller)
        root = click.get_current_context().find_root()
        root.call_on_close(installation.engine.dispose)
        root.call_on_close(caller.session.close)
        return caller
