"""When a backup is due, when one is to be tried, and which are kept."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from app.backups.facts.records import DAILY, RETEST, RETRY, TEST_EVERY, Keep, Standing


def backup_due(standing: Standing, now: datetime) -> bool:
    """Say whether a backup is to be made: none began in the last 24 hours, and none failed in the last hour.

    What lies in the future, after a clock was set back, counts as just made for as long as a day, and not longer.
    """
    last, attempt = standing.last, standing.attempt
    if last is not None and abs(now - last.began_at) < DAILY:
        return False
    return attempt is None or attempt.name is not None or abs(now - attempt.began_at) >= RETRY


def trial_due(standing: Standing, now: datetime) -> bool:
    """Say whether the last backup is to be restored as a test: none came back whole in the last seven days.

    One that did not come back is tried again a day later, a newer one at once.
    """
    last, proved, test = standing.last, standing.proved, standing.test
    if last is None:
        return False
    if proved is not None and proved.tested_at is not None and abs(now - proved.tested_at) < TEST_EVERY:
        return False
    return test is None or test.id != last.id or test.tested_at is None or abs(now - test.tested_at) >= RETEST


def kept(backups: Mapping[str, datetime], keep: Keep) -> frozenset[str]:
    """Choose the backups to keep: the newest of each of the last days, weeks and months that have one.

    Takes     the instant of each backup by its name (UTC); how many days, weeks and months.
    Returns   the names to keep; the newest of all is always among them.
    """
    newest_first = sorted(backups, key=lambda name: (backups[name], name), reverse=True)
    by_day = _newest(newest_first, lambda name: backups[name].date(), keep.days)
    by_week = _newest(newest_first, lambda name: backups[name].isocalendar()[:2], keep.weeks)
    by_month = _newest(newest_first, lambda name: (backups[name].year, backups[name].month), keep.months)
    return frozenset([*newest_first[:1], *by_day, *by_week, *by_month])


def _newest(newest_first: Iterable[str], span: Callable[[str], Any], most: int) -> list[str]:
    chosen: dict[Any, str] = {}
    for name in newest_first:
        chosen.setdefault(span(name), name)
    return list(chosen.values())[:most]
