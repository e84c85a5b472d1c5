"""What the program is made of: a bill of materials (CycloneDX 1.6, JSON) from the lock file. `scripts/audit --sbom`.

The same lock on the same kind of machine gives the same bill, byte for byte.
"""

import hashlib
import json
import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from app.web.doctor.surroundings import locked
from config import ROOT

NAME = "cleared"


def bill() -> dict[str, Any]:
    """Make the bill: each package with its version, its address at the index, its hashes, license and needs."""
    content = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    versions = {canonicalize_name(one.name): _version(one) for one in locked()}
    hashes = _hashes(content)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, hashlib.sha256(content.encode()).hexdigest())}",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "bom-ref": NAME, "name": NAME, "licenses": [_license("Apache-2.0")]}
        },
        "components": [_component(name, versions[name], hashes.get(name, [])) for name in sorted(versions)],
        "dependencies": [
            {"ref": NAME, "dependsOn": [_ref(name, versions[name]) for name in sorted(versions)]},
            *({"ref": _ref(name, versions[name]), "dependsOn": _needs(name, versions)} for name in sorted(versions)),
        ],
    }


def _version(requirement: Requirement) -> str:
    return next(iter(requirement.specifier)).version


def _ref(name: str, version: str) -> str:
    return f"pkg:pypi/{name}@{version}"


def _license(expression: str) -> dict[str, Any]:
    return {"license": {"id": expression}}


def _hashes(content: str) -> dict[str, list[str]]:
    """Read the hashes of every file of every package."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in content.splitlines():
        if begins := re.match(r"([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==", line):
            name = canonicalize_name(begins[1])
        if name and (digest := re.search(r"--hash=sha256:([0-9a-f]{64})", line)):
            found.setdefault(name, []).append(digest[1])
    return found


def _component(name: str, version: str, hashes: list[str]) -> dict[str, Any]:
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": _ref(name, version),
        "name": name,
        "version": version,
        "purl": _ref(name, version),
        "properties": [{"name": "cleared:sha256-of-a-file", "value": digest} for digest in sorted(hashes)],
    }
    if (expression := _metadata(name, "License-Expression")) and re.fullmatch(r"[A-Za-z0-9.+-]+", expression[0]):
        component["licenses"] = [_license(expression[0])]
    return component


def _needs(name: str, versions: dict[Any, str]) -> list[str]:
    needed = set()
    for line in _metadata(name, "Requires-Dist"):
        requirement = Requirement(line)
        other = canonicalize_name(requirement.name)
        if other in versions and (requirement.marker is None or requirement.marker.evaluate({"extra": ""})):
            needed.add(_ref(other, versions[other]))
    return sorted(needed)


def _metadata(name: str, key: str) -> list[str]:
    try:
        return list(metadata(name).get_all(key) or [])
    except PackageNotFoundError:
        return []


if __name__ == "__main__":
    json.dump(bill(), sys.stdout, indent=1)
    sys.stdout.write("\n")
