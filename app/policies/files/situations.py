"""Situations read from files: `<payer>/<topic>.yaml`, each a list. Faults are named as those of rule files are."""

from collections.abc import Mapping

from pydantic import ValidationError

from app.policies.facts.faults import Fault, PolicyFilesError
from app.policies.facts.situations import Asked, Situation
from app.policies.files.typed import faults_in
from app.policies.files.yaml_text import Reading, read_yaml


def situations_of(files: Mapping[str, bytes]) -> tuple[Situation, ...]:
    """Read situations from files by name (`aetna/biologics.yaml`) and content.

    Returns   every situation in the order of files and lines.
    Raises    PolicyFilesError with every fault of every file.
    """
    faults: list[Fault] = []
    found: list[Situation] = []
    for name, content in sorted(files.items()):
        reading = read_yaml(name, content)
        if not isinstance(reading.value, list) and not reading.faults:
            reading.faults.append(Fault(name, 1, "", "this is no list", "Begin each situation with '- '"))
        if not reading.faults:
            found += _read(reading, name)
        faults += reading.faults
    if faults:
        raise PolicyFilesError(tuple(sorted(set(faults))))
    return tuple(found)


def _read(reading: Reading, name: str) -> list[Situation]:
    payer = name.partition("/")[0]
    found = []
    for place, value in enumerate(reading.value):
        line = reading.line_of((place,))
        try:
            found.append(Situation(payer, f"{name}:{line}", Asked.model_validate(value)))
        except ValidationError as error:
            reading.faults += faults_in(reading, Asked, error, (place,))
    return found
