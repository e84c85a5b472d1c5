"""What a person typed as the service of a request: codes, drugs and words become lines; families are offered once."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from app.authorizations.facts import ANY_CODE, Counting, Item
from app.authorizations.intake import UnreadError, read_codes, read_count
from app.casework.facts.requests import MOST_LINES, AskedLine, Typed
from app.policies.facts.book import Book
from app.policies.rules.families import OfferedFamily, offered_families
from app.policies.rules.service_words import ServiceHit, drug_named, search_services
from app.values.codes import read_procedure

OWN_DRUG = "drug:"
_MODIFIER = re.compile(r"[0-9A-Z]{2}")
HOW = "Enter a code, like 96910, a drug, like Dupixent, or a word, like Mohs"


@dataclass(frozen=True, slots=True)
class Service:
    """What was read of a request's services.

    `lines` in the order in which they were asked for; `hits` by the words that may mean them; `errors` by field.
    """

    lines: tuple[AskedLine, ...]
    hits: Mapping[str, tuple[ServiceHit, ...]]
    errors: Mapping[str, str]


def one(typed: Typed, name: str) -> str:
    """The value of a field that comes once; empty where it did not come."""
    values = typed.get(name, ())
    return values[0].strip() if values else ""


def read_service(book: Book, typed: Typed) -> Service:
    """Read what is asked for.

    Takes     the rule book; the form: `code` ticked lines with `count-`, `counting-` and `modifiers-` of each, `pick`
              what was chosen among hits, and `service` as typed.
    Returns   the lines, each once; words that name none are searched for.
    """
    errors: dict[str, str] = {}
    lines = {name: _line(book, name, typed, errors) for name in typed.get("code", ()) if _is_name(name)}
    for picked in typed.get("pick", ()):
        for name in picked.split("/"):
            if _is_name(name):
                lines.setdefault(name, _line(book, name, typed, errors))
    hits: dict[str, tuple[ServiceHit, ...]] = {}
    for part in re.split(r"[;,\n]", one(typed, "service")):
        if part.strip():
            _take(book, " ".join(part.split()), lines, hits, errors)
    if len(lines) > MOST_LINES:
        errors.setdefault("service", f"A request has at most {MOST_LINES} codes; make a second one for the rest")
    return Service(tuple(lines.values()), hits, errors)


def _take(
    book: Book,
    part: str,
    lines: dict[str, AskedLine],
    hits: dict[str, tuple[ServiceHit, ...]],
    errors: dict[str, str],
) -> None:
    """Read one part of what was typed: codes with their counts, else a drug, else words."""
    words = part.split(" ")
    several = len(words) > 1 and all(read_procedure(word) for word in words)
    try:
        items = read_codes(";".join(words) if several else part)
    except UnreadError as fault:
        found = _by_name(book, part)
        if found is not None:
            lines.setdefault(found.name, found)
        elif looked_up := search_services(book, part):
            hits[part] = looked_up
        else:
            errors.setdefault("service", str(fault) if part[:1].isdigit() else f"Nothing is called {part[:40]}. {HOW}")
        return
    for item in items:
        for asked in _of_item(item):
            before = lines.get(asked.name)
            lines[asked.name] = asked if before is None or asked.count is not None else before


def _by_name(book: Book, part: str) -> AskedLine | None:
    if part.casefold().startswith(OWN_DRUG) and len(part) > len(OWN_DRUG):
        name = part[len(OWN_DRUG) :].strip().casefold()
        key = drug_named(book, name) or name
        return AskedLine(key if key.startswith(OWN_DRUG) else OWN_DRUG + key, drug=key)
    known = drug_named(book, part)
    return AskedLine(known, drug=known) if known is not None else None


def _of_item(item: Item) -> Iterator[AskedLine]:
    if item.last is not None:
        yield AskedLine(f"{item.codes[0]}-{item.last}", item.codes[0], item.last, None, (), item.counting, item.count)
        return
    for code in item.codes:
        yield AskedLine(code, code, None, None, (), item.counting, item.count)


def _is_name(name: str) -> bool:
    """Say whether a form's name of a line can be one: not everything that is posted comes from a page of ours."""
    if name.startswith(OWN_DRUG):
        return len(OWN_DRUG) < len(name) <= 100
    try:
        return len(read_codes(name)) == 1 and ":" not in name and "/" not in name
    except UnreadError:
        return False


def _line(book: Book, name: str, typed: Typed, errors: dict[str, str]) -> AskedLine:
    count_field, modifier_field = f"count-{name}", f"modifiers-{name}"
    counting, count = Counting.UNKNOWN, None
    try:
        counting, count = read_count(one(typed, count_field))
    except UnreadError as fault:
        errors.setdefault(count_field, f"{shown_name(name)}: {fault}")
    if one(typed, f"counting-{name}") == Counting.VISITS.value and count is not None:
        counting = Counting.VISITS
    modifiers = tuple(part.upper() for part in re.split(r"[\s,;-]+", one(typed, modifier_field)) if part)
    if len(modifiers) > 4 or not all(_MODIFIER.fullmatch(part) for part in modifiers):
        errors.setdefault(
            modifier_field, f"{shown_name(name)}: modifiers have two characters each, at most four, like 59"
        )
        modifiers = ()
    if name.startswith(OWN_DRUG):
        drug = drug_named(book, name.removeprefix(OWN_DRUG)) or name.removeprefix(OWN_DRUG)
        return AskedLine(name, drug=drug, modifiers=modifiers, counting=counting, count=count)
    (item,) = read_codes(name)
    (line,) = _of_item(item)
    return replace(line, modifiers=modifiers, counting=counting, count=count)


def shown_name(name: str) -> str:
    """How a line is called for people: `96910`, `96920 to 96922`, any service, Dupixent."""
    if name.startswith(OWN_DRUG):
        return name.removeprefix(OWN_DRUG).replace("_", " ").capitalize()
    return "Any service" if name == ANY_CODE else name.replace("-", " to ")


def codes_of(lines: tuple[AskedLine, ...]) -> tuple[str, ...]:
    """The codes that lines name one by one."""
    return tuple(line.code for line in lines if line.code and line.last is None and line.code != ANY_CODE)


def new_families(book: Book, typed: Typed, lines: tuple[AskedLine, ...]) -> tuple[OfferedFamily, ...]:
    """The families of what is asked for that this form has not offered yet."""
    before = set(one(typed, "offered").split())
    return tuple(family for family in offered_families(book, codes_of(lines)) if family.id not in before)


def absorbed(typed: Typed, service: Service, families: tuple[OfferedFamily, ...]) -> Typed:
    """Turn what was read into what the form shows next.

    Takes     the form; what was read of it; the families that it is offered now for the first time.
    Returns   the form with every line ticked, its count written out, the usual codes of the new families ticked, and in
              `service` only the words that were not understood. What was ticked off earlier stays so.
    """
    names = [line.name for line in service.lines]
    names += [code for family in families for code in family.usual if code not in names]
    shown = {name: values for name, values in typed.items() if name not in ("pick", "service", "code")}
    for line in service.lines:
        if line.count is not None:
            shown[f"count-{line.name}"] = (str(line.count),)
            shown[f"counting-{line.name}"] = (line.counting.value,)
        elif line.counting is Counting.NOT_COUNTED:
            shown[f"count-{line.name}"] = ("*",)
    offered = " ".join(dict.fromkeys([*one(typed, "offered").split(), *(family.id for family in families)]))
    left = "; ".join(service.hits) if "service" not in service.errors else one(typed, "service")
    return {**shown, "code": tuple(dict.fromkeys(names)), "offered": (offered,), "service": (left,)}
