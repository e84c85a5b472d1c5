"""The three tables that the clinic brings in, as rows of text under the canonical column names."""

from dataclasses import dataclass, field
from datetime import date, time

from app.web.sample.clinic import Clinician, Person, SamplePayer, SampleSite

Row = dict[str, str]


@dataclass
class Tables:
    """The schedule, a later one that moves visits, the coverage table and the authorization log."""

    schedule: list[Row] = field(default_factory=list)
    moved: list[Row] = field(default_factory=list)
    coverage: list[Row] = field(default_factory=list)
    authorizations: list[Row] = field(default_factory=list)

    def visit(
        self, visit_id: str, person: Person, day: date, at: time, site: SampleSite, by: Clinician, **columns: str
    ) -> None:
        """Add one line of a visit."""
        self.schedule.append(
            {
                "visit_id": visit_id,
                "starts_at": f"{day.isoformat()} {at:%H:%M}",
                "site": site.name,
                "provider_npi": by.npi,
                "patient_mrn": person.mrn,
                "patient_last": person.last,
                "patient_first": person.first,
                "birth_date": person.born.isoformat(),
                "phone": person.phone,
                "text_consent": "yes" if person.number % 3 else "no",
                **columns,
            }
        )

    def cover(self, person: Person, payer: SamplePayer, begins: date, checked: date, **columns: str) -> None:
        """Add one coverage; by default active, by its last check."""
        self.coverage.append(
            {
                "patient_mrn": person.mrn,
                "payer": payer.name,
                "member_id": person.member(payer),
                "plan": payer.plan,
                "plan_kind": payer.plan_kind,
                "line": payer.line,
                "state": "NY" if payer.monthly else "",
                "begins": begins.isoformat(),
                "checked_on": checked.isoformat(),
                "result": "active",
                "source": "271",
                "referral_required": payer.referral,
                **columns,
            }
        )

    def authorize(self, person: Person, payer: SamplePayer, columns: Row) -> None:
        """Add one row of the log."""
        self.authorizations.append(
            {
                "patient_mrn": person.mrn,
                "payer": payer.name,
                "member_id": person.member(payer),
                "plan": payer.plan,
                **columns,
            }
        )
