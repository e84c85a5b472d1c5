"""The fictional clinic: its sites, clinicians, payers and patients. No name or number here is anybody's."""

from dataclasses import dataclass
from datetime import date

NAME = "Sample Dermatology"
STATE = "NY"
GROUP_NPI = "2000000002"
"""NPIs that begin with 2 are well formed, and nobody has been given one."""


@dataclass(frozen=True)
class SampleSite:
    """A site of the clinic."""

    name: str
    code: str
    state: str


@dataclass(frozen=True)
class Clinician:
    """A person who treats."""

    npi: str
    name: str


HARBOR = SampleSite("Harbor Street", "HS", "NY")
MILL = SampleSite("Mill Pond", "MP", "NJ")
SITES = (HARBOR, MILL)

SAMPLETON = Clinician("2000000101", "Dr. Ada Sampleton")
DEMOFORD = Clinician("2000000119", "Dr. Ben Demoford")
FICTWORTH = Clinician("2000000127", "Dr. Cleo Fictworth")
PLACEHOLT = Clinician("2000000135", "Dr. Dev Placeholt")
MOCKRIDGE = Clinician("2000000143", "Eve Mockridge, PA-C")
CLINICIANS = (SAMPLETON, DEMOFORD, FICTWORTH, PLACEHOLT, MOCKRIDGE)


@dataclass(frozen=True)
class SamplePayer:
    """A fictional payer as the clinic's coverage table names it, with the usual plan of its members."""

    key: str
    name: str
    prefix: str
    line: str
    plan: str
    plan_kind: str
    monthly: bool = False
    referral: str = ""


HARBORLIGHT = SamplePayer("harborlight", "Harborlight Health Plan", "HL", "commercial", "Harborlight PPO", "ppo")
TAMARACK = SamplePayer(
    "tamarack", "Tamarack Valley Assurance", "TV", "commercial", "Tamarack Choice HMO", "hmo", referral="yes"
)
PLUMERIA = SamplePayer("plumeria", "Plumeria Mutual", "PM", "commercial", "Plumeria EPO", "epo")
NORTHGALE = SamplePayer(
    "northgale", "Northgale Senior Advantage", "NG", "medicare_advantage", "Northgale Senior", "ppo"
)
QUILLWORK = SamplePayer("quillwork", "Quillwork Employers Trust", "QW", "self_funded", "Quillwork Trust", "ppo")
WICKERWOOD = SamplePayer(
    "wickerwood", "Wickerwood Community Plan", "WW", "medicaid_managed", "Wickerwood Community", "hmo", monthly=True
)
PAYERS = (HARBORLIGHT, TAMARACK, PLUMERIA, NORTHGALE, QUILLWORK, WICKERWOOD)

FIRST = (
    "Alma", "Boris", "Carmen", "Dario", "Elsa", "Farid", "Greta", "Hugo", "Ines", "Jonas",
    "Katya", "Leo", "Mina", "Nils", "Olga", "Pavel", "Rosa", "Samir", "Tilda", "Viktor",
)  # fmt: skip
LAST = (
    "Sampleford", "Mockwell", "Fictley", "Demosworth", "Testerson", "Placeham", "Trialby", "Exampleton", "Specimont",
    "Pretendal", "Madeupson", "Imaginero", "Dummond", "Protoski",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """A fictional patient. `number` counts from 1; everything else follows from it."""

    number: int

    @property
    def mrn(self) -> str:
        """The chart number."""
        return f"SMP-{self.number:04}"

    @property
    def last(self) -> str:
        """A last name that nobody bears."""
        return LAST[self.number % len(LAST)]

    @property
    def first(self) -> str:
        """A first name."""
        return FIRST[(self.number * 7 + self.number // 20) % len(FIRST)]

    @property
    def born(self) -> date:
        """A date of birth of an adult."""
        return date(1948 + (self.number * 13) % 55, 1 + self.number % 12, 1 + (self.number * 5) % 28)

    @property
    def phone(self) -> str:
        """A number of the range that is kept for fiction."""
        return f"212-555-{100 + self.number % 100:04}"

    def member(self, payer: SamplePayer) -> str:
        """The person's member id with a payer."""
        return f"{payer.prefix}{810000000 + self.number * 7919}"
