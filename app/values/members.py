"""Member ids: compared without spaces, dashes, case and a dependent's suffix."""

import re
from dataclasses import dataclass

from app.values.fact import fact

_SUFFIX = re.compile(r"^(.*[0-9A-Za-z])[\s\-/*](\d{1,2})$")


@dataclass(frozen=True, slots=True)
class MemberForms:
    """The forms of one member id that are compared: whole, without a set-off suffix, without two last digits."""

    whole: str
    base: str
    cut: str


def member_forms(text: str) -> MemberForms:
    """Reduce a member id to the forms by which two are compared.

    Takes     an id as printed or typed.
    Returns   `whole`: letters and digits in upper case; `base`: without a suffix of one or two digits set off by a
              space or a dash; `cut`: without the last two digits, where eleven or more characters end in two digits
              (a suffix written without a dash), else equal to `whole`.
    """
    whole = re.sub(r"[^0-9A-Z]", "", text.upper())
    match = _SUFFIX.match(text.strip())
    base = re.sub(r"[^0-9A-Z]", "", match.group(1).upper()) if match else whole
    if len(base) < 6:  # too short to be an id of its own: the dash was part of the number
        base = whole
    cut = whole[:-2] if len(whole) >= 11 and whole[-2:].isdigit() else whole
    return MemberForms(whole, base, cut)


def same_member(one: str, other: str) -> bool:
    """Say whether two member ids, opened, name the same member: equal, or equal but for a dependent's suffix."""
    first, second = member_forms(one), member_forms(other)
    return first.base == second.base or first.whole in (second.base, second.cut) or second.whole == first.cut


@fact
class MemberKey:
    """A member id for comparing, never for showing: the blind indexes of its three forms."""

    whole: bytes
    base: bytes
    cut: bytes

    def same_as(self, other: "MemberKey") -> bool:
        """Say whether both name the same member: equal, or equal but for a dependent's suffix."""
        return self.base == other.base or self.whole in (other.base, other.cut) or other.whole == self.cut
