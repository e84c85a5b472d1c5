"""What stands in the fields of a payer's own form, by the names that rule files use."""

from collections.abc import Mapping

from app.authorizations.facts import AuthorizationRecord, Kind
from app.casework.facts.casebook import case_code
from app.casework.facts.papers import Papers
from app.documents.facts import Cover
from app.policies.facts.forms import PayerForm
from app.values.wording import short_day

TICKED = "yes"
_RENEWALS = frozenset({Kind.RENEWAL, Kind.EXTENSION})


def values_of(form: PayerForm, papers: Papers, cover: Cover, letter: str) -> dict[str, str]:
    """Fill the fields of a form: what is not on file stays empty, a box is ticked by any text."""
    known = {**_person(papers), **_practice(papers, cover), **_request(papers.record, papers), "letter": letter}
    return {field: known[name] for field, name in form.fields.items()}


def fits(form: PayerForm, kind: Kind, services: frozenset[str]) -> bool:
    """Say whether a form is for a request. `services`: the keys of what is asked for."""
    if form.kinds and kind.value not in form.kinds:
        return False
    return not form.services or bool(services & set(form.services))


def _person(papers: Papers) -> Mapping[str, str]:
    one, coverage, record = papers.patient, papers.coverage, papers.record
    return {
        "patient_name": f"{one.last_name}, {one.first_name}",
        "patient_first_name": one.first_name,
        "patient_last_name": one.last_name,
        "patient_birth_date": short_day(one.birth_date) if one.birth_date else "",
        "patient_phone": one.phone or "",
        "patient_address": one.address or "",
        "member_id": record.member_id or (coverage.member_id if coverage else ""),
        "group_number": record.group_number or (coverage.group_number if coverage else None) or "",
        "plan": record.plan or (coverage.plan if coverage else None) or "",
        "payer_name": record.payer_name,
    }


def _practice(papers: Papers, cover: Cover) -> Mapping[str, str]:
    provider, site, record = papers.provider, papers.site, papers.record
    return {
        "provider_name": (provider.name if provider else None) or "",
        "provider_npi": record.provider_npi or "",
        "group_npi": record.provider_group or papers.practice.group_npi or "",
        "practice_name": papers.practice.name,
        "practice_phone": cover.from_phone,
        "practice_fax": cover.from_fax,
        "site_name": site.name if site else "",
        "place": record.places[0] if len(record.places) == 1 else "",
        "today": short_day(papers.today),
        "case": case_code(record.id),
    }


def _request(record: AuthorizationRecord, papers: Papers) -> Mapping[str, str]:
    drug = (record.drug or "").removeprefix("drug:").replace("_", " ").capitalize()
    lines = [one for one in papers.asked if one.code]
    found = {
        "service": ", ".join(dict.fromkeys([*(papers.labels.get(one.code or "", "") for one in lines), drug])).strip(
            ", "
        ),
        "codes": ", ".join(one.code or "" for one in lines),
        "drug": drug,
        "ndc": record.ndc or "",
        "diagnoses": ", ".join(record.diagnoses),
        "begins": short_day(record.begins) if record.begins else "",
        "ends": short_day(record.ends) if record.ends else "",
        "reference": record.reference or "",
        "approval_number": record.number or "",
        "is_urgent": TICKED if record.urgent else "",
        "is_standard": "" if record.urgent else TICKED,
        "is_initial": TICKED if record.kind is Kind.INITIAL else "",
        "is_renewal": TICKED if record.kind in _RENEWALS else "",
        "is_appeal": TICKED if record.kind is Kind.APPEAL else "",
    }
    for place in range(4):
        line = lines[place] if place < len(lines) else None
        found[f"code_{place + 1}"] = (line.code or "") if line is not None else ""
        found[f"units_{place + 1}"] = "" if line is None or line.count is None else str(line.count)
    for place in range(3):
        found[f"diagnosis_{place + 1}"] = record.diagnoses[place] if place < len(record.diagnoses) else ""
    return found
