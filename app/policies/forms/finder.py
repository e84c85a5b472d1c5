"""What people typed to ask the rules: checked values, or sentences that say how to write it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from app.policies.facts.answers import Question
from app.policies.rules.leaves import documented_key
from app.values.codes import read_diagnosis, read_ndc, read_npi, read_place, read_procedure
from app.values.insurance import Channel, Line, read_line


@dataclass
class Asked:
    """A question as typed; empty is not given."""

    code: str = ""
    companions: tuple[str, ...] = ()
    drug: str = ""
    service: str = ""
    plan: str = ""
    line: str = ""
    state: str = ""
    diagnoses: tuple[str, ...] = ()
    place: str = ""
    age: str = ""
    channel: str = ""
    provider: str = ""
    facts: tuple[str, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)


def read_question(asked: Asked, payer: str, day: date) -> Question | None:
    """Read a question. None when something is malformed: then `asked.errors` says what, by field."""
    given = [name for name in ("code", "drug", "service") if getattr(asked, name)]
    if len(given) != 1:
        asked.errors["code"] = "Name one of --code, --drug and --service."
    code = _code(asked, "code", asked.code)
    drug, service = _drug(asked), asked.service or None
    if service is not None and service.startswith("drug"):
        drug, service = service, None
    companions = [_code(asked, "with", text) for text in asked.companions]
    diagnoses = [_read(asked, "dx", text, read_diagnosis, _DX) for text in asked.diagnoses]
    facts = dict(_facts(asked))
    facts |= {f"documented:{documented_key(name)}": "no" for name, value in facts.items() if value.lower() == "no"}
    line, benefit = _line(asked)
    question = Question(
        payer=payer,
        day=day,
        code=code,
        drug=drug,
        line=line,
        plan=asked.plan or None,
        channel=_channel(asked) or benefit,
        companions=frozenset(text for text in companions if text),
        diagnoses=tuple(text for text in diagnoses if text),
        place=_read(asked, "pos", asked.place, read_place, "two digits, such as 11 or 22"),
        state=_state(asked),
        age_months=_age(asked),
        provider=_read(asked, "provider", asked.provider, read_npi, "an NPI of ten digits"),
        documented=frozenset(documented_key(name) for name, value in facts.items() if value.lower() == "yes"),
        facts=facts,
        service=service,
    )
    return None if asked.errors else question


_DX = "an ICD-10-CM code, such as L40.0"


def _read(asked: Asked, name: str, text: str, reader: object, form: str) -> str | None:
    if not text:
        return None
    assert callable(reader)
    found: str | None = reader(text)
    if found is None:
        asked.errors[name] = f"--{name} '{text}' is not {form}."
    return found


def _code(asked: Asked, name: str, text: str) -> str | None:
    return _read(asked, name, text, read_procedure, "a CPT or HCPCS code: five characters, such as 96910 or J2357")


def _drug(asked: Asked) -> str | None:
    text = asked.drug.strip()
    if not text:
        return None
    if text[0].isdigit():
        return _read(asked, "drug", text, read_ndc, "an NDC: 11 digits, or 10 or 11 with dashes")
    return text


def _line(asked: Asked) -> tuple[Line | None, Channel | None]:
    if not asked.line:
        return None, None
    found = read_line(asked.line)
    if found is None:
        asked.errors["line"] = f"--line '{asked.line}' is none of {', '.join(Line)}."
        return None, None
    line, benefit = found
    return line, Channel(benefit.value) if benefit is not None and benefit.value in tuple(Channel) else None


def _channel(asked: Asked) -> Channel | None:
    if asked.channel and asked.channel not in tuple(Channel):
        asked.errors["channel"] = f"--channel '{asked.channel}' is neither medical nor pharmacy."
        return None
    return Channel(asked.channel) if asked.channel else None


def _state(asked: Asked) -> str | None:
    text = asked.state.strip().upper()
    if text and not (len(text) == 2 and text.isascii() and text.isalpha()):
        asked.errors["state"] = f"--state '{asked.state}' is not two letters, such as TX."
    return text or None


def _age(asked: Asked) -> int | None:
    if not asked.age:
        return None
    if not (asked.age.isascii() and asked.age.isdigit() and int(asked.age) <= 130):
        asked.errors["age"] = f"--age '{asked.age}' is not an age in whole years."
        return None
    return int(asked.age) * 12


def _facts(asked: Asked) -> Iterable[tuple[str, str]]:
    for text in asked.facts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip() or not value.strip():
            asked.errors["fact"] = f"--fact '{text}' is not NAME=VALUE, such as bsa_percent=12."
            continue
        yield name.strip(), value.strip()
