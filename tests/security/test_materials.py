"""What the program is made of: every package of the lock, with its hashes, in one bill."""

import json
import re
import subprocess

from app.web.doctor.bill import bill
from app.web.doctor.surroundings import locked
from config import ROOT


def test_the_bill_names_every_package_of_the_lock_with_its_version_and_hashes():
    made = bill()
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    there = {one["name"]: one for one in made["components"]}
    wanted = {re.sub(r"[-_.]+", "-", one.name).lower() for one in locked()}
    assert there.keys() == wanted
    assert all(one["purl"] == f"pkg:pypi/{one['name']}@{one['version']}" for one in there.values())
    assert all(re.fullmatch(r"[0-9a-f]{64}", file["value"]) for one in there.values() for file in one["properties"])
    assert all(one["properties"] for one in there.values())


def test_the_bill_says_what_needs_what_and_is_the_same_each_time():
    made = bill()
    needs = {one["ref"].partition("@")[0]: one["dependsOn"] for one in made["dependencies"]}
    assert any(one.startswith("pkg:pypi/werkzeug@") for one in needs["pkg:pypi/flask"])
    known = {one["bom-ref"] for one in made["components"]} | {"cleared"}
    assert {ref for one in made["dependencies"] for ref in (one["ref"], *one["dependsOn"])} <= known
    assert json.dumps(made) == json.dumps(bill())


def test_every_package_is_held_to_a_hash():
    text = (ROOT / "requirements.txt").read_text()
    pinned = re.findall(r"^[A-Za-z0-9][^\n]*", text, re.MULTILINE)
    assert all("==" in line and line.endswith("\\") for line in pinned)
    assert "--require-hashes" in (ROOT / "scripts/environment").read_text()


def test_the_script_prints_the_bill_alone():
    ran = subprocess.run([ROOT / "scripts/audit", "--sbom"], capture_output=True, check=True, timeout=120)
    assert json.loads(ran.stdout) == bill()
