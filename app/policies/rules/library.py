"""What the library alone answers to a question: naming rules, then the closed list, then what is left."""

from collections.abc import Iterable
from dataclasses import replace

from app.policies.facts.answers import Alternative, Confidence, Criterion, Grounds, Need, Question, Requirement
from app.policies.facts.book import Book, CompiledRule
from app.policies.rules.judging import Finding, judge, missing_bounds, ranked
from app.policies.rules.scope import plain_name
from app.values.insurance import Line
from app.values.spans import Duration

NOTHING = Requirement(Need.UNKNOWN, Confidence.NONE, Grounds.NO_RULE)


def drug_key(book: Book, drug: str) -> str:
    """A drug's service key: from its key, name or 11-digit NDC; what no list names stays as it is."""
    if drug.startswith(("drug:", "drug_class:")):
        return drug
    stem = drug[:9] if len(drug) == 11 and drug.isdigit() else plain_name(drug)
    return book.drug_names.get(stem, drug)


def drug_of_code(book: Book, code: str) -> str | None:
    """The service key of the drug that a HCPCS drug code names, by `services.yaml`; None when none does."""
    return book.drug_codes.get(code)


def candidates(book: Book, question: Question) -> tuple[CompiledRule, ...]:
    """The rules that name the code, the drug or the service of a question."""
    by_code = book.by_code.get((question.payer, question.code), ()) if question.code is not None else ()
    if question.drug is None and question.service is None:
        return by_code
    found = {rule.ref: rule for rule in by_code}
    if question.drug is not None:
        found |= {rule.ref: rule for rule in book.by_drug.get((question.payer, drug_key(book, question.drug)), ())}
    if question.service is not None:
        found |= {rule.ref: rule for rule in book.by_service.get((question.payer, question.service), ())}
        found |= {rule.ref: rule for rule in book.by_drug.get((question.payer, question.service), ())}
    return tuple(found.values())


def ask_library(book: Book, question: Question) -> Requirement:
    """Answer with the library's rules alone (contract `verdict.md`, "Is approval needed?")."""
    chosen, local, missing = _found(book, question)
    if chosen:
        return _compose(book, question, chosen, local)
    return _left_over(question, local, missing)


def rules_asked(book: Book, question: Question) -> tuple[CompiledRule, ...]:
    """The rules whose criteria are asked of a question: the one that answers, and local policies that name it."""
    chosen, local, _missing = _found(book, question)
    return (*(found.rule for found in chosen[:1]), *local)


def _found(book: Book, question: Question) -> tuple[list[Finding], list[CompiledRule], tuple[str, ...]]:
    """The findings that answer, best first; local policies whose states are not known; what is missing."""
    line = question.line or book.only_line(question.payer)
    findings: list[Finding] = []
    local: list[CompiledRule] = []
    dropped: tuple[str, ...] = ()
    for rule in candidates(book, question):
        missing = missing_bounds(rule, question, line)
        if missing is None:
            continue
        if rule.placeless:
            local.append(rule)
            continue
        found = judge(book, rule, question, line, missing)
        if found is None:
            dropped = (*dropped, *missing)
        else:
            findings.append(found)
    chosen, missing_list = _choose(book, question, line, findings)
    return chosen, local, (*dropped, *missing_list)


def _choose(
    book: Book, question: Question, line: Line | None, findings: list[Finding]
) -> tuple[list[Finding], tuple[str, ...]]:
    """The findings that answer, best first: those that name the code; else a closed list; else the weak ones.

    Also what is missing for a closed list that might answer.
    """
    naming = [found for found in findings if not found.weak]
    if naming:
        return ranked(naming), ()
    lacking: tuple[str, ...] = ()
    for rule in book.closed.get(question.payer, ()) if question.code is not None else ():
        missing = missing_bounds(rule, question, line)
        found = judge(book, rule, question, line, ()) if missing == () else None
        if found is not None:
            return [found], ()
        lacking = (*lacking, *(missing or ()))
    seen = [found for found in findings if not found.rule.memory]
    return ranked(seen or findings), lacking


def _left_over(question: Question, local: list[CompiledRule], dropped: tuple[str, ...]) -> Requirement:
    """No rule answers: say why, and cite a local policy where only such a one names the code."""
    lacking = tuple(dict.fromkeys(dropped))
    if local:
        first = min(local, key=lambda rule: rule.ref)
        return replace(
            first.plain,
            need=Need.UNKNOWN,
            grounds=Grounds.JURISDICTION_UNKNOWN,
            unmet=("contractor", *lacking),
            criteria=_criteria(question, local),
            documents=_documents(local),
            alternatives=tuple(
                Alternative(rule.ref, Need.UNKNOWN, rule.cite) for rule in sorted(local, key=lambda r: r.ref)[1:]
            ),
        )
    if lacking:
        return replace(NOTHING, grounds=Grounds.CONDITION_UNKNOWN, unmet=lacking)
    return NOTHING


def _compose(book: Book, question: Question, chosen: list[Finding], local: list[CompiledRule]) -> Requirement:
    best = chosen[0]
    rule = best.rule
    settled = len(chosen) == 1 and not local and rule.criteria is None
    plain = rule.plain
    if settled and best.need is plain.need and best.grounds is plain.grounds and not best.unmet and not _lengths(rule):
        return plain
    if rule.criteria is not None or local or _lengths(rule):
        return _build(question, chosen, local)
    key = tuple((found.rule.ref, found.need, found.grounds, found.unmet) for found in chosen)
    kept = book.memo.get(key)
    if kept is None:
        if len(book.memo) > 100_000:
            book.memo.clear()
        kept = book.memo[key] = _build(question, chosen, local)
    assert isinstance(kept, Requirement)
    return kept


def _lengths(rule: CompiledRule) -> bool:
    return bool(rule.extras.lasts_by_state or rule.extras.lasts_by_diagnosis)


def _build(question: Question, chosen: list[Finding], local: list[CompiledRule]) -> Requirement:
    best, *others = chosen
    rule = best.rule
    own = (rule,) if rule.criteria is not None else ()
    return replace(
        rule.plain,
        need=best.need,
        grounds=best.grounds,
        criteria=_criteria(question, (*own, *local)),
        unmet=_unmet(question, best),
        documents=(*rule.extras.documents, *_documents(local)),
        approval_lasts=_lasts(rule, question),
        alternatives=tuple(Alternative(found.rule.ref, found.need, found.rule.cite) for found in others),
    )


def _unmet(question: Question, best: Finding) -> tuple[str, ...]:
    """What would settle the need, then what the criteria still lack."""
    criteria = best.rule.criteria
    lacking = criteria.judge(question).unmet if criteria is not None else ()
    return tuple(dict.fromkeys((*best.unmet, *lacking)))


def _criteria(question: Question, rules: Iterable[CompiledRule]) -> tuple[Criterion, ...]:
    said: dict[str, Criterion] = {}
    for rule in rules:
        for text, judge_part in rule.criteria.parts if rule.criteria is not None else ():
            said.setdefault(text, Criterion(text, judge_part(question).truth))
    return tuple(said.values())


def _documents(rules: Iterable[CompiledRule]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for rule in rules for text in rule.extras.documents))


def _lasts(rule: CompiledRule, question: Question) -> Duration | None:
    """How long an approval lasts: by diagnosis, else by state, else as the rule says."""
    extras = rule.extras
    for pattern, length in extras.lasts_by_diagnosis.items():
        if any(code.startswith(pattern.rstrip("*").rstrip(".")) for code in question.diagnoses):
            return length
    return extras.lasts_by_state.get(question.state or "", extras.lasts)
