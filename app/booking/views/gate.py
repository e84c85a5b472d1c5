"""The gate at booking in words: for each planned service its class, why, where that was read, and what to do."""

from collections.abc import Iterator, Sequence

from app.booking.facts.gate import INSURED, PAID, Gate, GateLine, NoticeNeed, Source, Step
from app.booking.facts.papers import Paper, PaperKind, PaperState
from app.booking.views.shapes import (
    AskWords,
    GatePage,
    LineWords,
    NoticeWords,
    PaperWords,
    PartWords,
    SourceWords,
)
from app.booking.views.texts import amount_words
from app.clearance.facts.reasons import Badge, Check, Reason
from app.clearance.rules.badges import badge_of_visit
from app.clearance.views.panel import panel_of
from app.clearance.views.sentences import BADGE_WORDS
from app.documents.facts import Document
from app.policies.rules.classify import APPEARANCE
from app.policies.rules.wording import say_key
from app.values.wording import counted, listed, short_day

CLASS_WORDS = {
    Step.NOTHING: "Medical",
    Step.FACT: "Conditional: one fact is missing",
    Step.CONSENT: "Cosmetic",
    Step.PAYS: "The patient pays",
    Step.OUTSIDE: "Billed by somebody else",
    Step.UNSORTED: "Not classed",
}
STATE_WORDS = {
    PaperState.OPEN: "Prepared, not given yet",
    PaperState.GIVEN: "Given to the patient",
    PaperState.SIGNED: "Signed",
    PaperState.DECLINED: "Declined",
    PaperState.WITHDRAWN: "Withdrawn",
}
KIND_WORDS = {PaperKind.CONSENT: "Estimate and consent", PaperKind.NOTICE: "Medicare notice"}
_DO = {
    Step.NOTHING: "Nothing to do here: insurance is asked as usual.",
    Step.FACT: "Record the one fact below if it is documented. Nothing else is asked.",
    Step.CONSENT: "Insurance is not asked for it. Prepare the estimate, and record the signed consent.",
    Step.PAYS: "Insurance is not asked for it.",
    Step.OUTSIDE: "It is not judged here.",
    Step.UNSORTED: "No service of the grid names it, so nothing is asked here. The verdict on the visit stands.",
}


def gate_page(gate: Gate) -> GatePage:
    """Put a visit at the gate into words."""
    panel = panel_of(gate.opened)
    parts = tuple(_parts(gate))
    mixed = None
    if gate.mixed:
        mixed = (
            "This visit is mixed. Insurance is asked for one part only; the patient pays the other by an estimate "
            "and a consent of its own. The badge above is of the whole visit."
        )
    return GatePage(
        visit_id=panel.visit_id,
        patient_id=gate.opened.patient.id,
        patient=panel.patient,
        mrn=panel.mrn,
        when=panel.when,
        place=panel.place,
        badge=panel.badge,
        sentence=panel.sentence,
        mixed=mixed,
        parts=parts,
        papers=tuple(paper_words(one) for one in gate.papers),
        documents=document_choices(gate.documents),
        consent=bool(open_services(gate, PaperKind.CONSENT)),
        notice=bool(open_services(gate, PaperKind.NOTICE)),
    )


def open_services(gate: Gate, kind: PaperKind) -> tuple[str, ...]:
    """The services for which a paper of a kind may be prepared: those that need one and have none that stands.

    Needed notices come before voluntary ones, each on a paper of its own: they say different things.
    """
    if kind is PaperKind.CONSENT:
        wanted = [one for one in gate.lines if one.step in PAID and not (one.paper and one.paper.standing)]
    else:
        bare = [one for one in gate.lines if one.notice is not None and not (one.abn and one.abn.standing)]
        needs = {one.notice.need for one in bare if one.notice is not None}
        need = NoticeNeed.REQUIRED if NoticeNeed.REQUIRED in needs else NoticeNeed.VOLUNTARY
        wanted = [one for one in bare if one.notice is not None and one.notice.need is need]
    return tuple(dict.fromkeys(one.service for one in wanted))


def services_to_price(gate: Gate, kind: PaperKind, old: Paper | None) -> tuple[str, ...]:
    """The services that a form asks prices for: of a paper being written those that still need it, and new ones."""
    fresh = open_services(gate, kind)
    if old is None:
        return fresh
    needed = {one.service for one in gate.lines if (one.step in PAID if kind is PaperKind.CONSENT else one.notice)}
    if kind is PaperKind.NOTICE:
        return tuple(line.service for line in old.lines if line.service in needed)
    return tuple(dict.fromkeys((*(line.service for line in old.lines if line.service in needed), *fresh)))


def document_choices(documents: Sequence[Document]) -> tuple[tuple[str, str], ...]:
    """The documents to choose from, with the day that each bears."""
    return tuple((str(one.id), f"{one.name}, {short_day(one.dated)}" if one.dated else one.name) for one in documents)


def state_words(paper: Paper) -> str:
    """How far a paper has come."""
    return "Prices are to be entered" if paper.standing and not paper.priced else STATE_WORDS[paper.state]


def paper_words(paper: Paper) -> PaperWords:
    """One paper in a line."""
    what = f"{listed([line.service for line in paper.lines])}, {amount_words(paper.total)}"
    day = paper.signed_on if paper.state is PaperState.SIGNED else paper.given_on
    when = f" on {short_day(day)}" if day is not None and paper.state in (PaperState.SIGNED, PaperState.GIVEN) else ""
    words = f"{what}. {state_words(paper)}{when}."
    return PaperWords(paper.id, KIND_WORDS[paper.kind], paper.state.value, words, paper.version)


def _parts(gate: Gate) -> Iterator[PartWords]:
    insured = [one for one in gate.lines if one.step in INSURED]
    paid = [one for one in gate.lines if one.step in PAID]
    outside = [one for one in gate.lines if one.step is Step.OUTSIDE]
    if insured:
        badge = badge_of_visit([one.verdict.badge for one in insured])
        sentence = f"By itself this part is: {BADGE_WORDS[badge]}."
        missing = sum(one.step is Step.FACT for one in insured)
        if missing:
            sentence += f" {counted(missing, 'service')} {'waits' if missing == 1 else 'wait'} for one fact."
        yield PartWords("Asked of insurance", sentence, badge.value, tuple(_line(gate, one) for one in insured))
    if paid:
        badge = badge_of_visit([one.verdict.badge for one in paid])
        yield PartWords(
            "Paid by the patient", _paid_sentence(paid), badge.value, tuple(_line(gate, one) for one in paid)
        )
    if outside:
        lines = tuple(_line(gate, one) for one in outside)
        yield PartWords("Billed by somebody else", "Listed here and not judged.", None, lines)


def _paid_sentence(lines: Sequence[GateLine]) -> str:
    waiting, unsigned = sum(one.step is Step.CONSENT for one in lines), sum(one.unsigned for one in lines)
    if not waiting:
        missing = f" {counted(unsigned, 'consent')} to pay not signed yet." if unsigned else ""
        return f"Nothing of it is asked of insurance.{missing}"
    return (
        f"{counted(waiting, 'cosmetic service')} without a signed consent. Until then this part stays "
        f"{BADGE_WORDS[Badge.BLOCKED].lower()}."
    )


def _line(gate: Gate, line: GateLine) -> LineWords:
    verdict = line.verdict
    label = gate.opened.services.get(verdict.line.code or "")
    do = _DO[line.step]
    if line.unsigned:
        do += f" The consent to pay is not signed yet: {_why_signed(line)}. {_next_of(line)}"
    if line.step is Step.CONSENT and line.paper is not None and line.paper.standing:
        do = "Insurance is not asked for it. Go on with the estimate below until the consent is signed."
    again = line.step is Step.CONSENT and line.paper is not None and line.paper.state is PaperState.SIGNED
    if again:
        do = "The consent is signed, and the schedule has asked insurance again since. Let the patient pay again."
    return LineWords(
        title=line.service,
        label=label,
        klass=CLASS_WORDS[line.step],
        step=line.step.value,
        badge=verdict.badge.value if verdict.badge is not None else None,
        why=_why(line),
        do=do,
        sources=tuple(_source(one) for one in line.sources),
        ask=_ask(gate, line),
        paper=paper_words(line.paper) if line.paper is not None else None,
        abn=paper_words(line.abn) if line.abn is not None else None,
        notice=notice_words(line),
        again=paper_words(line.paper) if again and line.paper is not None else None,
    )


def _why_signed(line: GateLine) -> str:
    return "the service is cosmetic" if line.cosmetic else "insurance might cover the service"


def _next_of(line: GateLine) -> str:
    if line.paper is not None and line.paper.standing:
        return "Go on with the estimate below until the consent is signed."
    return "Prepare the estimate, and record the signed consent."


def _why(line: GateLine) -> str:
    labels = listed(list(dict.fromkeys(one.label for one in line.sources)), "or")
    diagnoses = listed(list(line.verdict.line.diagnoses))
    what = f"{line.service} with {diagnoses}" if diagnoses else line.service
    if line.verdict.line.klass is not None and line.step in (Step.CONSENT, Step.NOTHING):
        return f"{what} is {line.verdict.line.klass} by what the practice says of this visit type."
    if line.step is Step.CONSENT:
        return f"{what} is cosmetic by the service grid ({labels}): it is done for appearance."
    if line.step is Step.FACT:
        bare = Reason.CLASS_NO_DIAGNOSIS in line.verdict.reasons
        none = "no diagnosis is planned" if bare else "what is on file does not say why it is needed"
        return f"{line.service} ({labels}) is paid by insurance only with a medical reason: {none}."
    if line.step is Step.NOTHING:
        reason = next((one.name for one in line.verdict.reasons if one.check is Check.CLASS), "")
        how = {"CLASS_DOCUMENTED": "a medical reason is documented", "CLASS_SETTLED": "the payer has approved it"}
        return f"{what} is medical: {how.get(reason, f'the service grid says so ({labels})')}."
    if line.step is Step.PAYS:
        return f"The patient pays for {line.service} by the practice's word."
    if line.step is Step.OUTSIDE:
        return f"Somebody else bills {line.service}."
    return f"The service grid does not name {line.service}."


def _source(source: Source) -> SourceWords:
    rests = "; ".join(source.sources) or "no source is named"
    because = f" Cosmetic if: {say_key(source.cosmetic_if)}." if source.cosmetic_if else ""
    text = (
        f"Service grid, {source.label}: {source.klass}.{because} Rests on: {rests}. Read {short_day(source.read_on)}."
    )
    return SourceWords(text, "From memory, to verify." if source.memory else None)


def _ask(gate: Gate, line: GateLine) -> AskWords | None:
    if line.missing is None or line.verdict.line.code is None:
        return None
    missing = line.missing
    findings = [(key, _finding(gate, key)) for key in missing.findings]
    rules = []
    if missing.one_of:
        rules.append("one of these is enough")
    rules += [f"{listed([say_key(one) for one in group])} are needed together" for group in missing.together]
    rule = "; ".join(rules) or "no finding in the note makes it medical"
    return AskWords(
        line.verdict.line.code,
        tuple((one, one) for one in missing.diagnoses),
        (*findings, (APPEARANCE, "Nothing medical: the patient wants it for the look")),
        rule[:1].upper() + rule[1:] + ".",
    )


def _finding(gate: Gate, key: str) -> str:
    hint = gate.hints.get(key)
    return say_key(key).capitalize() + (f" (also record: {hint})" if hint else "")


_NOTICE_TITLES = {
    NoticeNeed.NONE: "No Medicare notice is needed",
    NoticeNeed.VOLUNTARY: "Medicare notice (ABN): voluntary",
    NoticeNeed.REQUIRED: "Medicare notice (ABN): needed before the service",
    NoticeNeed.OTHER_WAY: "No Medicare notice (ABN) for this plan",
}


def notice_words(line: GateLine) -> NoticeWords | None:
    """What is said of Medicare's notice for a service; None where nothing is to be said."""
    notice = line.notice
    if notice is None:
        return None
    now = " ".join(notice.modifiers)
    signed = line.abn is not None and line.abn.state is PaperState.SIGNED
    return NoticeWords(
        title=_NOTICE_TITLES[notice.need],
        why=notice.why,
        now=("with the signed notice" if signed else "as long as no notice is signed") if now else None,
        signed=" ".join(notice.if_signed) if notice.if_signed and not signed else None,
        copy=f"{line.service}-{now.replace(' ', '-')}" if now else "",
        cites=notice.cites,
        prepares=notice.need in (NoticeNeed.VOLUNTARY, NoticeNeed.REQUIRED),
    )
