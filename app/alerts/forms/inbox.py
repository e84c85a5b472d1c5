"""The address and the forms of the pages of alerts -> checked values, or errors beside the field."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from app.alerts.facts.inbox import Query, Shown, Whose
from app.deadlines.facts import Reason
from app.deadlines.rules.calendar import next_business_day
from app.values.days import read_typed_day

_PLACE = re.compile(r"(\d{8}T\d{6}(?:\d{6})?)-([0-9a-f]{32})")
_TICK = re.compile(r"([0-9a-f-]{36})\.(\d{1,9})")
MOST = 50
BACKUP = "backup"


@dataclass(frozen=True, slots=True)
class QueryForm:
    """The query as far as it could be read, and a sentence for each part that could not."""

    query: Query
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass
class WorkForm:
    """What is to be done with ticked alerts. `ticked`: versions by id; `until` and `to` where they are asked for."""

    do: str
    ticked: Mapping[UUID, int]
    typed: Mapping[str, str]
    until: date | None = None
    to: UUID | None = None
    errors: dict[str, str] = field(default_factory=dict)


def read_query(args: Mapping[str, str]) -> QueryForm:
    """Read the address of the list."""
    errors: dict[str, str] = {}
    query = Query(
        Whose.ALL if args.get("whose") == Whose.ALL else Whose.MINE,
        _shown(args.get("shown", ""), errors),
        _site(args.get("site", ""), errors),
        _reason(args.get("reason", ""), errors),
        _place(args.get("after", ""), errors),
    )
    return QueryForm(query, errors)


def read_work(typed: Mapping[str, str], ticks: Sequence[str], today: date) -> WorkForm:
    """Read what is to be done with ticked alerts, or with one (its own button names it).

    Takes     the form; its ticks as `id.version`; the practice's day.
    """
    do, _, one = typed.get("do", "").partition(":")
    form = WorkForm(do, _ticked([one] if one else ticks), typed)
    if do not in ("acknowledge", "snooze", "snooze_next", "hand_over", "take"):
        form.errors["ticks"] = "Choose what to do with the alerts"
    elif not form.ticked:
        form.errors["ticks"] = "Tick at least one alert"
    if do == "snooze_next":
        form.until = next_business_day(today)
    elif do == "snooze":
        form.until = _until(form, today)
    elif do == "hand_over":
        form.to = _to(form)
    return form


def read_undo(token: str) -> tuple[UUID, ...]:
    """Read the steps that an address undoes: their ids, 16 bytes each. Empty for what is none of ours."""
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return ()
    if not raw or len(raw) % 16 or len(raw) > MOST * 16:
        return ()
    return tuple(UUID(bytes=raw[start : start + 16]) for start in range(0, len(raw), 16))


def _ticked(ticks: Sequence[str]) -> dict[UUID, int]:
    found = [match for one in ticks[:MOST] if (match := _TICK.fullmatch(one))]
    return {UUID(match[1]): int(match[2]) for match in found}


def _until(form: WorkForm, today: date) -> date | None:
    text = form.typed.get("until", "").strip()
    day = read_typed_day(text, today)
    if day is None:
        form.errors["until"] = "Snooze until must be a date, like 12/5, t+1 or t+7"
    elif day <= today:
        form.errors["until"] = f"Snooze until must be after today, {today:%m/%d/%Y}"
    return day


def _to(form: WorkForm) -> UUID | None:
    text = form.typed.get("to", "")
    if text == BACKUP:
        return None
    try:
        return UUID(text)
    except ValueError:
        form.errors["to"] = "Choose to whom to hand over"
        return None


def _shown(text: str, errors: dict[str, str]) -> Shown:
    if text and text not in tuple(Shown):
        errors["shown"] = f"Shown must be one of todo, open or done; found {text[:20]}. Those to do are shown"
        return Shown.TODO
    return Shown(text) if text else Shown.TODO


def _reason(text: str, errors: dict[str, str]) -> Reason | None:
    if text and text not in tuple(Reason):
        errors["reason"] = "The kind of alert in the address is not known. All kinds are shown"
        return None
    return Reason(text) if text else None


def _site(text: str, errors: dict[str, str]) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        errors["site"] = "The site in the address is cut off. Choose it again on this page"
        return None


def _place(text: str, errors: dict[str, str]) -> tuple[datetime, UUID] | None:
    if not text:
        return None
    found = _PLACE.fullmatch(text)
    if found is None:
        errors["after"] = "The address of this page is cut off. The first page is shown"
        return None
    written = "%Y%m%dT%H%M%S" + ("%f" if len(found[1]) > 15 else "")
    try:
        return datetime.strptime(found[1], written).replace(tzinfo=UTC), UUID(hex=found[2])
    except ValueError:
        errors["after"] = "The address of this page is cut off. The first page is shown"
        return None
