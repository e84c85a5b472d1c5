"""A payer's own forms in rule files: read strictly, and every name in them leads somewhere."""

import pytest

from app.policies.facts.faults import PolicyFilesError
from app.policies.files.directory import policies_of

PAYER = """
schema: payer/1
payer: {id: acme, name: Acme Health, kind: commercial}
products:
  med: {name: Medical, line: commercial, benefit: medical}
read_on: 2026-02-01
sources:
  s: {title: "Acme forms", url: "https://acme.example/forms", kind: primary}
"""
GOOD = {
    "id": "biologics",
    "title": "Form for biologics",
    "sha256": "a" * 64,
    "pages": "2",
    "source": "s",
    "fields": '{"Patient Name": patient_name, "Urgent": is_urgent}',
}


def read(*forms):
    """Read a payer with these forms; keys that are None are left out."""
    lines = [
        "  - {" + ", ".join(f"{key}: {value}" for key, value in form.items() if value is not None) + "}"
        for form in forms
    ]
    return policies_of({"acme/payer.yaml": "\n".join([PAYER, "forms:", *lines, ""]).encode()})


def test_a_form_is_read_with_what_stands_in_its_fields():
    (form,) = read(GOOD).payers["acme"].file.forms
    assert (form.pages, form.fields) == (2, {"Patient Name": "patient_name", "Urgent": "is_urgent"})


@pytest.mark.parametrize(
    ("forms", "key", "found"),
    [
        ([GOOD | {"fields": "{Name: patient_shoe_size}"}], "Name", "is not one of its words"),
        ([GOOD | {"fields": "{}"}], "fields", "is empty"),
        ([GOOD | {"sha256": "abc"}], "sha256", "is not written as it should be"),
        ([GOOD | {"sha256": None}], "sha256", "is missing"),
        ([GOOD | {"file": "form.pdf"}], "file", "unknown key 'file'"),
        ([GOOD | {"source": "nowhere"}], "source", "there is no source 'nowhere'"),
        ([GOOD | {"services": "[phototherapy_of_the_moon]"}], "services", "there is no service"),
        ([GOOD, GOOD | {"sha256": "b" * 64}], "id", "stands already"),
        ([GOOD, GOOD | {"id": "other"}], "sha256", "this file has a form already"),
    ],
)
def test_what_is_wrong_with_a_form_is_told_with_its_line(forms, key, found):
    with pytest.raises(PolicyFilesError) as refused:
        read(*forms)
    (fault,) = refused.value.faults
    assert fault.key == key
    assert found in fault.found
    assert fault.line > 9
