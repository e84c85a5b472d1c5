"""A request that the payer has is changed and canceled by FHIR: once, with its documents, and never on a guess."""

import hashlib
import json

import pytest

from app.authorizations.facts import Status
from app.casework.actions import pas_outcomes as outcomes
from app.casework.actions.deciding import decide
from app.casework.actions.papers import add_to_case, save_letter
from app.casework.actions.pas_changes import read_changeable, read_sent
from app.casework.facts.decisions import Decided, Decision
from app.casework.facts.pas import PasRefusedError, PasState
from app.casework.rules.pas_changes import PasChange
from app.casework.store import entries as entry_store
from app.casework.store import pas as store
from app.deadlines import store as clock_store
from app.documents import store as document_store
from app.documents.actions import keep_made
from app.documents.facts import Cover, DocumentKind, LetterKind, Packet
from app.gateways.facts import Answer, Outcome
from app.mailroom.actions.pas import cancel_by_pas, change_by_pas, inquire_by_pas, submit_by_pas
from app.standards.fhir.pas_facts import LineChange
from app.standards.fhir.pas_update import sent_documents
from tests.standards.fhir.test_pas_wanted import TASK
from tests.support import make
from tests.support.desk import Desk
from tests.support.papers import pdf
from tests.support.pas_cases import CASE, answered, case_of, payers_system, reached, ready_case, said, says

KEY, CHANGING, AGAIN, ASKING, PACKET = (make.an_id(number) for number in (7001, 7002, 7003, 7004, 7005))
FEWER = PasChange(lines=(LineChange(1, quantity=12),))
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def system(caller):
    """The payer's system, with a case on file that is ready to be sent to it."""
    found = payers_system()
    caller.session.info["gateways"] = reached(found)
    ready_case(Desk(caller).furnish())
    return found


@pytest.fixture
def pended(caller, system):
    """The request has gone; the payer has it and has not decided."""
    system.answers.append(answered(says(KEY, member(caller), "A4")))
    submit_by_pas(caller, CASE, case_of(caller)[1], KEY)
    return system


def member(caller):
    """The member id of the case."""
    return case_of(caller)[0].member_id


def change(caller, key=CHANGING, what=FEWER):
    """Send a change of the case."""
    return change_by_pas(caller, CASE, case_of(caller)[1], key, what)


def packet_of(caller, form=None):
    """A packet of one note and a letter, made of the case. Returns the bytes of the note."""
    record = case_of(caller)[0]
    note = pdf("one")
    kept = add_to_case(caller, CASE, make.an_id(7100), "Note of Henri Dubois.pdf", note, DocumentKind.CHART_NOTE, None)
    letter = save_letter(caller, CASE, LetterKind.MEDICAL_NECESSITY, 0, "Dear payer")
    made = pdf("two", "three")
    keep_made(caller, record.patient_id, PACKET, "Packet", made, 2, DocumentKind.PACKET, CASE)
    packet = Packet(PACKET, CASE, record.payer, Cover(), make.NOW, None, (kept.id,), letter.id, form)
    document_store.add_packet(caller.session, caller.practice_id, packet)
    caller.session.commit()
    return made if form else note


def shas(content):
    """The SHA-256 of the documents in a bundle."""
    return [one.sha256 for one in sent_documents(content)]


def sha(content):
    """The SHA-256 of bytes."""
    return hashlib.sha256(content).hexdigest()


def test_the_documents_of_the_packet_go_along_and_the_bytes_are_kept_as_proof(caller, system):
    note = packet_of(caller)
    submit_by_pas(caller, CASE, case_of(caller)[1], KEY)
    (sent,) = system.submitted
    assert shas(sent) == [sha(b"Dear payer"), sha(note)]
    assert b"Note of Henri" not in sent
    found = read_sent(caller, CASE, KEY)
    assert (found.sha256, found.exchange.papers, found.exchange.digest.hex()) == (sha(sent), 2, sha(sent))
    assert [one.sha256 for one in found.documents] == shas(sent)
    raw = caller.session.connection().exec_driver_sql("SELECT request FROM pas_exchange").scalar_one()
    assert b"Claim" not in bytes(raw)


def test_a_packet_with_the_payers_form_goes_whole(caller, system):
    whole = packet_of(caller, form="acme-form")
    submit_by_pas(caller, CASE, case_of(caller)[1], KEY)
    assert shas(system.submitted[0]) == [sha(whole)]


def test_documents_that_are_too_large_are_refused_with_a_sentence_before_anything_leaves(caller, system):
    packet_of(caller)
    system.largest = 100
    with pytest.raises(PasRefusedError, match="this payer's system takes"):
        submit_by_pas(caller, CASE, case_of(caller)[1], KEY)
    assert (system.submitted, case_of(caller)[0].status) == ([], Status.READY)
    submit_by_pas(caller, CASE, case_of(caller)[1], KEY, with_papers=False)
    assert shas(system.submitted[0]) == []


def test_a_change_goes_once_and_the_case_asks_for_what_the_payer_has(caller, pended):
    pended.answers.append(answered(says(CHANGING, member(caller), "A4")))
    version = case_of(caller)[1]
    for _ in range(2):
        change_by_pas(caller, CASE, version, CHANGING, FEWER)
    assert len(pended.submitted) == 2
    claim = json.loads(pended.submitted[1])["entry"][0]["resource"]
    assert claim["related"][0]["claim"]["identifier"]["value"] == KEY.hex.upper()
    record = case_of(caller)[0]
    assert (record.requested[0].count, record.items[0].count, record.status) == (12, 12, Status.SUBMITTED)
    words = [one.words for one in entry_store.of_cases(caller.session, caller.practice_id, [CASE], 50)]
    assert "Change sent. 96910: 12 units in place of 36." in words


@pytest.mark.parametrize(
    ("answer", "state", "step"),
    [
        (Answer(Outcome.LATER, code="no-connection"), PasState.NOT_SENT, outcomes.CHANGE_ANEW),
        (Answer(Outcome.REFUSED, code="http-422"), PasState.REFUSED, outcomes.MEND_CHANGE),
    ],
)
def test_a_change_that_was_not_taken_changes_nothing(caller, pended, answer, state, step):
    pended.answers.append(answer)
    came = change(caller)
    record = case_of(caller)[0]
    assert (came.exchange.state, record.next_action) == (state, step)
    assert (record.requested[0].count, record.status) == (36, Status.SUBMITTED)
    pended.answers.append(answered(says(AGAIN, member(caller), "A4")))
    change(caller, AGAIN)
    assert case_of(caller)[0].requested[0].count == 12


def test_a_change_in_doubt_is_asked_for_and_nothing_else_goes_meanwhile(caller, pended):
    pended.answers.append(Answer(Outcome.UNCLEAR, code="no-answer"))
    change(caller)
    assert case_of(caller)[0].next_action == outcomes.ASK_WHETHER_CHANGED
    for act in (lambda: change(caller, AGAIN), lambda: cancel_by_pas(caller, CASE, case_of(caller)[1], AGAIN)):
        with pytest.raises(PasRefusedError, match="Ask the payer before"):
            act()
    pended.answers.append(answered(says(KEY, member(caller), "A4")))
    inquire_by_pas(caller, CASE, ASKING)
    assert state_of(caller, CHANGING) is PasState.UNCLEAR  # the answer names only the request before it
    inquired = json.loads(pended.inquired[0])["entry"][0]["resource"]
    assert inquired["identifier"][0]["value"] == CHANGING.hex.upper()
    pended.answers.append(answered(says(CHANGING, member(caller), "A4", number="PEND-2")))
    inquire_by_pas(caller, CASE, AGAIN)
    assert (state_of(caller, CHANGING), case_of(caller)[0].requested[0].count) == (PasState.ANSWERED, 12)


def test_an_approval_that_does_not_name_the_change_grants_no_count_that_was_asked(caller, pended):
    pended.answers.append(Answer(Outcome.UNCLEAR, code="no-answer"))
    change(caller, what=PasChange(lines=(LineChange(1, quantity=60),)))
    silent = said(KEY, member(caller))
    detail = silent["entry"][0]["resource"]["item"][0]["extension"][1]["extension"]
    del detail[1]  # how many were granted
    pended.answers.append(answered(json.dumps(silent).encode()))
    inquire_by_pas(caller, CASE, ASKING)
    record = case_of(caller)[0]
    assert (record.status, [item.count for item in record.items]) == (Status.APPROVED, [None])


def test_a_cancellation_counts_once_the_payer_confirms_it(caller, pended):
    pended.answers.append(answered(says(CHANGING, member(caller), "A4", number="PEND-2")))
    cancel_by_pas(caller, CASE, case_of(caller)[1], CHANGING, "No longer needed")
    assert case_of(caller)[0].status in (Status.SUBMITTED, Status.MORE_INFO)
    (item,) = json.loads(pended.submitted[1])["entry"][0]["resource"]["item"]
    assert item["modifierExtension"][0]["valueBoolean"] is True
    with pytest.raises(PasRefusedError, match="cannot be changed"):
        change(caller, AGAIN)
    confirmed = said(CHANGING, member(caller))
    confirmed["entry"][0]["resource"]["status"] = "cancelled"
    pended.answers.append(answered(json.dumps(confirmed).encode()))
    inquire_by_pas(caller, CASE, ASKING)
    assert case_of(caller)[0].status is Status.WITHDRAWN


def test_documents_that_are_sent_answer_what_the_payer_waits_for(caller, pended):
    version = case_of(caller)[1]
    decide(caller, CASE, version, make.an_id(7200), Decided(Decision.MORE_INFO, words="Send the note"))
    note = pdf("one")
    kept = add_to_case(caller, CASE, make.an_id(7100), "Note.pdf", note, DocumentKind.CHART_NOTE, None)
    pended.answers.append(answered(says(CHANGING, member(caller), "A4")))
    change(caller, what=PasChange(papers=(kept.id,), note="As you asked"))
    assert shas(pended.submitted[1]) == [sha(note)]
    assert case_of(caller)[0].status is Status.SUBMITTED


def test_a_decided_request_and_one_that_was_never_sent_are_not_changed(caller, system):
    with pytest.raises(PasRefusedError, match="cannot be changed"):
        read_changeable(caller, CASE)
    system.answers.append(answered(says(KEY, member(caller))))
    submit_by_pas(caller, CASE, case_of(caller)[1], KEY)
    with pytest.raises(PasRefusedError, match="cannot be changed"):
        change(caller)
    assert len(system.submitted) == 1


def state_of(caller, key):
    """How far a message has come."""
    return store.exchange(caller.session, caller.practice_id, key).state


def test_what_the_payer_asks_for_stands_on_the_case_with_its_day_and_is_answered_by_sending_it(caller, pended):
    asking = said(KEY, member(caller), "A4", number=None)
    asking["entry"].append({"resource": TASK})
    pended.answers.append(answered(json.dumps(asking).encode()))
    inquire_by_pas(caller, CASE, ASKING)
    record = case_of(caller)[0]
    assert (record.status, record.next_action) == (
        Status.MORE_INFO,
        "Send the payer: pathology report; the payer's own questionnaire",
    )
    words = [one.words or "" for one in entry_store.of_cases(caller.session, caller.practice_id, [CASE], 50)]
    assert any(
        "The payer asks for: pathology report; the payer's own questionnaire. Due by 12/15/2026." in one
        for one in words
    )
    (owed,) = clock_store.cases(caller.session, caller.practice_id, [CASE])[CASE].information
    assert (str(owed.due_on), owed.answered_at) == ("2026-12-15", None)
    kept = add_to_case(caller, CASE, make.an_id(7100), "Path.pdf", pdf("one"), DocumentKind.PATHOLOGY, None)
    pended.answers.append(answered(says(CHANGING, member(caller), "A4", number=None)))
    change(caller, what=PasChange(papers=(kept.id,)))
    assert case_of(caller)[0].status is Status.SUBMITTED
    (owed,) = clock_store.cases(caller.session, caller.practice_id, [CASE])[CASE].information
    assert owed.answered_at is not None
