"""A stored answer given again, in words and as an object for other programs."""

from collections.abc import Iterator, Sequence
from typing import Any

from app.clearance.facts.reasons import Reason
from app.clearance.views.panel import instant_words
from app.clearance.views.sentences import BADGE_WORDS, CHECK_WORDS
from app.rule_changes.facts.replay import Answer, Cause, CheckDifference, LineDifference, Replayed
from app.rule_changes.views.impact import NEED_WORDS, NO_CHECK, RESULT_WORDS
from app.values.wording import counted, listed, long_day

FIELD_WORDS = {
    "badge": "its badge",
    "klass": "its class",
    "need": "whether approval is needed",
    "confidence": "who says so",
    "rule": "the rule that says so",
    "chosen": "the authorization",
    "units_left_after": "the units left",
}
CAUSE_WORDS = {
    Cause.RULES: "The rule set that it was judged by is not on file, so it cannot be judged again.",
    Cause.LINES: "The visit has other planned services now; what was planned then is not kept.",
    Cause.VISIT: "The visit is no longer booked; what else was booked then may be gone too.",
    Cause.COVERAGE: "A coverage was checked again, added or changed since; its earlier answer is not kept.",
    Cause.AUTHORIZATION: "An authorization was changed since, and what it was before is not kept whole.",
    Cause.CLINICAL: "A clinical fact or its document was taken away since.",
    Cause.OTHER: "A fact on file was corrected since: another visit, a site, a provider, or how the program judges.",
}


def replay_sentences(found: Replayed) -> Iterator[str]:
    """Say what was shown, line by line, and whether judging gives it again."""
    yield f"{found.reference} on {long_day(found.on)}: {BADGE_WORDS[found.badge]}."
    yield _shown(found)
    for place, line in enumerate(found.kept, 1):
        yield f"Line {place}: {_line(line)}"
    if found.equal:
        yield f"Judged again {_basis(found)}: the same answer, equal in every check."
        return
    yield f"Judged again {_basis(found)}: not the same answer."
    if found.badge_anew is not None and found.badge_anew is not found.badge:
        yield f"The badge would be {BADGE_WORDS[found.badge_anew]}."
    for one in found.differences if found.badge_anew is not None else ():
        yield difference_words(one)
    yield from (CAUSE_WORDS[cause] for cause in found.causes)


def _shown(found: Replayed) -> str:
    since = instant_words(found.since, found.zone)
    until = f" until {instant_words(found.until, found.zone)}" if found.until is not None else ", and it is shown still"
    further = f" {counted(found.further, 'other answer')} before it on that day." if found.further else ""
    judged = f"judged for {long_day(found.judged_for)} by rules {found.version[:12]}"
    return f"Shown since {since}{until}; {judged}.{further}"


def _basis(found: Replayed) -> str:
    at = instant_words(found.basis.facts_at, found.zone)
    return f"for {long_day(found.basis.as_of)} by rules {found.basis.rules_version[:12]} with what was on file {at}"


def _line(answer: Answer) -> str:
    badge = BADGE_WORDS[answer.badge] if answer.badge is not None else "Billed outside"
    if not answer.reasons:
        return f"{badge}."
    rule = f" ({answer.rule})" if answer.rule is not None else ""
    checks = listed([f"{CHECK_WORDS[one.check].lower()} {RESULT_WORDS[one.result]}" for one in answer.reasons])
    return f"{badge}; approval {NEED_WORDS[answer.need]}{rule}; {checks}."


def difference_words(one: LineDifference) -> str:
    """Say of one line what differs: the checks first, then what else is kept of a line."""
    parts = [_check(check) for check in one.checks]
    parts += [FIELD_WORDS[name] for name in one.fields]
    return f"Line {one.position + 1} differs: {'; '.join(parts)}."


def _check(one: CheckDifference) -> str:
    kept, anew = _finding(one.kept), _finding(one.anew)
    name = CHECK_WORDS[one.check].lower()
    if kept == anew:
        return f"the check of {name} {kept} for another cause"
    return f"the check of {name}, kept as {kept!r}, now found as {anew!r}".replace("'", '"')


def _finding(reason: Reason | None) -> str:
    return NO_CHECK if reason is None else RESULT_WORDS[reason.result]


def replay_object(found: Replayed) -> dict[str, Any]:
    """Write it as one object."""
    return {
        "visit_id": found.reference,
        "on": found.on.isoformat(),
        "shown": {
            "since": found.since.astimezone(found.zone).isoformat(),
            "until": found.until.astimezone(found.zone).isoformat() if found.until is not None else None,
            "judged_for": found.judged_for.isoformat(),
            "rules_version": found.version,
            "badge": found.badge.value,
            "lines": _lines(found.kept),
            "further": found.further,
        },
        "anew": None if found.badge_anew is None else _anew(found),
        "equal": found.equal,
        "differences": [_difference(one) for one in found.differences],
        "why": [CAUSE_WORDS[cause] for cause in found.causes],
    }


def _anew(found: Replayed) -> dict[str, Any]:
    return {
        "as_of": found.basis.as_of.isoformat(),
        "rules_version": found.basis.rules_version,
        "facts_at": found.basis.facts_at.astimezone(found.zone).isoformat(),
        "badge": found.badge_anew.value if found.badge_anew is not None else None,
        "lines": _lines(found.anew),
    }


def _lines(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    return [
        {
            "badge": one.badge.value if one.badge is not None else None,
            "class": one.klass.value,
            "need": one.need.value,
            "confidence": one.confidence.value,
            "rule": one.rule,
            "checks": [{"id": reason.check.value, "result": reason.result.value} for reason in one.reasons],
            "authorization": str(one.chosen) if one.chosen is not None else None,
            "units_left_after": one.units_left_after,
        }
        for one in answers
    ]


def _difference(one: LineDifference) -> dict[str, Any]:
    return {
        "line": one.position + 1,
        "checks": [
            {"id": check.check.value, "kept": _result(check.kept), "anew": _result(check.anew)} for check in one.checks
        ],
        "fields": ["class" if name == "klass" else name for name in one.fields],
        "words": difference_words(one),
    }


def _result(reason: Reason | None) -> str | None:
    return None if reason is None else reason.result.value
