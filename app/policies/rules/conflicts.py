"""Which of the practice's own rules must be looked at again, because the library changed what they answer before."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.policies.facts.answers import Need, PracticeRule
from app.policies.facts.conflicts import Conflict, ConflictKind, Original
from app.policies.facts.grid import PayerRules, PolicySet
from app.policies.facts.language import Product, Rule
from app.policies.rules.compiling import PLAIN_NEED, codes_of, drugs_of, last_day, may_answer
from app.policies.rules.differences import APPROVAL_WORDS, about, said_otherwise
from app.policies.rules.extras import cite_of
from app.policies.rules.practice import practice_rules_of
from app.values.codes import in_range
from app.values.spans import DateSpan

_UNCOVERED = frozenset({Need.NOT_COVERED, Need.COSMETIC})
_STRICT = frozenset({Need.REQUIRED, Need.NOT_COVERED})
_ORDER = {kind: place for place, kind in enumerate(ConflictKind)}


@dataclass(frozen=True, slots=True)
class _Known:
    """One rule of the library that may answer: what it names, for which product and days."""

    ref: str
    said: Rule
    product: Product
    names: frozenset[str]
    span: DateSpan


def conflicts(
    practice_rules: Sequence[PracticeRule], before: PolicySet | None, after: PolicySet
) -> tuple[Conflict, ...]:
    """Find the practice's rules that a change of the library concerns.

    Takes     the practice's rules that hold or will hold (the caller leaves out those that have ended); the library as
              it was when they were looked at last (None: nothing was known), and as it is or would be.
    Returns   one entry a practice rule and library rule that names one of its codes or drugs, for a line, place and
              days of it, and that was changed, removed, or says something new; worst first, then by the practice's
              rule. A library that did not change has none. Days on which sources were read, and notes, do not count.
    """
    found: list[Conflict] = []
    for payer in sorted({rule.payer for rule in practice_rules}):
        was, now = _known(before, payer), _known(after, payer)
        touched = [ref for ref in sorted(was.keys() | now.keys()) if _differs(was.get(ref), now.get(ref))]
        for rule in practice_rules_of(practice_rules, payer) if touched else ():
            found += (one for ref in touched for one in _conflict(rule, ref, was.get(ref), now.get(ref)))
    return tuple(sorted(found, key=lambda one: (_ORDER[one.kind], one.rule.ref, one.ref)))


def covering(rule: PracticeRule, policies: PolicySet) -> tuple[str, ...]:
    """The library's rules that a practice rule answers before: of its payer, naming a code of it where it holds."""
    return tuple(ref for ref, known in sorted(_known(policies, rule.payer).items()) if _names(rule, known))


def original(ref: str, before: PolicySet | None, after: PolicySet, corrected: bool) -> Original | None:
    """One rule of the library as it was and as it is; None where neither set holds it."""
    payer = ref.partition("/")[0]
    was, now = _known(before, payer).get(ref), _known(after, payer).get(ref)
    shown, policies = (was, before) if was is not None else (now, after)
    if shown is None or policies is None:
        return None
    topic = policies.payers[payer].topics[ref.partition("/")[2].partition("#")[0]]
    cite = cite_of(shown.said, topic)
    return Original(
        ref=ref,
        about=about(shown.said),
        summary=shown.said.summary,
        said=_words(was),
        says=_words(now),
        source=cite.title if cite is not None else None,
        url=cite.url if cite is not None else None,
        read_on=cite.read_on if cite is not None else None,
        turned=before is not None and _differs(was, now),
        corrected=corrected,
    )


def _known(policies: PolicySet | None, payer: str) -> Mapping[str, _Known]:
    files = policies.payers.get(payer) if policies is not None else None
    if policies is None or files is None:
        return {}
    return {one.ref: one for one in _of_payer(policies, payer, files)}


def _of_payer(policies: PolicySet, payer: str, files: PayerRules) -> Iterator[_Known]:
    topics = files.topics.values()
    for topic, content in files.topics.items():
        for rule in content.rules:
            begins = rule.from_ if isinstance(rule.from_, date) else None
            ends = last_day(rule, topics)
            if may_answer(rule) and (begins is None or begins <= ends):
                names = codes_of(rule) | drugs_of(rule, policies.drugs)
                span = DateSpan(begins, None if ends == date.max else ends)
                yield _Known(f"{payer}/{topic}#{rule.id}", rule, files.file.products[rule.product], names, span)


def _differs(was: _Known | None, now: _Known | None) -> bool:
    if was is None or now is None:
        return True
    return was.product != now.product or was.names != now.names or was.span != now.span or was.said != now.said


def _names(rule: PracticeRule, known: _Known | None) -> frozenset[str]:
    """The codes and drugs of a practice rule that a library rule names where both may hold; none elsewhere."""
    if known is None or not known.span.overlaps(rule.span):
        return frozenset()
    line, places = known.product.line, frozenset(known.said.applies.places or known.product.places)
    if (rule.lines and line != "mixed" and line not in rule.lines) or (
        rule.places and places and not rule.places & places
    ):
        return frozenset()
    return frozenset(name for name in rule.codes if _is_named(name, known.names))


def _is_named(name: str, names: frozenset[str]) -> bool:
    first, dash, last = name.partition("-")
    return name in names or bool(dash and any(in_range(code, first, last) for code in names))


def _conflict(rule: PracticeRule, ref: str, was: _Known | None, now: _Known | None) -> Iterator[Conflict]:
    before, after = _names(rule, was), _names(rule, now)
    old, new = (was if before else None), (now if after else None)
    fields = tuple(said_otherwise(old.said, new.said)) if old is not None and new is not None else ()
    if old is not None and new is not None and not fields and before == after:
        return
    kind = _kind(rule, old, new)
    if kind is None:
        return
    speaks = new or old
    assert speaks is not None
    yield Conflict(rule, kind, ref, about(speaks.said), before | after, _words(old), _words(new), fields)


def _kind(rule: PracticeRule, old: _Known | None, new: _Known | None) -> ConflictKind | None:
    """What happened, seen from the practice's rule; None where nobody need look."""
    if new is None:
        return ConflictKind.REMOVED if old is not None else None
    agreed, agrees = (_agrees(rule, one) if one is not None else None for one in (old, new))
    if old is None and agrees is None:
        return None  # a rule that is new and silent on approval
    if agrees is True and agreed is not True:
        return ConflictKind.SAME
    if agrees is False and agreed is not False:
        return ConflictKind.OTHERWISE
    return ConflictKind.CHANGED


def _agrees(rule: PracticeRule, known: _Known) -> bool | None:
    """Say whether a library rule says what the practice's says; None: it gives no answer that is believed."""
    need = PLAIN_NEED[known.said.approval]
    if need is Need.UNKNOWN or (known.said.confidence == "memory" and need not in _STRICT):
        return None
    return need is rule.need or {need, rule.need} <= _UNCOVERED


def _words(known: _Known | None) -> str | None:
    return APPROVAL_WORDS[known.said.approval] if known is not None else None


def still_holding(rules: Iterable[PracticeRule], today: date) -> tuple[PracticeRule, ...]:
    """The practice's rules that hold today or will hold."""
    return tuple(rule for rule in rules if rule.span.ends is None or rule.span.ends >= today)
