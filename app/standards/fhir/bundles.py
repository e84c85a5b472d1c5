"""The resources of a bundle, and who they are about: references resolved only where they name one resource."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.standards.fhir.nodes import Node, concept_codes

_MEMBER_SYSTEMS = frozenset({"min", "memberid", "member-id", "member_id", "membernumber", "member-number"})
_MEDICARE_SYSTEMS = frozenset({"us-medicare", "us-mbi"})
_OTHER_SYSTEMS = frozenset({"us-ssn", "us-npi", "us-dln"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A resource of a bundle and the address that the bundle gives it."""

    address: str | None
    resource: Node


def entries(bundle: Node) -> list[Entry]:
    """List the entries of a bundle that hold a resource, in order. An address that is no text counts as none."""
    found = []
    for entry in bundle.each("entry"):
        resource = entry.at("resource")
        if isinstance(resource.value, dict):
            address = entry.at("fullUrl").value
            found.append(Entry(address if isinstance(address, str) else None, resource))
    return found


def kind_of(resource: Node) -> str | None:
    """Give the resource type; None where it is no FHIR resource."""
    named = resource.value.get("resourceType") if isinstance(resource.value, dict) else None
    return named if isinstance(named, str) else None


def resolved(holder: Node, reference: Node, known: list[Entry], kind: str) -> Node | None:
    """Find the resource that a Reference names: contained, by address, else by type and id.

    None where it is not in the document, or where two could be meant.
    """
    named = reference.text("reference")
    if named is None:
        return None
    if named.startswith("#"):
        return _only([one for one in holder.each("contained") if _is(one, kind, named[1:])])
    named = named.partition("/_history/")[0]
    by_address = [one.resource for one in known if _same_address(one.address, named) and kind_of(one.resource) == kind]
    by_id = [one.resource for one in known if _is(one.resource, kind, named.rsplit("/", 1)[-1])]
    both = {one.pointer: one for one in (*by_address, *by_id)}
    return _only(list(both.values()))


def _only(found: list[Node]) -> Node | None:
    return found[0] if len(found) == 1 else None


def _is(resource: Node, kind: str, identity: str) -> bool:
    return kind_of(resource) == kind and resource.value.get("id") == identity


def _same_address(address: str | None, named: str) -> bool:
    if address is None:
        return False
    return address == named or (":" not in named and address.endswith(f"/{named}"))


def patient_of(holder: Node, known: list[Entry]) -> dict[str, str | None]:
    """Say who a Claim or ClaimResponse is about: last and first name and member id, null where not given."""
    patient = resolved(holder, holder.at("patient"), known, "Patient")
    if patient is None:
        named = {"last_name": None, "first_name": None}
        return {**named, "member_id": typed_member_id([holder.path("patient", "identifier")])}
    return {**_name(patient), "member_id": _member_id(holder, patient, known)}


def _name(patient: Node) -> dict[str, str | None]:
    names = list(patient.each("name"))
    current = [one for one in names if one.text("use") not in ("old", "maiden", "nickname")]
    usual = [one for one in current if one.text("use") == "official"]
    name = next(iter([*usual, *current, *names]), None)
    if name is None:
        return {"last_name": None, "first_name": None}
    given = name.at("given").value
    first = next((one for one in given if isinstance(one, str) and one), None) if isinstance(given, list) else None
    return {"last_name": name.text("family"), "first_name": first}


def _member_id(holder: Node, patient: Node, known: list[Entry]) -> str | None:
    identifiers = list(patient.each("identifier"))
    return (
        typed_member_id(identifiers)
        or _by_system(identifiers, _MEMBER_SYSTEMS)
        or _covered_id(holder, patient, known)
        or _by_system(identifiers, _MEDICARE_SYSTEMS)
        or _sole(identifiers)
    )


def typed_member_id(identifiers: list[Node]) -> str | None:
    """Give the identifier that is marked as a member number."""
    for one in identifiers:
        if "MB" in _types(one) and one.text("value") is not None:
            return one.text("value")
    return None


def _types(identifier: Node) -> list[str]:
    codes = [coding.text("code") for coding in identifier.at("type").each("coding")]
    return [code for code in codes if code is not None]


def _by_system(identifiers: list[Node], systems: frozenset[str]) -> str | None:
    for one in identifiers:
        if _system(one) in systems and one.text("value") is not None:
            return one.text("value")
    return None


def _system(identifier: Node) -> str:
    return (identifier.text("system") or "").rstrip("/").replace(":", "/").rsplit("/", 1)[-1].lower()


def _covered_id(holder: Node, patient: Node, known: list[Entry]) -> str | None:
    """Take the member id of the one coverage that is the patient's in this document."""
    found = [one.resource for one in known if kind_of(one.resource) == "Coverage"]
    theirs = [one for one in found if _names(one, patient, known)]
    focal = [resolved(holder, one.at("coverage"), known, "Coverage") for one in _focal(holder)]
    coverage = _only([one for one in focal if one is not None]) or _only(theirs)
    if coverage is None:
        return None
    return typed_member_id(list(coverage.each("identifier"))) or coverage.text("subscriberId")


def _names(coverage: Node, patient: Node, known: list[Entry]) -> bool:
    beneficiary = resolved(coverage, coverage.at("beneficiary"), known, "Patient")
    return beneficiary is not None and beneficiary.pointer == patient.pointer


def _focal(holder: Node) -> Iterator[Node]:
    lines = list(holder.each("insurance"))
    focal = [one for one in lines if one.flag("focal")]
    return iter(focal or lines)


def _sole(identifiers: list[Node]) -> str | None:
    """Take the only identifier, where nothing says that it is another kind of number."""
    plain = [one for one in identifiers if one.text("value") is not None]
    if len(plain) != 1 or _types(plain[0]) or _system(plain[0]) in _OTHER_SYSTEMS:
        return None
    return plain[0].text("value") if "mrn" not in _system(plain[0]) else None


def named_organization(holder: Node, reference: Node, known: list[Entry]) -> str | None:
    """Give the name of the organization that a reference names; else its display."""
    found = resolved(holder, reference, known, "Organization")
    return (found.text("name") if found is not None else None) or reference.text("display")


def npi_of(resource: Node | None) -> str | None:
    """Give the NPI of a practitioner or organization."""
    if resource is None:
        return None
    for one in resource.each("identifier"):
        if _system(one) == "us-npi" or "NPI" in _types(one):
            return one.text("value")
    return None


def trace_of(claim: Node) -> str | None:
    """Give the trace number of a Claim or ClaimResponse: its identifier; the one that says trace where it has more."""
    found = [one for one in claim.each("identifier") if one.text("value") is not None and not _is_number(one)]
    traces = [one for one in found if "trace" in _system(one) or "trnorg" in (one.text("system") or "")]
    chosen = next(iter([*traces, *found]), None)
    return chosen.text("value") if chosen is not None else None


def review_number(response: Node) -> str | None:
    """Give the authorization number of an older answer, which has it as an identifier of its own kind."""
    return next((one.text("value") for one in response.each("identifier") if _is_number(one)), None)


def _is_number(identifier: Node) -> bool:
    return _system(identifier) == "review_identification_number"


def first_code(concept: Node) -> str | None:
    """Give the one code of a CodeableConcept; None where it has none."""
    return next(iter(concept_codes(concept)), None)
