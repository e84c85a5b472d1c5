"""Which payer does a typed name mean?"""

from dataclasses import replace

from app.platform.caller import Caller
from app.platform.db import writing
from app.policies.actions.finding import payer_names
from app.policies.actions.library import current_book
from app.policies.facts.answers import PayerMatch
from app.policies.rules.payers import resolve_payer
from app.policies.store import payers as payer_store


class PayerNotNamedError(Exception):
    """The name means no payer (`self pay`), or has no letter or digit in it."""


class NewPayerError(Exception):
    """Neither the rules nor the practice's files know a payer of this name; a person must say that it is right."""


def name_payer(caller: Caller, name: str, new_is_right: bool = False) -> PayerMatch:
    """Find the payer that a name means; one that nobody knows is added, without rules, where a person said so.

    Raises    PayerNotNamedError, NewPayerError.
    """
    match = resolve_payer(current_book(caller.session, caller.practice_id), name)
    if match.self_pay or match.key in ("", "local:"):
        raise PayerNotNamedError
    if match.in_library:
        return match
    if own := payer_store.payers(caller.session, caller.practice_id).get(match.key):
        return replace(match, name=own)
    if not new_is_right:
        raise NewPayerError
    with writing(caller.session) as session:
        payer_store.add_payer(session, caller.practice_id, match.key, match.name)
    return match


def payer_choices(caller: Caller) -> tuple[str, ...]:
    """The names of the payers that a person may choose from: of the rules, and of the practice's own files."""
    own = payer_store.payers(caller.session, caller.practice_id).values()
    return tuple(sorted({*payer_names(caller), *own}, key=str.casefold))
