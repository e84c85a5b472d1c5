"""Short names of alerts in links: made of a blind index, so that they tell nothing and cannot be counted through."""

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10


def link_code(blind: bytes) -> str:
    """Name an alert in a link, such as `7KQ2MX09TB`.

    Takes     a blind index (16 bytes) of the alert's id.
    Returns   ten capital letters and digits (50 bits), none that is taken for another.
    """
    number = int.from_bytes(blind, "big")
    return "".join(_LETTERS[number >> 5 * place & 31] for place in range(LENGTH))
