"""A request goes as X12 278 through a clearinghouse: exactly once, and the answer finds it by its trace."""

from datetime import timedelta
from io import BytesIO

import pytest

from app.authorizations.facts import Status
from app.casework.actions.x12_requests import claim_x12
from app.casework.facts.pas import PasRefusedError, PasState, trace_of
from app.casework.store import pas as store
from app.eligibility.facts.asking import Route
from app.eligibility.store import asking as routes
from app.gateways.clearinghouse.recording import RecordingClearinghouse
from app.gateways.facts import Answer, Gateways, Outcome
from app.mailroom.actions.pas import follow_up, submit_by_x12
from app.mailroom.actions.receiving import receive
from app.mailroom.facts import Via
from app.standards.x12.reader import transactions
from app.standards.x12.review.reading import read_278
from tests.support import make
from tests.support.desk import PAYER, Desk
from tests.support.pas_cases import CASE, case_of, ready_case

KEY, AGAIN = make.an_id(7001), make.an_id(7002)
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def house(caller):
    """A clearinghouse that takes the payer's requests, with a case on file that is ready to be sent."""
    found = RecordingClearinghouse(reviews=frozenset({PAYER}))
    caller.session.info["gateways"] = Gateways(clearinghouses={"main": found})
    ready_case(Desk(caller).furnish())
    routes.save_route(caller.session, caller.practice_id, Route(PAYER, "60054"))
    caller.session.commit()
    return found


def submit(caller, key=KEY):
    """Send the case."""
    return submit_by_x12(caller, CASE, case_of(caller)[1], key)


def answer_of(content):
    """The payer's answer to a request: the same levels, approved with a number."""
    text = content.decode()
    sets = text[text.index("ST*278") : text.index("\nSE*")]
    sets = sets.replace("BHT*0007*13", "BHT*0007*11").replace("TRN*1*", "TRN*2*")
    segments = [one.strip() for one in sets.split("~") if one.strip() and not one.strip().startswith(("HI", "MSG"))]
    at = next(place for place, one in enumerate(segments) if one.startswith("UM*"))
    segments[at + 1 : at + 1] = ["HCR*A1*AUTH-78"]
    body = [*segments, f"SE*{len(segments) + 1}*0001"]
    head, foot = text[: text.index("ST*278")], text[text.index("\nGE*") :]
    return (head + "~".join(body) + "~" + foot).encode()


def test_a_request_goes_once_says_what_was_asked_and_its_answer_finds_it(caller, house):
    version = case_of(caller)[1]
    for _ in range(2):
        came = submit_by_x12(caller, CASE, version, KEY)
    ((name, content),) = house.sent
    assert (came.exchange.state, name) == (PasState.ANSWERED, f"278-500000001-{KEY.hex}")
    (document,) = [read_278(one) for one in transactions(BytesIO(content))]
    (review,) = document["reviews"]
    assert (review["trace"], review["diagnoses"]) == ([trace_of(KEY)], ["L400"])
    assert [(one["code"], one["quantity"]) for one in review["services"]] == [("96910", "36")]
    assert case_of(caller)[0].status is Status.SUBMITTED
    report = receive(caller, answer_of(content), "in.x12", Via.FOLDER)
    assert (report.matched, case_of(caller)[0].status, case_of(caller)[0].number) == (1, Status.APPROVED, "AUTH-78")


def test_what_was_not_taken_is_ready_again_and_what_is_in_doubt_is_not_sent_by_itself(caller, house):
    house.answers += [Answer(Outcome.LATER, code="folder"), Answer(Outcome.UNCLEAR, code="no-answer")]
    submit(caller)
    assert (state(caller, KEY), case_of(caller)[0].status) == (PasState.NOT_SENT, Status.READY)
    submit(caller, AGAIN)
    assert (state(caller, AGAIN), case_of(caller)[0].status) == (PasState.UNCLEAR, Status.SUBMITTED)
    with pytest.raises(PasRefusedError, match="has gone to the payer already"):
        submit(caller, make.an_id(7003))
    assert len(house.sent) == 2


def test_a_program_that_ended_while_it_sent_leaves_a_doubt_and_sends_nothing_later(caller, house):
    claim_x12(caller, CASE, case_of(caller)[1], KEY, {PAYER: "60054"})
    caller.clock.instant += timedelta(minutes=4)
    for _ in range(2):
        follow_up(caller)
    assert (state(caller, KEY), house.sent) == (PasState.UNCLEAR, [])


def test_a_file_that_the_other_side_refuses_makes_the_case_ready_again_once(caller, house):
    submit(caller)
    refusal = (
        "ISA*00*          *00*          *ZZ*HOUSE          *ZZ*CLINIC         *260302*1500*^*00501*000000009*0*P*:~"
        "GS*FA*HOUSE*CLINIC*20260302*1500*9*X*005010X231A1~ST*999*0001*005010X231A1~AK1*HI*500000001*005010X217~"
        "AK2*278*0001*005010X217~IK5*R*5~AK9*R*1*1*0~SE*6*0001~GE*1*9~IEA*1*000000009~"
    )
    report = receive(caller, refusal.encode(), "ack.x12", Via.FOLDER)
    assert report.fault is None
    assert (state(caller, KEY), case_of(caller)[0].status) == (PasState.REFUSED, Status.READY)
    assert case_of(caller)[0].next_action == "Mend the request: the payer's system refused it"


def test_what_it_lacks_is_said(caller, house):
    with pytest.raises(PasRefusedError, match="payer's id is not on file"):
        claim_x12(caller, CASE, case_of(caller)[1], KEY, {})
    caller.session.info["gateways"] = Gateways()
    with pytest.raises(PasRefusedError, match="No clearinghouse"):
        submit(caller)
    assert house.sent == []


def state(caller, key):
    """How far a message has come."""
    return store.exchange(caller.session, caller.practice_id, key).state
