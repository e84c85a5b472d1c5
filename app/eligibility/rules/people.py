"""Whether an answer is about the patient who is asked about. A dependent is not the subscriber."""

from app.eligibility.facts.checks import NamedPerson
from app.patients.facts import Patient
from app.patients.rules import plain_name


def contradicts(named: NamedPerson, patient: Patient) -> bool:
    """Say whether an answer names somebody else: another birth date, last name or first name."""
    if None not in (named.birth_date, patient.birth_date) and named.birth_date != patient.birth_date:
        return True
    last = named.last_name is not None and not _same_last(named.last_name, patient.last_name)
    return last or (named.first_name is not None and not _same_first(named.first_name, patient.first_name))


def is_surely(named: NamedPerson, patient: Patient) -> bool:
    """Say whether an answer names this very patient: birth date, last and first name are told and agree."""
    told = named.last_name is not None and named.first_name is not None and named.birth_date is not None
    return told and patient.birth_date is not None and not contradicts(named, patient)


def _same_last(told: str, filed: str) -> bool:
    """Alike in whole, or one is a part of the other's double name."""
    one, other = plain_name(told), plain_name(filed)
    return one == other or one in _parts(filed) or other in _parts(told)


def _same_first(told: str, filed: str) -> bool:
    """Alike in whole or up to a second name or initial; payers cut long names short."""
    one, other = (
        plain_name(told.split()[0] if told.split() else ""),
        plain_name(filed.split()[0] if filed.split() else ""),
    )
    if one == other or plain_name(told) == plain_name(filed):
        return True
    short, long = sorted((plain_name(told), plain_name(filed)), key=len)
    return len(short) >= 10 and long.startswith(short)


def _parts(name: str) -> list[str]:
    """The parts of a double name that are long enough to be a name."""
    return [part for one in name.replace("-", " ").split() if len(part := plain_name(one)) >= 3]
