"""One approval held against one line: the checks from `approval` to `drug`."""

from app.authorizations.facts import Authorization, Kind, Status
from app.clearance.facts.reasons import Reason, Result
from app.clearance.facts.verdicts import Surroundings
from app.clearance.facts.work import Asked, Assessment
from app.clearance.rules.candidates import GRANTED, UNDECIDED, names_drug, names_line, stated_family
from app.coverage.facts import Coverage
from app.deadlines.rules.ledger import Dating, Enough, Ledger, dating
from app.values.codes import covers_diagnosis

_DECISIONS = {
    Status.DENIED: Reason.APPROVAL_DENIED,
    Status.IN_APPEAL: Reason.APPROVAL_IN_APPEAL,
    Status.DISMISSED: Reason.APPROVAL_DISMISSED,
    Status.SUBMITTED: Reason.APPROVAL_UNDECIDED,
    Status.MORE_INFO: Reason.APPROVAL_MORE_INFO,
    Status.NOTIFIED: Reason.APPROVAL_NOTIFIED,
}


def assess(
    row: Authorization, asked: Asked, ledger: Ledger, around: Surroundings, continuity: tuple[Authorization, ...]
) -> Assessment:
    """Hold one candidate against one line.

    Takes     the candidate; what is asked; what earlier lines took; the patient's confirmed continuity approvals.
    Returns   its findings in the order of the checks; on an undecided request dates and units are left out.
    """
    found = Assessment(row, [_decision(row), _plan(row, asked, continuity)])
    named = _code_and_drug(row, asked)
    code, drug = named
    reasons = found.reasons
    if code is not None:
        reasons.append(code)
    undecided = row.status in UNDECIDED
    if not undecided:
        reasons.append(_dates(row, asked))
    names = all(reason is None or reason.result is not Result.FAIL for reason in named)
    if names:
        _units(found, asked, ledger, undecided)
    for reason in (_diagnosis(row, asked), _provider(row, asked, around), _place(row, asked), _channel(row, asked)):
        if reason is not None:
            reasons.append(reason)
    if drug is not None:
        reasons.append(drug)
    return found.count()


def _decision(row: Authorization) -> Reason:
    if row.status in GRANTED:
        numbered = (row.number or row.reference) and not row.verbal
        return Reason.APPROVAL_APPROVED if numbered else Reason.APPROVAL_NO_NUMBER
    return _DECISIONS[row.status]


def _plan(row: Authorization, asked: Asked, continuity: tuple[Authorization, ...]) -> Reason:
    coverage = asked.coverage
    if coverage is None:
        return Reason.PLAN_NO_COVERAGE
    differs = plan_differs(row, coverage)
    if differs is not None:
        confirmed = any(
            other.payer == coverage.payer
            and (other.member is None or other.member.same_as(coverage.member))
            and names_line(other, asked)
            and _dates(other, asked) is Reason.DATES_INSIDE
            for other in continuity
        )
        return Reason.PLAN_CONTINUITY if confirmed else differs
    if row.member is None and _before_coverage(row, coverage):
        return Reason.PLAN_BEFORE_COVERAGE
    if row.plan and coverage.plan and _folded(row.plan) != _folded(coverage.plan):
        return Reason.PLAN_NAME_DIFFERS
    return Reason.PLAN_SAME


def plan_differs(row: Authorization, coverage: Coverage) -> Reason | None:
    """Say in what an approval is of another plan than a coverage; None: in nothing that both tell."""
    if row.payer != coverage.payer:
        return Reason.PLAN_PAYER_DIFFERS
    if row.member is not None and not row.member.same_as(coverage.member):
        return Reason.PLAN_MEMBER_DIFFERS
    for ours, theirs in ((row.plan_id, coverage.plan_id), (row.group_number, coverage.group_number)):
        if ours and theirs and _folded(ours) != _folded(theirs):
            return Reason.PLAN_ID_DIFFERS
    return None


def _before_coverage(row: Authorization, coverage: Coverage) -> bool:
    """Was it decided before this coverage began? Where no day is on file, the safe side: yes."""
    begins = coverage.span.begins
    if begins is None:
        return False
    decided = row.decided_on or row.begins or row.requested_on
    return decided is None or decided < begins


def _folded(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _code_and_drug(row: Authorization, asked: Asked) -> tuple[Reason | None, Reason | None]:
    """The findings of `code` and of `drug`; where `drug` differs, `code` is left out."""
    if not asked.is_drug:
        return _code(row, asked), None
    if names_line(row, asked) and not _other_product(row, asked):
        drug = _ndc(row.ndc, asked.line.ndc)
        code = None if drug is Reason.DRUG_NDC_DIFFERS else Reason.CODE_NAMED
        return code, drug
    return None, Reason.DRUG_DIFFERS


def _other_product(row: Authorization, asked: Asked) -> bool:
    """Do both name a drug of the services list, and not the same? One unlisted code (J3590) stands for many drugs."""
    approved, planned = row.drug or "", asked.line.drug or ""
    return approved.startswith("drug:") and planned.startswith("drug:") and approved != planned


def _ndc(approved: str | None, planned: str | None) -> Reason:
    """Compare labeler and product: the first nine digits; the package does not matter."""
    if approved is None and planned is None:
        return Reason.DRUG_SAME
    if approved is None or planned is None:
        return Reason.DRUG_NDC_ONE_SIDE
    return Reason.DRUG_SAME if approved[:9] == planned[:9] else Reason.DRUG_NDC_DIFFERS


def _code(row: Authorization, asked: Asked) -> Reason:
    stated = stated_family(asked)
    if names_line(row, asked):
        return Reason.CODE_FAMILY_OPEN if _family_open(row, asked) else Reason.CODE_NAMED
    if any(item.names(code) for code in stated for item in row.items):
        return Reason.CODE_BY_FAMILY
    return Reason.CODE_DIFFERS


def _family_open(row: Authorization, asked: Asked) -> bool:
    """Might the day end with another code of the family that needs approval and is not in this one?"""
    if asked.open_codes is None:
        asked.open_codes = asked.siblings()
    return any(not any(item.names(code) for item in row.items) for code in asked.open_codes)


_DATES = {
    Dating.INSIDE: Reason.DATES_INSIDE,
    Dating.BEFORE: Reason.DATES_BEFORE,
    Dating.AFTER: Reason.DATES_AFTER,
    Dating.MISSING: Reason.DATES_MISSING,
}
_ENOUGH = {
    Enough.ENOUGH: Reason.UNITS_ENOUGH,
    Enough.TOO_FEW: Reason.UNITS_TOO_FEW,
    Enough.NOT_COUNTED: Reason.UNITS_NOT_COUNTED,
    Enough.SINGLE: Reason.UNITS_SINGLE,
    Enough.CROWDED: Reason.UNITS_NO_COUNT,
}


def _dates(row: Authorization, asked: Asked) -> Reason:
    return _DATES[dating(row, asked.visit.day)]


def _units(found: Assessment, asked: Asked, ledger: Ledger, undecided: bool) -> None:
    """Find the item that the line falls under, the one with most left, and say whether that is enough."""
    found.item, found.left = ledger.fullest(found.approval, items_of(found.approval, asked), asked)
    if not undecided:
        found.reasons.append(_ENOUGH[ledger.enough(found, asked)])


def items_of(row: Authorization, asked: Asked) -> list[int]:
    """The places of the items that a line may fall under: named, else ranged, else of its stated family or drug."""
    code = asked.line.code
    exact = [index for index, item in enumerate(row.items) if code is not None and code in item.codes]
    if exact:
        return exact
    ranged = [index for index, item in enumerate(row.items) if code is not None and item.names(code)]
    if ranged:
        return ranged
    family = stated_family(asked)
    return [
        index
        for index, item in enumerate(row.items)
        if any(item.names(other) for other in family) or (asked.is_drug and names_drug(row, asked))
    ]


def _diagnosis(row: Authorization, asked: Asked) -> Reason | None:
    if not row.diagnoses:
        return None
    planned = asked.line.diagnoses
    if not planned:
        return Reason.DIAGNOSIS_NONE
    if any(covers_diagnosis(listed, code) for listed in row.diagnoses for code in planned):
        return Reason.DIAGNOSIS_LISTED
    if any(listed[:3] == code[:3] for listed in row.diagnoses for code in planned):
        return Reason.DIAGNOSIS_CLOSE
    return Reason.DIAGNOSIS_DIFFERS


def _provider(row: Authorization, asked: Asked, around: Surroundings) -> Reason:
    if row.provider_npi is None and row.provider_group is None:
        return Reason.PROVIDER_ANY
    if row.provider_npi is None:
        if asked.group is None:
            return Reason.PROVIDER_GROUP_UNKNOWN
        return Reason.PROVIDER_GROUP if asked.group == row.provider_group else Reason.PROVIDER_OTHER_GROUP
    same = row.provider_npi == asked.npi
    if not same and (row.provider_binds or asked.requirement.binds_person):
        return Reason.PROVIDER_OTHER_PERSON
    approved_group = row.provider_group or (None if same else around.groups.get(row.provider_npi))
    if approved_group is not None and asked.group is not None and approved_group != asked.group:
        return Reason.PROVIDER_OTHER_GROUP  # the same person too: the payer approved who bills
    return Reason.PROVIDER_SAME if same else Reason.PROVIDER_COLLEAGUE


def _place(row: Authorization, asked: Asked) -> Reason | None:
    if row.site_id is None and not row.places:
        return None
    if row.site_id is not None and row.site_id != asked.visit.site_id:
        return Reason.PLACE_SITE_DIFFERS
    if row.places and asked.line.place not in row.places:
        return Reason.PLACE_DIFFERS
    return Reason.PLACE_SAME


def _channel(row: Authorization, asked: Asked) -> Reason | None:
    if row.channel is None:
        return None
    return Reason.CHANNEL_SAME if row.channel is asked.channel else Reason.CHANNEL_DIFFERS


def confirmed_continuity(rows: tuple[Authorization, ...]) -> tuple[Authorization, ...]:
    """The approvals by which a new payer confirmed that care goes on."""
    return tuple(
        row
        for row in rows
        if row.kind is Kind.CONTINUITY
        and row.status in GRANTED
        and (row.number is not None or row.reference is not None)
    )
