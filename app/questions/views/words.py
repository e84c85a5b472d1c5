"""Questions in words."""

from app.authorizations.facts import Authorization, Counting
from app.clearance.facts.questions import OpenQuestion, QuestionKind
from app.questions.facts.pages import Asked
from app.values.wording import counted, listed, short_day

KIND_WORDS = {
    QuestionKind.NEED: "Approval needed?",
    QuestionKind.UNMET: "Needed in some cases",
    QuestionKind.CLASS: "Medical or cosmetic?",
    QuestionKind.COVERAGE: "Coverage",
    QuestionKind.PARTICIPATION: "Network",
    QuestionKind.GROUP: "Provider's group",
    QuestionKind.TYPE: "Visit types",
    QuestionKind.APPROVAL: "Approvals",
    QuestionKind.REFERRAL: "Referrals",
    QuestionKind.ROW: "Refused rows",
}
_NUMBER, _BEGIN, _END, _COUNT = "number", "first day", "last day", "count"


def question_sentence(asked: Asked) -> str:
    """Ask one question in one sentence."""
    return _SENTENCES[asked.question.key.kind](asked)


def how_many(question: OpenQuestion, thing: str, things: str | None = None) -> str:
    """Say how many visits wait for a question: `41 visits`; of so many that not all were counted, `1,000 or more`."""
    if not question.more:
        return counted(question.visits, thing, things)
    return f"{question.visits:,} or more {things or thing + 's'}"


def patient_words(asked: Asked) -> str:
    """The patient of a question: last, first."""
    if asked.patient is None:
        return "a patient who is no longer on file"
    return f"{asked.patient.last_name}, {asked.patient.first_name}"


def service_words(asked: Asked) -> str:
    """The service of a question: its code with our label, or the drug."""
    return f"{asked.what} ({asked.label})" if asked.label else f"{asked.what}"


def lacks(approval: Authorization) -> tuple[str, ...]:
    """Name what an approval lacks, of number, days and count."""
    missing = {
        _NUMBER: not (approval.number or approval.reference),
        _BEGIN: approval.begins is None,
        _END: approval.ends is None and not approval.no_end,
        _COUNT: any(item.counting is Counting.UNKNOWN for item in approval.items) or not approval.items,
    }
    return tuple(word for word, holds in missing.items() if holds)


def approval_words(approval: Authorization) -> str:
    """What an approval is called: by number or reference, else by its codes and day."""
    name = approval.number or approval.reference
    if name:
        return name
    codes = listed(["/".join(item.codes) for item in approval.items]) or approval.drug or "a service"
    decided = f" of {short_day(approval.decided_on)}" if approval.decided_on else ""
    return f"the approval{decided} for {codes}"


def _need(asked: Asked) -> str:
    return f"Does {asked.payer} need approval for {service_words(asked)}?"


def _unmet(asked: Asked) -> str:
    return f"Does {asked.payer} need approval for {service_words(asked)} of {patient_words(asked)}?"


def _class(asked: Asked) -> str:
    return f"Is {service_words(asked)} of {patient_words(asked)} medical or cosmetic?"


def _coverage(asked: Asked) -> str:
    return f"Is the coverage of {patient_words(asked)} active?"


def _participation(asked: Asked) -> str:
    return f"Is {asked.provider} in the network of {asked.payer}{f', plan {asked.plan}' if asked.plan else ''}?"


def _group(asked: Asked) -> str:
    return f"Under which group NPI does {asked.provider} bill?"


def _type(asked: Asked) -> str:
    if asked.what is None:
        return "Which services are planned? The schedule names neither a code nor a visit type."
    return f"What does the visit type {asked.what} stand for?"


def _approval(asked: Asked) -> str:
    approval = asked.approval
    if approval is None:
        return "What does an approval lack that is no longer on file?"
    missing = lacks(approval)
    what = listed(list(missing)) if missing else "member ID"
    verb = "are" if len(missing) > 1 else "is"
    return f"What {verb} the {what} of {approval_words(approval)} ({patient_words(asked)})?"


def _referral(asked: Asked) -> str:
    return f"Which referral does {patient_words(asked)} have?"


def _row(_asked: Asked) -> str:
    return "What do the refused rows of the schedule say? Mend them and import them again."


_SENTENCES = {
    QuestionKind.NEED: _need,
    QuestionKind.UNMET: _unmet,
    QuestionKind.CLASS: _class,
    QuestionKind.COVERAGE: _coverage,
    QuestionKind.PARTICIPATION: _participation,
    QuestionKind.GROUP: _group,
    QuestionKind.TYPE: _type,
    QuestionKind.APPROVAL: _approval,
    QuestionKind.REFERRAL: _referral,
    QuestionKind.ROW: _row,
}
