"""A directory of rule files read whole: a typed set and its hash, or every fault in it at once."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel

from app.policies.facts.faults import Fault, PolicyFilesError
from app.policies.facts.grid import PayerRules, PolicySet
from app.policies.facts.language import PayerFile, TopicFile
from app.policies.files.checks import check_set
from app.policies.files.typed import typed
from app.policies.files.yaml_text import Path as KeyPath
from app.policies.files.yaml_text import Reading, read_yaml

GRID = "_grid"
GRID_FILES = {
    "service_grid": "grid", "services": "services", "drugs": "drugs", "scores": "scores", "routine": "routine",
    "clocks": "clocks", "families": "families", "gold_card": "gold_card",
    "medicare_modifiers": "modifiers", "code_lists": "codes", "words": "words",
}  # fmt: skip
_SCHEMA_OF = {
    "grid": "grid/1", "services": "services/1", "drugs": "drugs/1", "scores": "scores/1", "routine": "routine/1",
    "clocks": "clocks/1", "families": "families/1", "gold_card": "gold_card/1",
    "modifiers": "modifiers/1", "codes": "codes/1", "words": "words/1",
}  # fmt: skip


def files_of(directory: Path) -> dict[str, bytes]:
    """Every rule file of a directory by its name in it (`aetna/xolair.yaml`)."""
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.glob("*/*"))
        if path.suffix in (".yaml", ".yml")
    }


def hash_of(files: Mapping[str, bytes]) -> str:
    """The hash of the files' names and bytes."""
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def read_policies(directory: Path) -> PolicySet:
    """Read a directory. Raises PolicyFilesError with every fault of every file."""
    return policies_of(files_of(directory))


def policies_of(files: Mapping[str, bytes]) -> PolicySet:
    """Read files by name and content. Raises PolicyFilesError with every fault of every file."""
    readings = {name: read_yaml(name, content) for name, content in files.items()}
    models = {name: typed(reading) for name, reading in readings.items()}
    faults = [fault for reading in readings.values() for fault in reading.faults]
    faults += list(_placement(models))
    policies = _gather(models)

    def line(file: str, path: KeyPath) -> int:
        reading = readings.get(file, Reading(file))
        return reading.line_of(path)

    faults += check_set(policies, line)
    if not files:
        faults.append(Fault(".", 0, "", "there are no rule files", "Give the directory that holds <payer>/payer.yaml"))
    if faults:
        raise PolicyFilesError(tuple(sorted(set(faults))))
    return policies


def _placement(models: Mapping[str, BaseModel | None]) -> Iterator[Fault]:
    """Files where they do not belong, and topics without a payer."""
    for name, model in models.items():
        folder, _, file = name.partition("/")
        stem = file.rpartition(".")[0]
        if not name.endswith(".yaml"):
            yield Fault(name, 0, "", "the ending is not .yaml", "Rename it")
        if model is None:
            continue
        schema = str(getattr(model, "schema_", ""))
        wanted = "payer/1" if stem == "payer" else "rules/1"
        if folder == GRID:
            wanted = _SCHEMA_OF.get(GRID_FILES.get(stem, ""), "")
        if schema != wanted:
            remedy = f"Write {wanted}" if wanted else f"The files here are {', '.join(GRID_FILES)}"
            yield Fault(name, 1, "schema", f"schema {schema} in this place", remedy)
        if folder != GRID and f"{folder}/payer.yaml" not in models:
            yield Fault(name, 0, "", f"there is no {folder}/payer.yaml", "Add it: id, name, products")


def _gather(models: Mapping[str, BaseModel | None]) -> PolicySet:
    payers: dict[str, PayerRules] = {}
    for name, model in models.items():
        if isinstance(model, PayerFile) and name.endswith("/payer.yaml"):
            folder = name.partition("/")[0]
            topics = {
                other.partition("/")[2].removesuffix(".yaml"): topic
                for other, topic in models.items()
                if other.startswith(f"{folder}/") and isinstance(topic, TopicFile)
            }
            payers[folder] = PayerRules(file=model, topics=topics)
    shared = {
        field: model
        for stem, field in GRID_FILES.items()
        if (model := models.get(f"{GRID}/{stem}.yaml")) is not None
        and str(getattr(model, "schema_", "")) == _SCHEMA_OF[field]
    }
    return PolicySet.model_validate({"payers": payers, **shared})
