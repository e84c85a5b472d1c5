"""What people typed into the finder's page: a question, or what their words may mean, to choose from."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Protocol

from app.policies.facts.finder_page import FinderForm
from app.policies.facts.searching import Hit, Kind, Meaning
from app.policies.forms.finder import Asked, read_question
from app.values.codes import read_diagnosis
from app.values.days import read_day

FINDER_LABELS = {
    "payer": "Payer",
    "against": "Compare with",
    "what": "Code, drug or words",
    "with": "Other codes",
    "dx": "Diagnosis",
    "pos": "Place of service",
    "state": "State",
    "on": "Date of service",
    "channel": "Benefit",
    "age": "Age",
    "plan": "Plan",
    "line": "Line of business",
}
"""The fields of the finder's page, by their names in its address."""
_ASK_WHAT = "Enter a code, like 96910, a drug, like Dupixent, or words, like light therapy."
NAMED = ("code", "drug", "service")
"""By these an address names the service exactly; on the page they stand in the field `what`."""


class Meanings(Protocol):
    """What tells what words mean."""

    def service(self, words: str) -> Meaning:
        """What a person who named a service meant."""
        ...

    def diagnosis(self, words: str) -> Meaning:
        """Which diagnosis a person meant."""
        ...

    def for_diagnoses(self, codes: tuple[str, ...]) -> tuple[Hit, ...]:
        """Services and drugs that are usual for diagnoses."""
        ...

    def known(self, kind: Kind, key: str) -> Hit | None:
        """What a key, name or code means."""
        ...


def read_finder(args: Mapping[str, str], today: date, words: Meanings) -> FinderForm:
    """Read the address of the finder's page. Without any field it asks nothing."""
    typed = {name: args.get(name, "").strip()[:200] for name in FINDER_LABELS}
    named = {name: args.get(name, "").strip()[:200] for name in NAMED if args.get(name, "").strip()}
    form = FinderForm(typed, typed["payer"])
    if not any(typed.values()) and not named:
        return form
    if not form.payer:
        form.errors["payer"] = "Enter the payer, like Aetna."
    named = _read_what(form, named, words)
    diagnoses = _read_diagnoses(form, words)
    if not typed["what"] and diagnoses and not form.diagnoses:
        form.meant = words.for_diagnoses(diagnoses)
    if not (typed["what"] or form.meant or form.diagnoses or "dx" in form.errors):
        form.errors.setdefault("what", _ASK_WHAT)
    day = read_day(typed["on"]) if typed["on"] else today
    if day is None:
        form.errors["on"] = f"Date of service must be a date, like 12/05/2026; found {typed['on']}."
    form.asks = {name: text for name, text in typed.items() if text and name not in ("what", "dx")} | named
    form.asks |= {"dx": ", ".join(diagnoses)} if diagnoses else {}
    _ask(form, named, diagnoses, day or today)
    return form


def _ask(form: FinderForm, named: Mapping[str, str], diagnoses: tuple[str, ...], day: date) -> None:
    typed = form.typed
    asked = Asked(
        code=named.get("code", ""),
        drug=named.get("drug", ""),
        service=named.get("service", "") if named else "not yet named",
        companions=_several(typed["with"]),
        plan=typed["plan"],
        line=typed["line"],
        state=typed["state"],
        diagnoses=diagnoses,
        place=typed["pos"],
        age=typed["age"],
        channel=typed["channel"],
    )
    question = read_question(asked, form.payer, day)
    for name, sentence in asked.errors.items():
        field_name = "what" if name in NAMED else name
        form.errors.setdefault(field_name, sentence.replace(f"--{name}", FINDER_LABELS[field_name]))
    form.question = question if form.found is not None and not (form.errors or form.chooses) else None


def _read_what(form: FinderForm, named: dict[str, str], words: Meanings) -> dict[str, str]:
    """Read the service: as an address names it, else by words. Returns the field that names it exactly."""
    if len(named) + bool(form.typed["what"]) > 1:
        form.errors["what"] = "Enter one code, drug or service."
        form.typed["what"] = form.typed["what"] or " ".join(named.values())
        return {}
    for name, text in named.items():
        form.found = _named(name, text, words)
        form.typed["what"] = form.found.label if name == "service" or text.startswith("drug:") else text
        return named
    text = form.typed["what"]
    if not text:
        return {}
    meaning = words.service(text)
    form.found, form.meant = meaning.exact, meaning.hits
    if meaning.exact is not None:
        form.read["what"] = meaning.exact
        return dict(meaning.exact.ask)
    if not meaning.hits:
        form.errors["what"] = (
            f"Nothing is called '{text}'. Enter a code, like 96910, a drug, like Dupixent, or other words."
        )
    return {}


def _named(name: str, text: str, words: Meanings) -> Hit:
    """The service that an address names; what the book does not know is called as the address calls it."""
    kinds = {"code": (Kind.CODE,), "drug": (Kind.DRUG,), "service": (Kind.SERVICE, Kind.DRUG)}[name]
    known = (words.known(kind, text) for kind in kinds)
    return next((hit for hit in known if hit is not None), Hit(kinds[0], text, text, (), 1.0))


def _read_diagnoses(form: FinderForm, words: Meanings) -> tuple[str, ...]:
    """Read the diagnoses: codes parted by commas or spaces, words parted by commas."""
    codes: list[str] = []
    for part in (one.strip() for one in re.split(r"[,;\n]", form.typed["dx"])):
        pieces = part.split()
        if all(read_diagnosis(piece) for piece in pieces):
            codes += pieces
            continue
        meaning = words.diagnosis(part)
        if meaning.exact is not None:
            codes.append(meaning.exact.key)
            form.read[part] = meaning.exact
        elif meaning.hits:
            form.diagnoses[part] = meaning.hits
        else:
            form.errors["dx"] = f"Diagnosis '{part}' is not an ICD-10-CM code, such as L40.0, nor the name of one."
    return tuple(dict.fromkeys(codes))


def _several(text: str) -> tuple[str, ...]:
    """Codes typed in one field, parted by spaces, commas or semicolons."""
    return tuple(part for part in re.split(r"[\s,;]+", text) if part)
