"""The code systems and addresses that a PAS bundle is written with."""

from typing import Any

PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/"
PAS_TERMS = "http://hl7.org/fhir/us/davinci-pas/CodeSystem/PASTempCodes"
TERMS = "http://terminology.hl7.org/CodeSystem/"
IDENTIFIER_TYPES = f"{TERMS}v2-0203"
X12 = "https://codesystem.x12.org/005010/"
ENTITY = f"{X12}98"
NPI = "http://hl7.org/fhir/sid/us-npi"
ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm"
CPT = "http://www.ama-assn.org/go/cpt"
HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
NDC = "http://hl7.org/fhir/sid/ndc"
PLACES = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"
LOINC = "http://loinc.org"
NO_CODE = f"{TERMS}v3-NullFlavor"
CATEGORIES = "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category"
TRACES = "urn:trnorg:"
"""Before the id of whoever numbers its requests: the system of trace numbers."""


def coding(system: str, code: str) -> dict[str, str]:
    """A Coding."""
    return {"system": system, "code": code}


def coded(system: str, code: str) -> dict[str, Any]:
    """A CodeableConcept of one code."""
    return {"coding": [coding(system, code)]}


def named(name: str, **value: Any) -> dict[str, Any]:
    """An extension of PAS with its value, such as `valueBoolean`."""
    return {"url": f"{PAS}extension-{name}", **value}


def product_system(code: str) -> str:
    """Give the code system of a procedure or drug: NDC by its 11 digits, HCPCS level II by its letter, else CPT."""
    if len(code) == 11 and code.isdigit():
        return NDC
    return HCPCS if code[:1].isalpha() else CPT


def without_empty(value: Any) -> Any:
    """Leave out what is not given: FHIR knows no null, no empty text, list or object."""
    if isinstance(value, dict):
        kept = {key: without_empty(below) for key, below in value.items()}
        return {key: below for key, below in kept.items() if below not in (None, "", [], {})}
    if isinstance(value, list):
        return [below for one in value if (below := without_empty(one)) not in (None, "", [], {})]
    return value
