"""Telephone numbers of the United States and its territories: stored as `+1` and ten digits."""

import phonenumbers

_TAKES_TEXTS = frozenset(
    {
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE,
    }
)
_REGIONS = frozenset({"US", "PR", "VI", "GU", "MP", "AS"})


def read_phone(text: str) -> str | None:
    """Read a telephone number of a person, however it is punctuated.

    Returns   `+1` and ten digits; None for a number that the numbering plan does not know there, and for one that is
              free of charge, premium or personal, which no text can be sent to.
    """
    number = _parsed(text)
    if number is None or phonenumbers.number_type(number) not in _TAKES_TEXTS:
        return None
    if phonenumbers.region_code_for_number(number) not in _REGIONS:
        return None
    return f"+1{number.national_number}"


def read_callable(text: str) -> str | None:
    """Read a number that people can call, such as a practice's; free calls (800) too. Returns it as `read_phone`."""
    number = _parsed(text)
    return None if number is None else f"+1{number.national_number}"


def _parsed(text: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return None
    if number.country_code != 1 or number.extension or not phonenumbers.is_valid_number(number):
        return None
    return number


def phone_words(phone: str) -> str:
    """Write a number: (212) 555-0123."""
    digits = phone.removeprefix("+1")
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
