"""One paper in words: its form, its page, and the sheet that is printed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from app.booking.actions.papers import OpenedPaper
from app.booking.facts.gate import Gate, GateLine, NoticeNeed
from app.booking.facts.papers import Language, Paper, PaperKind, PaperState
from app.booking.rules.moves import may_move, state_before
from app.booking.views.gate import KIND_WORDS, state_words
from app.booking.views.texts import CONSENT, NOTICE, ConsentText, NoticeText, amount_words
from app.clearance.views.panel import panel_of
from app.values.wording import long_day, short_day

LANGUAGES = ((Language.ENGLISH.value, "English"), (Language.SPANISH.value, "Spanish (español)"))
USUAL_DAYS = timedelta(days=30)
_DECLINED = {PaperKind.CONSENT: "Declined", PaperKind.NOTICE: "Refused"}


@dataclass(frozen=True, slots=True)
class AskedLine:
    """One service of the form: our label helps to find words; `words` and `amount` as they stand in the fields."""

    service: str
    words: str
    amount: str


@dataclass(frozen=True, slots=True)
class PaperFormPage:
    """The form of a paper."""

    title: str
    visit_id: UUID
    patient: str
    when: str
    kind: str
    lines: tuple[AskedLine, ...]
    language: str
    valid_until: str
    version: int
    others: tuple[tuple[str, str, str], ...]


def form_page(
    gate: Gate, kind: PaperKind, services: Sequence[str], typed: Mapping[str, str], old: Paper | None, stale: bool
) -> PaperFormPage:
    """Put the form of a paper into words.

    Takes     the gate; the services that it asks prices for; what was typed; the paper on file, where there is one;
              whether somebody was quicker, so that both are shown.
    """
    panel = panel_of(gate.opened)
    first = _values_of(old) if old is not None else {}
    codes = {one.service: gate.opened.services.get(one.verdict.line.code or "") or "" for one in gate.lines}
    lines = tuple(
        AskedLine(
            service,
            typed.get(f"words-{place}", first.get(f"words-{place}", codes.get(service, ""))),
            typed.get(f"amount-{place}", first.get(f"amount-{place}", "")),
        )
        for place, service in enumerate(services)
    )
    visit = gate.opened.answer.lines[0].visit
    until = short_day(max(visit.day, gate.today + USUAL_DAYS))
    both = [(label, first.get(name, ""), typed.get(name, "")) for name, label in _labels(services)] if stale else []
    return PaperFormPage(
        title=KIND_WORDS[kind],
        visit_id=visit.id,
        patient=panel.patient,
        when=panel.when,
        kind=kind.value,
        lines=lines,
        language=typed.get("language", first.get("language", "")),
        valid_until=typed.get("valid_until", first.get("valid_until", until)),
        version=old.version if old is not None else 0,
        others=tuple(one for one in both if one[1] != one[2]),
    )


def _labels(services: Sequence[str]) -> list[tuple[str, str]]:
    found = [("language", "Language"), ("valid_until", "Prices hold until")]
    for place, service in enumerate(services):
        found += [(f"words-{place}", f"Words for {service}"), (f"amount-{place}", f"Price of {service}")]
    return found


def _values_of(paper: Paper) -> dict[str, str]:
    found = {"language": paper.language.value if paper.priced else "", "valid_until": short_day(paper.valid_until)}
    for place, line in enumerate(paper.lines):
        amount = "" if line.cents is None else amount_words(line.cents).lstrip("$")
        found |= {f"words-{place}": line.words, f"amount-{place}": amount}
    return found


@dataclass(frozen=True, slots=True)
class PaperPage:
    """The page of one paper: what it says, how far it has come, and what may be done with it."""

    id: UUID
    visit_id: UUID
    patient_id: UUID
    title: str
    kind: str
    patient: str
    mrn: str
    when: str
    lines: tuple[tuple[str, str, str], ...]
    total: str
    pairs: tuple[tuple[str, str], ...]
    state: str
    language: str
    version: int
    edits: bool
    gives: bool
    signs: bool
    declines: bool
    withdraws: bool
    decline_words: str
    priced: bool
    takes_back: bool
    attaches: bool
    late: str | None
    today: str


def paper_page(opened: OpenedPaper, scanned: bool = False) -> PaperPage:
    """Put one paper into words. `scanned`: the signed paper is attached."""
    paper, visit = opened.paper, opened.visit
    late = None
    if paper.standing and paper.valid_until < visit.day:
        late = (
            f"The prices hold until {short_day(paper.valid_until)}, and the visit is now on {short_day(visit.day)}. "
            "Withdraw this one and prepare another."
        )
    return PaperPage(
        id=paper.id,
        visit_id=visit.id,
        patient_id=opened.patient.id,
        title=KIND_WORDS[paper.kind],
        kind=paper.kind.value,
        patient=f"{opened.patient.last_name}, {opened.patient.first_name}",
        mrn=opened.patient.mrn,
        when=long_day(visit.day),
        lines=tuple((one.service, one.words, amount_words(one.cents)) for one in paper.lines),
        total=amount_words(paper.total),
        pairs=tuple(_pairs(paper, scanned)),
        state=paper.state.value,
        language=paper.language.value,
        version=paper.version,
        edits=paper.state is PaperState.OPEN,
        gives=paper.priced and may_move(paper.state, PaperState.GIVEN),
        signs=paper.priced and may_move(paper.state, PaperState.SIGNED),
        declines=may_move(paper.state, PaperState.DECLINED),
        withdraws=may_move(paper.state, PaperState.WITHDRAWN),
        decline_words=_DECLINED[paper.kind],
        priced=paper.priced,
        takes_back=state_before(paper) is not None,
        attaches=paper.standing and paper.priced,
        late=late,
        today=short_day(opened.today),
    )


def _pairs(paper: Paper, scanned: bool) -> list[tuple[str, str]]:
    """How far a paper has come, with its days."""
    pairs = [("State", state_words(paper)), ("Prices hold until", long_day(paper.valid_until))]
    pairs.append(("Prepared on", long_day(paper.made_on)))
    if paper.given_on is not None:
        pairs.append(("Given on", long_day(paper.given_on)))
    if paper.signed_on is not None:
        where = "document on file" if scanned or paper.document_id is not None else "on paper"
        pairs.append(("Signed", f"{long_day(paper.signed_on)} by {paper.signed_by}, {where}"))
    return pairs


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed: the words of a language, and the facts of the paper in it. `file_name` names nobody.

    `whys`: why the patient pays, each with the line that names its services where there are several reasons.
    """

    language: str
    file_name: str
    consent: ConsentText | None
    notice: NoticeText | None
    practice: str
    site: str
    patient: str
    visit_day: str
    made_on: str
    valid_until: str
    lines: tuple[tuple[str, str, str], ...]
    total: str
    cosmetic: bool
    rules: tuple[str, ...]
    whys: tuple[tuple[str | None, tuple[str, ...]], ...] = ()


def sheet_of(opened: OpenedPaper, language: Language, gate: Gate) -> Sheet:
    """Put a paper into the words of one language. Days are written month/day/year in both, as in the United States.

    Takes     the visit at the gate: whether its services are cosmetic says why insurance or Medicare may not pay.
    """
    paper = opened.paper
    is_consent = paper.kind is PaperKind.CONSENT
    mine = [one for one in gate.lines if one.service in paper.services]
    return Sheet(
        language=language.value,
        file_name=f"{paper.kind.value}-{language.value}.pdf",
        consent=CONSENT[language] if is_consent else None,
        notice=None if is_consent else NOTICE[language],
        practice=opened.practice,
        site=opened.site,
        patient=f"{opened.patient.first_name} {opened.patient.last_name}",
        visit_day=_day(opened.visit.day),
        made_on=_day(paper.made_on),
        valid_until=_day(paper.valid_until),
        lines=tuple((one.service, one.words, amount_words(one.cents)) for one in paper.lines),
        total=amount_words(paper.total),
        cosmetic=any(one.notice is not None and one.notice.need is NoticeNeed.VOLUNTARY for one in mine),
        rules=gate.abn_rules,
        whys=tuple(_whys(CONSENT[language], opened.paper, mine)) if is_consent else (),
    )


def _whys(text: ConsentText, paper: Paper, mine: Sequence[GateLine]) -> Iterator[tuple[str | None, tuple[str, ...]]]:
    """Why the patient pays, by its services. One that is not planned any more counts as cosmetic: papers began so."""
    chosen = {one.service for one in mine if not one.cosmetic}
    groups = (
        ([one for one in paper.lines if one.service not in chosen], text.why_cosmetic),
        ([one for one in paper.lines if one.service in chosen], text.why_chosen),
    )
    several = all(lines for lines, _sentences in groups)
    for lines, sentences in groups:
        if lines:
            named = ", ".join(one.words for one in lines)
            yield text.why_of.format(services=named) if several else None, sentences


def _day(day: date) -> str:
    return short_day(day)
