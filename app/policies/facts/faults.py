"""What is wrong with a rule file, said so that its author can mend it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault: where, what was found, and what to do. `line` 0: the whole file."""

    file: str
    line: int
    key: str
    found: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.key + ': ' if self.key else ''}{self.found}. {self.remedy}."


class PolicyFilesError(Exception):
    """The files of a directory are not in order; `faults` names all of them. The set in force stays."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults
