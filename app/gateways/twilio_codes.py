"""What Twilio's answers to a send mean: refused for good, later, or unclear.

Source    Twilio's error dictionary (https://www.twilio.com/docs/api/errors) and its advice on retries: a 429 was never
          taken; after a 5xx the message may have been taken all the same.
"""

from app.gateways.facts import Outcome

BUSY = frozenset({"20429", "14107", "21611", "63038"})
"""Too many requests, or the sender's queue is full: it was not taken, and will be later."""

SENDER = frozenset(
    {
        "20003",  # wrong account or token
        "20005",  # the account is not active
        "20006",  # access refused
        "21603",  # no number to send from
        "21609",  # the address for reports is none that can be called
        "21606",  # the number to send from is not ours
        "21659",  # the same, by its country
        "21660",  # the number belongs to another account
        "21703",  # the messaging service has no number
        "21704",  # the same
        "21705",  # there is no such messaging service
        "21712",  # the number is not of this messaging service
        "30001",  # the queue is full
        "30002",  # the account was suspended
        "30032",  # the toll-free number is not verified
        "30034",  # the number is not registered (A2P 10DLC)
        "30035",  # its registration is under way
    }
)
"""The account or the number to send from: nothing gets out until a person acts. The text may go later."""

_CODES_BEGIN_AT = 1000


def outcome_of(status: int, code: str | None) -> Outcome:
    """Say what a failed answer means for the message.

    Takes     the HTTP status; Twilio's error code as text, None where the answer could not be read.
    Returns   LATER where it was clearly not taken and may be yet, REFUSED where it never will be, else UNCLEAR.
    """
    known = code is not None and code.isdigit() and int(code) >= _CODES_BEGIN_AT
    if status == 429 or code in BUSY or status in (401, 403) or code in SENDER:
        return Outcome.LATER
    if status >= 500 or status == 408 or code == "20500" or not known:
        return Outcome.UNCLEAR
    return Outcome.REFUSED if 400 <= status < 500 else Outcome.UNCLEAR
