"""Which payer does a typed name mean?"""

from app.platform.caller import Caller
from app.platform.db import writing
from app.policies.actions.library import current_book
from app.policies.facts.answers import PayerMatch
from app.policies.rules.payers import resolve_payer
from app.policies.store import payers as payer_store


class PayerNotNamedError(Exception):
    """The name means no payer (`self pay`), or has no letter or digit in it."""


def match_payer(caller: Caller, name: str) -> tuple[PayerMatch, bool]:
    """Find the payer that a name means, and say whether it is known: to the rules, or to the practice's files.

    Raises    PayerNotNamedError.
    """
    match = resolve_payer(current_book(caller.session, caller.practice_id), name)
    if match.self_pay or match.key in ("", "local:"):
        raise PayerNotNamedError
    known = match.in_library or match.key in payer_store.payers(caller.session, caller.practice_id)
    return match, known


def name_payer(caller: Caller, name: str) -> PayerMatch:
    """Find the payer that a name means; one nobody knows yet is added, without rules. Raises PayerNotNamedError."""
    match, known = match_payer(caller, name)
    if not known:
        with writing(caller.session) as session:
            payer_store.add_payer(session, caller.practice_id, match.key, match.name)
    return match
