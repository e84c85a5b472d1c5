"""What words may mean, as short lists to choose from: each choice is the whole question with one thing settled."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.policies.facts.finder_page import FinderForm
from app.policies.facts.searching import Hit, Kind, Meaning

_TITLES = {
    Kind.DRUG: "Drugs",
    Kind.SERVICE: "Services",
    Kind.CODE: "Codes",
    Kind.DIAGNOSIS: "Diagnoses",
}
KIND_WORDS = {Kind.DRUG: "Drug", Kind.SERVICE: "Service", Kind.CODE: "Code", Kind.DIAGNOSIS: "Diagnosis"}
_MOST_CODES = 12
Address = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """One meaning: `asks` are the fields of its address (None: only its codes can be asked), `codes` likewise."""

    label: str
    found_by: str | None
    asks: Address | None
    codes: tuple[tuple[str, Address], ...]


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """Meanings of one kind."""

    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Choosing:
    """What has to be chosen: of what, in groups."""

    title: str
    groups: tuple[ChoiceGroup, ...]


def meaning_object(meaning: Meaning) -> dict[str, Any]:
    """What words mean, for programs: `exact` or null, and `hits`, each with the options of `find` that ask for it."""
    return {
        "exact": _hit_object(meaning.exact) if meaning.exact is not None else None,
        "hits": [_hit_object(hit) for hit in meaning.hits],
    }


def _hit_object(hit: Hit) -> dict[str, Any]:
    return {
        "kind": hit.kind.value,
        "key": hit.key,
        "label": hit.label,
        "codes": list(hit.codes),
        "found_by": hit.found_by,
        "ask": dict(hit.ask),
        "score": hit.score,
    }


def choosing(form: FinderForm) -> tuple[Choosing, ...]:
    """All that has to be chosen before the question can be answered."""
    found = []
    if form.meant:
        words = form.typed["what"]
        title = f"'{words}'" if words else f"Usual with {form.typed['dx']}"
        found.append(Choosing(title, _groups(words, form.meant, lambda hit: _with_service(form, hit))))
    for part, hits in form.diagnoses.items():
        groups = _groups(part, hits, lambda hit, words=part: _with_diagnosis(form, words, hit))
        found.append(Choosing(f"Diagnosis '{part}'", groups))
    return tuple(found)


def code_choices(form: FinderForm) -> tuple[tuple[str, Address], ...]:
    """The codes of a service that was asked for as a whole, each as the same question about this code alone."""
    found = form.found
    if found is None or found.kind is not Kind.SERVICE or form.question is None:
        return ()
    return tuple((code, _kept(form) | {"code": code}) for code in found.codes)


def payer_choices(
    form: FinderForm, meant: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[str, tuple[tuple[str, Address], ...]], ...]:
    """For each name of a payer that no rule speaks for: the payers that it may mean, each as the whole question."""
    return tuple(
        (asked, tuple((name, form.asks | {where: name}) for name in names))
        for where in ("payer", "against")
        if (asked := form.typed[where]) and (names := meant.get(asked))
    )


def read_as(form: FinderForm) -> tuple[str, ...]:
    """How words were read that have one meaning."""
    said = []
    for words, hit in form.read.items():
        typed = form.typed["what"] if words == "what" else words
        if hit.kind is Kind.DIAGNOSIS:
            said.append(f"Diagnosis '{typed}' was read as {hit.key} {hit.label}.")
        elif hit.label.casefold() != typed.casefold() and hit.kind is not Kind.CODE:
            said.append(f"'{typed}' was read as {hit.label}.")
    return tuple(said)


def _groups(words: str, hits: Iterable[Hit], address: object) -> tuple[ChoiceGroup, ...]:
    assert callable(address)
    kinds: dict[Kind, list[Choice]] = {}
    for hit in hits:
        settled: Address | None
        settled, codes = address(hit)
        shown = f"{hit.key} {hit.label}" if hit.kind is Kind.DIAGNOSIS else hit.label
        found_by = hit.found_by if hit.found_by is not None and hit.found_by.casefold() != words.casefold() else None
        kinds.setdefault(hit.kind, []).append(Choice(shown, found_by, settled, codes))
    return tuple(ChoiceGroup(_TITLES[kind], tuple(choices)) for kind, choices in kinds.items())


def _with_service(form: FinderForm, hit: Hit) -> tuple[Address | None, tuple[tuple[str, Address], ...]]:
    kept = _kept(form)
    if hit.kind is Kind.DIAGNOSIS:
        before = form.typed["dx"]
        return kept | {"dx": f"{before}, {hit.key}" if before else hit.key}, ()
    codes = hit.codes[:_MOST_CODES] if hit.kind is Kind.SERVICE else ()
    return (kept | dict(hit.ask) if hit.ask else None), tuple((code, kept | {"code": code}) for code in codes)


def _with_diagnosis(form: FinderForm, part: str, hit: Hit) -> tuple[Address | None, tuple[tuple[str, Address], ...]]:
    parts = [one.strip() for one in form.typed["dx"].replace(";", ",").replace("\n", ",").split(",") if one.strip()]
    settled = ", ".join(hit.key if one == part else one for one in parts)
    what = (
        dict(form.found.ask) if form.found is not None else {"what": form.typed["what"]} if form.typed["what"] else {}
    )
    return _kept(form) | what | {"dx": settled}, ()


def _kept(form: FinderForm) -> dict[str, str]:
    """The rest of the question, as it was typed."""
    return {name: text for name, text in form.typed.items() if text and name != "what"}
