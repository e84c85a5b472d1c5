"""An answer of a plan as X12, through the reader, to what it says."""

from datetime import date

from app.coverage.facts import Answered, NetworkAnswer
from app.eligibility.facts.checks import Because
from app.eligibility.intake.responses import read_response
from app.eligibility.rules.needs import needs_of
from app.eligibility.views.checks import benefit_words, why_words
from app.policies.facts.answers import Need
from app.standards.x12.eligibility.answers import read_271
from app.values.insurance import Known
from tests.support.edi import edi, only, sets_of
from tests.support.eligible import check_of

HEAD = """
BHT*0022*11*K7QX2M9A*20260302*0915
HL*1**20*1
NM1*PR*2*MEDICARE*****PI*CMS
HL*2*1*21*1
NM1*1P*2*EXAMPLE DERMATOLOGY*****XX*1003000126
HL*3*2*22*0
TRN*2*K7QX2M9A*9EXAMPLE00
NM1*IL*1*BAUER*OTTO****MI*1EG4TE5MK73
DMG*D8*19800517*M
DTP*291*D8*20260302
"""
MEDICARE = """
EB*1*IND*30*MA
EB*1*IND*30*MB
EB*C*IND*30*MB**29*120.5
EB*R*IND*30*HN*SUNRISE ADVANTAGE HMO
DTP*292*RD8*20260101-20261231
LS*2120
NM1*PRP*2*SUNRISE ADVANTAGE
LE*2120
EB*1*IND*****27*****Y**HC:96910
EB*B*IND*98***27*25*****N*Y
"""


def read(body):
    """Read the one response of a set."""
    found = read_271(only(sets_of(edi(HEAD + body, set_id="271", version="005010X279A1", functional="HB"))))
    return only(list(found["responses"]))


def test_medicare_that_names_an_advantage_plan_is_read_and_told():
    told = read_response(read(MEDICARE))
    assert told.outcome.result is Answered.ACTIVE
    assert (told.plan.other_primary, told.plan.other_payer) == (True, "SUNRISE ADVANTAGE")
    assert (told.service_day, told.plan.begins, told.plan.ends) == (date(2026, 3, 2), None, None)
    assert (told.traces, told.npi, told.plan.member_id) == (("K7QX2M9A",), "1003000126", "1EG4TE5MK73")
    words = [benefit_words(one) for one in told.benefits]
    assert words[2].amount == "$120.50 remaining for the person"
    assert words[3].notes == ("Benefit 01/01/2026 to 12/31/2026", "SUNRISE ADVANTAGE")


def test_flags_of_approval_and_network_are_read_with_their_procedure():
    told = read_response(read("EB*1*IND*30*MB\nEB*1*IND**MB*******Y**HC:96910\nEB*1*IND*98*MB*******N*Y\n"))
    assert needs_of(told.benefits) == {"96910": Need.REQUIRED}
    assert (told.benefits[2].authorization, told.benefits[2].network) == (Known.NO, NetworkAnswer.IN)
    assert told.network is NetworkAnswer.IN


def test_a_rejection_is_read_as_that_we_could_not_ask_with_its_reason():
    told = read_response(read("AAA*N**75*C\n"))
    assert (told.outcome.result, told.outcome.because) == (Answered.NOT_ASKED, Because.REJECTED)
    check = check_of(None, 1, date(2026, 3, 2), patient_id=None, why=told.outcome.why, because=told.outcome.because)
    assert why_words(check) == ("The subscriber was not found (75). Correct it and ask again.",)
