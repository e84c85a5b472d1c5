"""The form of a new request: what was typed, read as far as it can be, and what is missing before a case is made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from werkzeug.datastructures import MultiDict

from app.authorizations.facts import Counting, Item, Kind
from app.casework.facts import requests as facts
from app.casework.facts.requests import MANY, ONE, AskedLine, RequestStart
from app.casework.forms.typed import Typed
from app.casework.rules.asking import Service, one
from app.casework.rules.trying import Terms
from app.schedule.facts import Visit
from app.values.insurance import Channel
from app.values.spans import add_months
from app.values.wording import counted, short_day

OF_A_LINE = ("count-", "counting-", "modifiers-")
LONGEST, LONGEST_REASON, MOST_VALUES = 400, 2000, 400
LONGEST_MONTHS, MOST_UNITS = 24, 400
FOLLOWS = frozenset({Kind.RENEWAL, Kind.EXTENSION, Kind.APPEAL})
"""Kinds of request that follow another one."""
_BACKWARD = frozenset({Kind.RETRO, Kind.APPEAL, Kind.CONTINUITY, Kind.EXTENSION, Kind.REFERRAL})
"""Kinds of request whose first day of service may lie behind."""


@dataclass
class RequestForm:
    """A request as typed. `values` are those of an AuthorizationRecord, without payer, member and lines.

    `chosen` are the visits that it is for; `coverage` the one that it is asked under.
    """

    fields: Typed
    many: facts.Typed
    service: Service
    chosen: tuple[Visit, ...] = ()
    coverage: UUID | None = None
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def errors(self) -> dict[str, str]:
        """A sentence for each field that has to be mended."""
        return self.fields.errors

    @property
    def lines(self) -> tuple[AskedLine, ...]:
        """What is asked for."""
        return self.service.lines

    @property
    def items(self) -> tuple[Item, ...]:
        """The codes asked for as the items of an authorization."""
        return tuple(
            Item((line.code,), line.last, line.counting, line.count) for line in self.lines if line.code is not None
        )

    @property
    def drug(self) -> str | None:
        """The drug asked for."""
        return next((line.drug for line in self.lines if line.drug is not None), None)


def typed_request(form: MultiDict[str, str]) -> facts.Typed:
    """Keep of what was posted the fields of this form, every value of those that may come more than once."""
    typed: dict[str, tuple[str, ...]] = {}
    for name in list(form)[:MOST_VALUES]:
        longest = LONGEST_REASON if name == "reason" else LONGEST
        values = tuple(value[:longest] for value in form.getlist(name)[:MOST_VALUES])
        if name in MANY:
            typed[name] = tuple(dict.fromkeys(values))
        elif name in ONE or (name.startswith(OF_A_LINE) and len(name) < 120):
            typed[name] = values[:1]
    return typed


def read_request(typed: facts.Typed, service: Service, start: RequestStart) -> RequestForm:
    """Read the form as far as it goes: what is malformed has a sentence, what is missing has none.

    Takes     what was typed; what was read of its services; what may be chosen.
    """
    fields = Typed({name: one(typed, name) for name in ONE}, start.today)
    for name, sentence in service.errors.items():
        fields.refuse(name, sentence)
    wanted = set(typed.get("visit", ()))
    chosen = tuple(visit for visit in start.visits if str(visit.id) in wanted)
    form = RequestForm(fields, typed, service, chosen)
    form.coverage = fields.one_of("coverage", [row.id for row in start.coverages], "Coverage")
    begins, ends = fields.span("begins", "ends")
    provider = fields.npi("provider", "Provider number")
    place = fields.places("place")
    form.values = {
        "kind": fields.choice("kind", Kind, "Kind") or Kind.INITIAL,
        "urgent": fields.ticked("urgent"),
        "parent_id": fields.one_of("parent", [row.id for row in start.approvals], "The earlier request"),
        "diagnoses": fields.diagnoses("diagnoses"),
        "note": fields.text("reason", "Reason", LONGEST_REASON),
        "begins": begins,
        "ends": ends,
        "provider_npi": provider,
        "provider_group": next((row.group_npi for row in start.providers if provider and row.npi == provider), None),
        "site_id": fields.one_of("site", [row.id for row in start.sites], "Place"),
        "places": place,
        "channel": fields.choice("channel", Channel, "Benefit"),
        "ndc": fields.ndc("ndc"),
    }
    return form


def terms_of(form: RequestForm, start: RequestStart) -> Terms:
    """What the request says of all its lines, as they are judged."""
    values = form.values
    first = form.chosen[0].day if form.chosen else None
    site = values["site_id"] or (form.chosen[0].site_id if form.chosen else start.sites[0].id)
    return Terms(
        day=values["begins"] or first or start.today,
        site_id=site,
        diagnoses=values["diagnoses"],
        provider_npi=values["provider_npi"],
        provider_group=values["provider_group"],
        place=values["places"][0] if values["places"] else None,
        channel=values["channel"],
        ndc=values["ndc"],
    )


def check_request(form: RequestForm, start: RequestStart) -> None:
    """Say what a case lacks, and ask once what is unlikely. The least that is needed: coverage and a code or drug."""
    fields, values = form.fields, form.values
    if form.coverage is None:
        fields.refuse("coverage", "Choose the coverage under which approval is asked")
    if not form.lines and "service" not in fields.errors:
        hits = "Tick which of the services below is meant" if form.service.hits else None
        fields.refuse("service", hits or "Enter the code or the drug that approval is asked for")
    if len([line for line in form.lines if line.drug is not None]) > 1:
        fields.refuse("service", "A request is for one drug; make a second request for the other")
    if values["kind"] in FOLLOWS and values["parent_id"] is None:
        kind = values["kind"].value
        fields.refuse("parent", f"Choose the earlier request that this {kind} follows")
    _ask(form, start)


def _ask(form: RequestForm, start: RequestStart) -> None:
    fields, values = form.fields, form.values
    begins, ends = values["begins"], values["ends"]
    if begins and ends and ends >= add_months(begins, LONGEST_MONTHS):
        fields.ask("long_span", f"The request is for {short_day(begins)} to {short_day(ends)}, over 24 months.")
    if begins and begins < start.today and values["kind"] not in _BACKWARD:
        behind = f"The first day of service is {short_day(begins)}, which is past. For a service that was given"
        fields.ask("past_begin", f"{behind} without approval choose the kind Retro.")
    most = max((line.count or 0 for line in form.lines), default=0)
    if most > MOST_UNITS:
        visits = any(line.count == most and line.counting is Counting.VISITS for line in form.lines)
        fields.ask("many_units", f"The request is for {counted(most, 'visit' if visits else 'unit')}.")
    outside = _outside(form)
    if outside:
        fields.ask("visits_outside", f"{outside} outside the days that are asked for.")


def _outside(form: RequestForm) -> str | None:
    begins, ends = form.values["begins"], form.values["ends"]
    days = [visit.day for visit in form.chosen]
    out = [day for day in days if (begins and day < begins) or (ends and day > ends)]
    if not out:
        return None
    if len(out) == 1:
        return f"The visit of {short_day(out[0])} lies"
    return f"{counted(len(out), 'visit')} that you ticked lie"


def first_of(values: Mapping[str, str]) -> facts.Typed:
    """Write single values as what a form would have sent."""
    return {name: (value,) for name, value in values.items() if value}


def read_version(text: str) -> int | None:
    """Read the count of edits that a form carries; None where it carries none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
