"""What a program says about a file."""

from pydantic import Field

from app.api.rules.written import Sent, Yes
from app.imports.facts import Kind


class ImportKind(Sent):
    """What the file is."""

    kind: Kind | None = Field(default=None, description="What the file is; its headers say it when left out.")


class Confirmation(Sent):
    """What is to be done with booked visits that the file no longer has: they stay, or are canceled."""

    cancel_vanished: Yes = False
