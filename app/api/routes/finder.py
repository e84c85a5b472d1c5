"""The requirement finder: does a payer ask approval for a service, and what for?"""

from zoneinfo import ZoneInfo

from apiflask import APIBlueprint
from flask import Response

from app.api.access import opened_by
from app.api.facts.problems import not_valid
from app.api.facts.tokens import ApiScope
from app.api.forms.finder import Find
from app.api.problems import BASE
from app.api.routes.answering import answer
from app.api.views.finder import Found
from app.policies.actions.basics import RefusedRuleError
from app.policies.actions.finding import find_requirement
from app.policies.forms.finder import read_question
from app.policies.views.requirements import finder_object
from app.practice.access import current_caller
from app.practice.store.practice import practice_of

rules_api = APIBlueprint("rules_api", __name__, url_prefix=BASE, tag="Rules")
_HOW = {
    "code": "Send a CPT or HCPCS code of five characters.",
    "with": "Send CPT or HCPCS codes of five characters.",
    "drug": "Send a name, a key, or an NDC of 11 digits.",
    "dx": "Send ICD-10-CM codes, like L40.0.",
    "provider": "Send the ten digits of an NPI; its last digit checks the others.",
}


@rules_api.post("/rules/find")
@opened_by(ApiScope.READ_RULES)
@rules_api.input(Find)
@rules_api.output(Found)
def find(json_data: Find) -> Response:
    """Say whether a payer asks approval for a service, and what for.

    For no patient. It stands in the body, since a diagnosis does not belong in an address.
    """
    caller = current_caller()
    today = caller.clock.today(ZoneInfo(practice_of(caller.session, caller.practice_id).zone))
    asked = json_data.asked
    question = read_question(asked, "", json_data.on or today)
    if question is None:
        raise not_valid({name: _HOW.get(name, "Write it as the description says.") for name in asked.errors})
    try:
        return answer(finder_object(find_requirement(caller, json_data.payer, question)))
    except RefusedRuleError:
        raise not_valid({"payer": "This names no payer. Send its id or name."}) from None
