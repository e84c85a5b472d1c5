"""Record whether a provider is in a payer's network."""

from app.coverage.facts import UnknownPayerError
from app.platform.caller import Caller
from app.policies.actions.library import current_book
from app.policies.rules.payers import resolve_payer
from app.policies.store.payers import payers
from app.practice import actions as practice
from app.practice.facts import Network
from app.values.spans import DateSpan


def record_participation(
    caller: Caller, payer: str, plan: str | None, provider_npi: str, network: Network, span: DateSpan
) -> bool:
    """Record the practice's word on one provider in the network of a payer, named by id, name or alias.

    Returns   False when this was the last word already.
    Raises    UnknownPayerError when neither the rules nor the practice's files know the payer.
    """
    match = resolve_payer(current_book(caller.session, caller.practice_id), payer)
    known = match.in_library or match.key in payers(caller.session, caller.practice_id)
    if match.self_pay or not known:
        raise UnknownPayerError(payer)
    return practice.record_participation(caller, match.key, plan, provider_npi, network, span)
