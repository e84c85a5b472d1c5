"""What the error codes of providers mean for us: who must act, and whether trying again can help.

Source    Twilio's error dictionary (https://www.twilio.com/docs/api/errors); RFC 5321, 4.2 for e-mail (`smtp-550`).
"""

from app.alerts.facts.delivery import Means

_MEANS = {
    Means.BUSY: ("20429", "14107", "21611", "63038", "smtp-421", "smtp-450", "smtp-451", "smtp-452", "30022"),
    Means.OPTED_OUT: ("21610",),
    Means.WRONG_NUMBER: (
        *("21211", "21214", "21217", "21601", "21614", "30005", "30006"),
        *("smtp-550", "smtp-551", "smtp-553"),
    ),
    Means.UNREACHABLE: ("30003", "30008", "30009", "30010", "smtp-552"),
    Means.BLOCKED: ("30004", "30007", "smtp-554"),
    Means.SENDER: (
        *("20003", "20005", "20006", "21603", "21606", "21609", "21659", "21660", "21703", "21704", "21705", "21712"),
        *("30001", "30002", "30032", "30034", "30035", "smtp-login", "smtp-tls"),
    ),
    Means.CONTENT: ("21602", "21605", "21617", "30019", "content"),
    Means.OUTAGE: ("20500", "no-answer", "no-connection", "not-json", "unreadable"),
}
_BY_CODE = {code: means for means, codes in _MEANS.items() for code in codes}


def means_of(code: str | None) -> Means:
    """Say what a provider's code means; a code that is not known means OTHER."""
    return _BY_CODE.get(code or "", Means.OTHER)


KNOWN_CODES = frozenset(_BY_CODE)
"""Every code that has a meaning here."""
