"""What a rule says beside its answer: source, limits, channels, clock, length of approval, family."""

from collections.abc import Iterable
from datetime import date

from app.policies.facts.answers import Cite, DecisionClock, Limit, Submit
from app.policies.facts.book import Extras
from app.policies.facts.grid import PayerRules
from app.policies.facts.language import ChannelWay, ClockTimes, LimitRule, Process, Rule, TopicFile
from app.policies.rules.wording import say_key, say_length, say_number


def cite_of(rule: Rule, topic: TopicFile) -> Cite | None:
    """The source of a seen rule with the day it was read; None for one from memory."""
    if rule.source is None:
        return None
    source = topic.sources[rule.source]
    return Cite(source.title, source.url, source.read_on or topic.read_on)


def extras_of(rule: Rule, rules: PayerRules) -> Extras:
    """Gather what a rule and its payer's processes say beside the answer."""
    processes = [p for p in rules.file.processes if not p.products or rule.product in p.products]
    lasting = rule.approval_lasts
    valid = next((p.decision_valid for p in processes if p.decision_valid), None)
    return Extras(
        summary=rule.summary,
        documents=rule.documents,
        submit=_submit(rule, processes),
        clock=_clock(rule, processes),
        lasts=(lasting.initial if lasting else None) or valid,
        lasts_by_state={k: v.initial for k, v in lasting.by_state.items() if v.initial} if lasting else {},
        lasts_by_diagnosis={k: v.initial for k, v in lasting.by_diagnosis.items() if v.initial} if lasting else {},
        renew_before=rule.renew_before,
        retro_within=rule.retro_within,
        family=frozenset(rule.family),
        binds_person=rule.binds_person,
        limits=tuple(_limits(rule)),
        verify=rule.verify,
    )


def submit_ways(channels: Iterable[ChannelWay]) -> tuple[Submit, ...]:
    """Channels of a file as ways to send a request."""
    return tuple(Submit(_KIND.get(way.kind, "other"), way.name or say_key(way.kind), way.value) for way in channels)


_KIND = {
    "portal": "portal", "phone": "phone", "fax": "fax", "x12": "x12", "ehr_x12": "x12", "department": "department",
}  # fmt: skip


def _submit(rule: Rule, processes: Iterable[Process]) -> tuple[Submit, ...]:
    own = submit_ways(rule.channels) or tuple(way for p in processes for way in submit_ways(p.channels))
    return own + tuple(Submit("other", f"{area}: {name}") for area, name in rule.routing.items())


def _clock(rule: Rule, processes: Iterable[Process]) -> DecisionClock | None:
    """The time that the rule or the payer's own processes state; which law runs depends on the request."""
    stated = next((times for times in (rule.clock, *(p.clock for p in processes)) if times is not None), None)
    return decision_clock(stated) if stated is not None else None


def decision_clock(times: ClockTimes) -> DecisionClock:
    """The clock of a file as the answer's."""
    return DecisionClock(times.standard, times.expedited, times.basis)


def _limits(rule: Rule) -> Iterable[Limit]:
    for limit in rule.limits:
        yield _limit(limit)
    if rule.min_interval is not None and rule.min_interval.value is not None:
        period = rule.min_interval.unit if rule.min_interval.unit in ("day", "week", "month", "year") else "day"
        text = f"at least {say_length(rule.min_interval)} apart"
        yield Limit(text, "visits", 1, period, rule.min_interval.value)


def _limit(limit: LimitRule) -> Limit:
    counted = limit.counted
    text = limit.text or _say_limit(limit)
    if counted is None or limit.most is None:
        return Limit(text)
    return Limit(
        text, counted.counts, int(limit.most), counted.period, counted.every, frozenset(counted.codes), counted.firm
    )


def _say_limit(limit: LimitRule) -> str:
    amount = f"at most {say_number(limit.most)}" if limit.most is not None else "limited"
    unit = limit.unit if limit.what == "quantity" and limit.unit else say_key(limit.what)
    said = [f"{amount} {unit}"]
    if limit.of:
        said.append(f"of {limit.of}")
    if limit.per:
        said.append(f"per {limit.per}")
    if limit.excludes:
        said.append(f"not counting {', '.join(limit.excludes)}")
    if limit.free_period:
        said.append(f"after {limit.free_period}")
    if limit.override:
        said.append(f"more when {limit.override}")
    return " ".join(said)


def day_before(day: date) -> date:
    """The day before, for a rule whose replacement begins."""
    return date.fromordinal(day.toordinal() - 1)
