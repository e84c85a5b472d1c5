"""Words for the checks that ask what else an approval binds: diagnosis, provider, place, benefit and drug."""

from app.clearance.facts.reasons import Check, Reason
from app.clearance.rules.deliveries import due_before, plan_words
from app.clearance.views.approval_words import Teller, named, tell_approval
from app.clearance.views.context import Told, Words, called
from app.values.wording import listed, long_day


def _ndc(told: Told) -> str:
    planned, approved = told.verdict.line.ndc or "none", told.approval.ndc or "none"
    return f"The line has NDC {planned}, {called(told.approval)} has {approved}."


def _person(told: Told) -> str:
    line = told.verdict.line
    return line.billing_npi or line.provider_npi


def _approved_person(told: Told) -> str:
    row = told.approval
    return f"{called(row)} names provider {row.provider_npi or 'any'} of group {row.provider_group or 'not stated'}."


def _not_received(told: Told) -> Words:
    noted = told.detail(Check.DRUG)
    who = plan_words(noted[0]) if noted else "the pharmacy or the patient"
    return Words(
        f"The drug on hand by {long_day(due_before(told.day))}, two business days before the visit.",
        f"{who[0].upper()}{who[1:]} brings {told.what}, and no delivery for this visit is on file.",
        "Steps of the drug on its case.",
        f"Ask {who} when the drug comes and record it when it is received, or move the visit.",
        "Drug for this visit is not received yet",
    )


TELLERS: dict[Reason, Teller] = {
    Reason.DIAGNOSIS_LISTED: tell_approval(
        lambda told: f"A diagnosis of {listed(list(told.approval.diagnoses), 'or')}.",
        lambda told: listed(list(told.verdict.line.diagnoses)) + ".",
        None,
        "Diagnosis fits",
    ),
    Reason.DIAGNOSIS_DIFFERS: tell_approval(
        lambda told: f"A diagnosis of {listed(list(told.approval.diagnoses), 'or')}.",
        lambda told: listed(list(told.verdict.line.diagnoses)) + ".",
        "Correct the diagnosis, or ask the payer to add it.",
        "Approval lists another diagnosis",
    ),
    Reason.DIAGNOSIS_CLOSE: tell_approval(
        lambda told: f"A diagnosis of {listed(list(told.approval.diagnoses), 'or')}.",
        lambda told: listed(list(told.verdict.line.diagnoses)) + ": only the first three characters agree.",
        "Use the approved diagnosis if the chart holds it, or ask the payer to add this one.",
        "Diagnosis agrees only in part",
    ),
    Reason.DIAGNOSIS_NONE: tell_approval(
        lambda told: f"A diagnosis of {listed(list(told.approval.diagnoses), 'or')}.",
        "The line has no diagnosis.",
        "Add the diagnosis to the schedule.",
        "Line has no diagnosis to compare",
    ),
    Reason.PROVIDER_SAME: tell_approval(
        lambda told: f"Provider {_person(told)}.", "The approval names this provider.", None, "Provider fits"
    ),
    Reason.PROVIDER_ANY: tell_approval(
        lambda told: f"Provider {_person(told)}.", "The approval binds no provider.", None, "Any provider"
    ),
    Reason.PROVIDER_GROUP: tell_approval(
        lambda told: f"Provider {_person(told)}.", "The approval names this group.", None, "Provider's group fits"
    ),
    Reason.PROVIDER_OTHER_GROUP: tell_approval(
        lambda told: f"An approval for provider {_person(told)} or the group.",
        _approved_person,
        "Book the approved provider, or ask the payer to change it.",
        "Approval names another provider group",
    ),
    Reason.PROVIDER_OTHER_PERSON: tell_approval(
        lambda told: f"An approval for provider {_person(told)}.",
        lambda told: f"{_approved_person(told)} It binds the person.",
        "Book the approved provider, or ask the payer to change it.",
        "Approval binds another provider",
    ),
    Reason.PROVIDER_GROUP_UNKNOWN: tell_approval(
        "The group that bills this visit.",
        lambda told: f"{_approved_person(told)} The visit's group is not known.",
        "Add the provider's group NPI.",
        "Provider's group is not known",
    ),
    Reason.PROVIDER_COLLEAGUE: tell_approval(
        lambda told: f"An approval for provider {_person(told)}.",
        _approved_person,
        "Ask the payer whether another provider of the group may do it.",
        "Approval names another provider",
    ),
    Reason.PLACE_SAME: tell_approval(
        lambda told: f"Place of service {told.verdict.line.place}.",
        "The approval names this place.",
        None,
        "Place fits",
    ),
    Reason.PLACE_SITE_DIFFERS: tell_approval(
        lambda told: f"An approval for {told.site_name(told.verdict.visit.site_id)}.",
        lambda told: f"{called(told.approval)} names {told.site_name(told.approval.site_id)}.",
        "Move the visit to the approved site, or ask the payer to change it.",
        "Approval names another site",
    ),
    Reason.PLACE_DIFFERS: tell_approval(
        lambda told: f"An approval for place of service {told.verdict.line.place}.",
        lambda told: f"{called(told.approval)} names {listed(list(told.approval.places), 'or')}.",
        "Correct the place of service, or ask the payer to change it.",
        "Approval names another place of service",
    ),
    Reason.CHANNEL_SAME: tell_approval("The same benefit.", "The approval is of this benefit.", None, "Benefit fits"),
    Reason.CHANNEL_DIFFERS: tell_approval(
        "An approval of the benefit under which the line is billed.",
        lambda told: f"{called(told.approval)} is of the {(told.approval.channel or '?')} benefit.",
        "Request it under the right benefit, or change how the drug is supplied.",
        "Approval is of the other benefit",
    ),
    Reason.DRUG_SAME: tell_approval(
        lambda told: f"An approval for {told.what}.", "The approval names this drug.", None, "Drug fits"
    ),
    Reason.DRUG_DIFFERS: tell_approval(
        lambda told: f"An approval for {told.what}.",
        lambda told: f"{called(told.approval)} names {named(told)}.",
        "Order the approved product, or ask the payer to approve this one.",
        "Approval names another drug",
    ),
    Reason.DRUG_NDC_DIFFERS: tell_approval(
        "The approved product.",
        _ndc,
        "Order the approved product, or ask the payer to approve this one.",
        "Approval names another product (NDC)",
    ),
    Reason.DRUG_NDC_ONE_SIDE: tell_approval(
        "The same product on both sides.",
        _ndc,
        "Add the NDC where it is missing.",
        "NDC is on one side only",
    ),
    Reason.DRUG_NOT_RECEIVED: _not_received,
}
