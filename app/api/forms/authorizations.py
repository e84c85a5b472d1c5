"""What a program sends about authorizations. The rules are those of the desk's own form."""

from collections.abc import Callable, Iterable
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StrictInt, model_validator

from app.api.forms.visits import Paged
from app.api.rules.written import Day, Id, Sent, Text, Words, Yes
from app.authorizations.facts import ANY_CODE, Counting, Item, Kind, Status
from app.authorizations.intake import read_number
from app.values.codes import in_range, read_diagnosis, read_ndc, read_npi, read_place, read_procedure
from app.values.insurance import Channel

MOST_ITEMS, MOST_CODES, MOST_UNITS = 40, 40, 100_000
_COUNTED = (Counting.UNITS, Counting.VISITS)


def _read(reader: Callable[[str], str | None], sentence: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        found = reader(text)
        if found is None:
            raise ValueError(sentence)
        return found

    return check


def _procedure(text: str) -> str | None:
    return ANY_CODE if text == ANY_CODE else read_procedure(text)


Code = Annotated[
    str,
    Field(min_length=1, max_length=12),
    AfterValidator(_read(_procedure, "Send a CPT or HCPCS code of five characters, or * for any code.")),
]
Diagnosis = Annotated[
    str,
    Field(min_length=3, max_length=10),
    AfterValidator(_read(read_diagnosis, "Send an ICD-10-CM code, like L40.0.")),
]
Npi = Annotated[
    str,
    Field(pattern="^[12][0-9]{9}$"),
    AfterValidator(_read(read_npi, "Send the ten digits of an NPI; its last digit checks the others.")),
]
Ndc = Annotated[
    str,
    Field(min_length=10, max_length=14),
    AfterValidator(_read(read_ndc, "Send 11 digits, or 10 digits with dashes.")),
]
Place = Annotated[
    str,
    Field(pattern="^[0-9]{2}$"),
    AfterValidator(_read(read_place, "Send the two digits of a place of service.")),
]
Reference = Annotated[
    Text, AfterValidator(_read(read_number, "Send the number that the payer gave; TBD and zeros are none."))
]


class NewItem(Sent):
    """What is approved: codes that share one count, or a range from the first code to `last`."""

    codes: list[Code] = Field(min_length=1, max_length=MOST_CODES)
    last: Code | None = None
    counting: Counting = Counting.UNKNOWN
    count: StrictInt | None = Field(default=None, ge=0, le=MOST_UNITS)

    @model_validator(mode="after")
    def fits(self) -> Self:
        """Refuse a count without a unit, a unit without a count, and a range that is none."""
        if (self.counting in _COUNTED) != (self.count is not None):
            raise ValueError("Send a count with counting `units` or `visits`, and with no other.")
        if self.last is not None and (len(self.codes) != 1 or not in_range(self.last, self.codes[0], self.last)):
            raise ValueError("A range has one code, and a `last` of the same form on or after it.")
        return self

    @property
    def item(self) -> Item:
        """The item as it is stored."""
        return Item(tuple(dict.fromkeys(self.codes)), self.last, self.counting, self.count)


class Details(Sent):
    """What may be said of an authorization at any time. A field that is left out stays; null clears it."""

    items: list[NewItem] = Field(default=[], max_length=MOST_ITEMS)
    drug: Text | None = None
    ndc: Ndc | None = None
    number: Reference | None = None
    reference: Reference | None = None
    begins: Day | None = None
    ends: Day | None = None
    no_end: Yes = False
    diagnoses: list[Diagnosis] = Field(default=[], max_length=MOST_CODES)
    provider_npi: Npi | None = None
    provider_binds: Yes = False
    site_id: Id | None = None
    places: list[Place] = Field(default=[], max_length=MOST_CODES)
    channel: Channel | None = None
    urgent: Yes = False
    verbal: Yes = False
    too_early_until: Day | None = None
    requested_on: Day | None = None
    decided_on: Day | None = None
    denial_reason: Words | None = None
    next_action: Text | None = None
    next_action_on: Day | None = None
    submitted_by_channel: Text | None = None
    representative: Text | None = None
    call_reference: Text | None = None
    note: Words | None = None

    def values(self, names: Iterable[str]) -> dict[str, Any]:
        """The values of some fields by the names of AuthorizationRecord."""
        found = {name: getattr(self, name) for name in names}
        found |= {name: tuple(found[name]) for name in ("diagnoses", "places") if name in found}
        return found | ({"items": tuple(one.item for one in self.items)} if "items" in found else {})


_DETAILS = tuple(Details.model_fields)


class NewAuthorization(Details):
    """An authorization to log, under one of the patient's coverages or under a payer by id or name."""

    patient_id: Id
    coverage_id: Id | None = None
    payer: Text | None = None
    member_id: Text | None = None
    new_payer: Yes = False
    status: Status = Status.APPROVED
    kind: Kind = Kind.INITIAL
    parent_id: Id | None = Field(default=None, description="The authorization of the same patient that it follows.")

    @model_validator(mode="after")
    def names_one_payer(self) -> Self:
        """Refuse an authorization of no payer or of two."""
        if (self.coverage_id is None) == (self.payer is None):
            raise ValueError("Send one of coverage_id and payer.")
        return self

    @property
    def record(self) -> dict[str, Any]:
        """The values of the new record, without whose they are."""
        return self.values(_DETAILS) | {"status": self.status, "kind": self.kind, "parent_id": self.parent_id}


class ChangedAuthorization(Details):
    """What is to be changed: only the fields that are sent."""

    status: Status = Status.APPROVED
    kind: Kind = Kind.INITIAL

    @model_validator(mode="after")
    def says_something(self) -> Self:
        """Refuse a change of nothing."""
        if not self.model_fields_set:
            raise ValueError("Send at least one field.")
        return self

    @property
    def changes(self) -> dict[str, Any]:
        """The new values of the fields that were sent."""
        return self.values(sorted(self.model_fields_set))


class Decision(Sent):
    """What the payer decided, and on which day. Fields that are left out stay as they were."""

    status: Literal["approved", "partly_approved", "denied", "more_info", "not_required", "dismissed"]
    decided_on: Day
    number: Reference | None = None
    reference: Reference | None = None
    begins: Day | None = None
    ends: Day | None = None
    no_end: Yes = False
    verbal: Yes = Field(default=False, description="The payer said yes and gave no number yet: it clears no visit.")
    items: list[NewItem] | None = Field(default=None, min_length=1, max_length=MOST_ITEMS)
    denial_reason: Words | None = None
    representative: Text | None = None
    call_reference: Text | None = None

    @property
    def changes(self) -> dict[str, Any]:
        """The new values of the fields that were sent."""
        found = {name: getattr(self, name) for name in self.model_fields_set if getattr(self, name) is not None}
        found |= {"status": Status(self.status)}
        return found | ({"items": tuple(one.item for one in self.items)} if self.items else {})


class Use(Sent):
    """Units that were used and that no visit on file shows: given elsewhere, or before the schedule begins."""

    code: Code
    units: StrictInt = Field(ge=1, le=MOST_UNITS)


class AuthorizationFilters(Paged):
    """Which authorizations."""

    patient: Id | None = Field(default=None, description="Those of one patient.")
    status: Status | None = Field(default=None, description="Those that stand so.")

    @property
    def asked(self) -> str:
        """What was asked, as one text, for the cursor."""
        return f"authorizations {self.patient} {self.status}"
