"""E-mails about a person's own sign-in: which kind each happening has, and where its link leads."""

from collections.abc import Iterable, Mapping

from app.alerts.facts.outbox import Message
from app.practice.facts.accounts import Happening
from app.practice.facts.staff import Staff

CODE, OTHER_ADDRESS = "one_time_code", "other_address"
"""Fields that no template gets: the id of the code that an e-mail brings; an address other than the one on file."""

TEMPLATE_OF: Mapping[Happening, str] = {
    Happening.INVITED: "staff.invitation",
    Happening.RESET_ASKED: "staff.reset",
    Happening.RESET_OFFERED: "staff.reset_offered",
    Happening.PASSWORD_CHANGED: "staff.password_changed",
    Happening.FACTOR_ADDED: "staff.factor_added",
    Happening.FACTOR_REMOVED: "staff.factor_removed",
    Happening.RECOVERY_CODES_MADE: "staff.recovery_codes",
    Happening.ROLES_CHANGED: "staff.roles_changed",
    Happening.ADDRESS_CHANGED: "staff.sign_in_changed",
    Happening.RIGHTS_RAISED: "staff.rights_raised",
    Happening.SECOND_FACTOR_OFF: "staff.second_factor_off",
}
ACCOUNT_MAILS = frozenset(TEMPLATE_OF.values())
WITH_CODE = frozenset({Happening.INVITED, Happening.RESET_ASKED, Happening.RESET_OFFERED})
_WITH_CODE = frozenset(TEMPLATE_OF[what] for what in WITH_CODE)


def path_of(template: str) -> str:
    """The path that the link of an e-mail leads to: where a code is used, or where one signs in."""
    if template in _WITH_CODE:
        return "/choose-password"
    return "/admin/users" if template in ("staff.rights_raised", "staff.second_factor_off") else "/sign-in/own"


def mail_address(message: Message, people: Iterable[Staff]) -> str | None:
    """The address that an e-mail to staff goes to; None: the person is not on file, or may not sign in.

    An invitation goes to who may not sign in yet; news of a changed address to the one before as well.
    """
    person = next((one for one in people if one.id == message.recipient_id), None)
    if person is None or not (person.active or message.template == TEMPLATE_OF[Happening.INVITED]):
        return None
    return message.fields.get(OTHER_ADDRESS, person.email)
