"""Which texts are a payer's number, and which only stand where one should be."""

import re


def real_number(text: str | None) -> str | None:
    """Keep an authorization number or reference only when it is one, spaces trimmed.

    `TBD`, `pending`, `verbal`, zeros, one repeated character and words without a digit are none: an approval must not
    clear a visit by a word.
    """
    if text is None:
        return None
    folded = re.sub(r"[^0-9a-z]", "", text.casefold())
    if len(set(folded)) <= 1 or not any(one.isdigit() for one in folded):
        return None
    return " ".join(text.split())
