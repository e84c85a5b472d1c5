"""Why a message waits or ended, in words: our own one-word reasons, and the codes of providers."""

from app.alerts.facts.delivery import Means, Tried
from app.alerts.rules.provider_codes import means_of

MEANS = {
    Means.BUSY: "The provider is busy; it is tried again.",
    Means.OPTED_OUT: "This number has ended texts. Nothing more is sent to it.",
    Means.WRONG_NUMBER: "Nobody can be reached there. Correct the number or the address.",
    Means.UNREACHABLE: "The phone is off or out of reach, or the mailbox is full.",
    Means.BLOCKED: "The carrier holds the message for unwanted. Call the person, and ask the provider.",
    Means.SENDER: "The provider lets nothing of this account out. Check the account, its number and its registration.",
    Means.CONTENT: "The provider does not take this text.",
    Means.OUTAGE: "The provider did not answer clearly. What may have gone is looked up, never sent twice.",
    Means.OTHER: "The provider gave a code that is not known here. Look it up at the provider.",
}

WHY = {
    "by_person": "A person cancelled it.",
    "cause_gone": "What it told of is no longer so.",
    "stopped": "The number has ended texts.",
    "restored": "This practice was restored from a backup: it may have gone before.",
    "stale": "It was too old to be useful, so it was not sent.",
    "tries": "It was tried as often as is sensible.",
    "unclear": "The provider's answer was unclear; it is looked up there before anything is sent again.",
    "absent": "The provider does not have it; it is sent again.",
    "hours": "It waits for the hours in which this patient may be texted, or for room among the texts of the week.",
    "held": "A reply from this number is to be read first.",
    "never": "It cannot go within the time in which it is useful.",
    "no_consent": "No consent to texts is on record.",
    "visit_changed": "The visit is no longer as the text says.",
    "no_person": "The person is no longer on file.",
    "no_number": "No mobile number is on file.",
    "bad_number": "The number on file is none that takes texts.",
    "no_address": "No e-mail address is on file.",
    "code_over": "The code that it brings was used, revoked or replaced.",
    "no_practice_texts": "The practice's short name and phone for texts are not set.",
    "no_text": "This message goes by e-mail only.",
    "field": "A value that it needs is missing.",
    "too_long": "It would not fit into one text.",
    "gate": "It may not be sent.",
    "taken_back": "It was called back.",
    "cap": "As many went to this person today as one person is sent in a day; it waits.",
    "broke": "It could not be written. The log names the incident.",
}

BRAKES = {
    "too_many": "As many went out as ever may within an hour or a day.",
    "sender": "The provider refuses this account.",
    "in_a_row": "Many failed one after the other.",
    "share": "Too large a share failed.",
}

OUTCOMES = {
    Tried.ACCEPTED: "Taken by the provider.",
    Tried.REFUSED: "Refused.",
    Tried.LATER: "Not taken now.",
    Tried.UNCLEAR: "Unclear.",
    Tried.FOUND: "Looked up: the provider has it.",
    Tried.ABSENT: "Looked up: the provider does not have it.",
    Tried.CALLED_BACK: "The provider reported on it.",
}


def why_words(why: str) -> str:
    """Put our own one-word reason into a sentence."""
    for prefix in ("refused_", "later_", "provider_"):
        if why.startswith(prefix):
            return MEANS[Means(why.removeprefix(prefix))]
    return WHY.get(why, f"Reason: {why.replace('_', ' ')}.")


def code_words(code: str | None) -> str:
    """Say what a provider's code means, with the code."""
    return f"{MEANS[means_of(code)]} (code {code})" if code else ""
