"""The form of a token: checked values, or errors beside the field."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.api.facts.tokens import ApiScope
from app.api.rules.tokens import LONGEST_LIFE, RATES, USUAL_RATE, is_name
from app.values.days import read_typed_day
from app.values.wording import short_day

NAME = "Write 3 to 40 lower-case letters, digits and dashes, a letter first, like intake-robot."
TAKEN = "A token of this name is or was on file. The audit log calls it by the name: choose another."
WHOLE = "A file of an import shows every site: give this scope only to a token that sees all sites."


@dataclass
class TokenForm:
    """A token as typed. `sites` None: all; `last_day`: the last day on which it opens anything."""

    name: str = ""
    scopes: frozenset[ApiScope] = frozenset()
    all_sites: bool = True
    sites: frozenset[UUID] = frozenset()
    last: str = "m+3"
    per_minute: int = USUAL_RATE
    last_day: date | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def sight(self) -> frozenset[UUID] | None:
        """The sites that it sees; None: all."""
        return None if self.all_sites else self.sites

    def expires_at(self, zone: ZoneInfo) -> datetime:
        """The instant from which it opens nothing: the end of its last day in a zone."""
        assert self.last_day is not None
        return datetime.combine(self.last_day + timedelta(days=1), time(), zone)


def read_token(
    typed: Mapping[str, str], scopes: Iterable[str], sites: Iterable[str], known: Collection[UUID], today: date
) -> TokenForm:
    """Read the form of a token.

    Takes     what was typed; the scopes and sites ticked; the sites on file; the practice's day.
    """
    chosen = frozenset(ApiScope(one) for one in scopes if one in tuple(ApiScope))
    seen = frozenset(one for one in known if one.hex in set(sites))
    rate = typed.get("per_minute", "")
    form = TokenForm(
        name=typed.get("name", "").strip(),
        scopes=chosen,
        all_sites=typed.get("sight") != "chosen",
        sites=seen,
        last=typed.get("last", "").strip(),
        per_minute=int(rate) if rate in {str(one) for one in RATES} else USUAL_RATE,
    )
    if not is_name(form.name):
        form.errors["name"] = NAME
    if not chosen:
        form.errors["scopes"] = "Tick at least one scope."
    if not form.all_sites and not seen:
        form.errors["sites"] = "Tick at least one site, or let the token see all sites."
    if not form.all_sites and ApiScope.IMPORT in chosen:
        form.errors["sight"] = WHOLE
    _read_last_day(form, today)
    return form


def _read_last_day(form: TokenForm, today: date) -> None:
    form.last_day = read_typed_day(form.last, today) if form.last else None
    latest = today + LONGEST_LIFE - timedelta(days=1)
    if form.last_day is None:
        form.errors["last"] = "Write its last day, like 12/5, 12/05/2026, t+30 or m+6."
    elif not today <= form.last_day <= latest:
        form.errors["last"] = f"Write a day from today to {short_day(latest)}: a token lasts at most a year."
