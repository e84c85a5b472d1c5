"""A question as typed; a requirement in a sentence."""

import pytest

from app.policies.facts.answers import Confidence, Grounds, Need, Requirement
from app.policies.forms.finder import Asked, read_question
from app.policies.views.requirements import why_sentence
from app.values.insurance import Channel, Line
from tests.unit.policies.books import DAY


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"code": "1234"}, "--code '1234' is not a CPT or HCPCS code"),
        ({}, "Name one of --code, --drug and --service."),
        ({"code": "11102", "drug": "x"}, "Name one of"),
        ({"code": "11102", "companions": ("1",)}, "--with '1' is not"),
        ({"code": "11102", "diagnoses": ("flu",)}, "--dx 'flu' is not an ICD-10-CM code"),
        ({"code": "11102", "place": "office"}, "--pos 'office' is not two digits"),
        ({"code": "11102", "state": "Texas"}, "--state 'Texas' is not two letters"),
        ({"code": "11102", "line": "hmo"}, "--line 'hmo' is none of"),
        ({"code": "11102", "age": "-3"}, "--age '-3' is not an age"),
        ({"code": "11102", "channel": "mail"}, "--channel 'mail' is neither"),
        ({"code": "11102", "provider": "123"}, "--provider '123' is not an NPI"),
        ({"code": "11102", "facts": ("bsa",)}, "--fact 'bsa' is not NAME=VALUE"),
        ({"drug": "123"}, "--drug '123' is not an NDC"),
    ],
)
def test_a_malformed_question_says_what_was_found(typed, says):
    asked = Asked(**typed)
    assert read_question(asked, "p", DAY) is None
    assert any(says in sentence for sentence in asked.errors.values())


def test_a_question_is_read_and_what_is_not_given_is_missing():
    bare = read_question(Asked(code="11102"), "p", DAY)
    assert bare is not None
    assert (bare.place, bare.state, bare.line, bare.channel, bare.age_months) == (None, None, None, None, None)
    facts = ("Hurley=2", "bleeding=yes", "pain=no")
    full = Asked(service="drug:dupixent", diagnoses=("L209",), line="commercial_pbm", age="7", state="tx", facts=facts)
    question = read_question(full, "p", DAY)
    assert question is not None
    assert (question.drug, question.service, question.diagnoses) == ("drug:dupixent", None, ("L20.9",))
    assert (question.line, question.channel, question.age_months) == (Line.COMMERCIAL, Channel.PHARMACY, 84)
    assert (question.state, question.documented, question.facts["Hurley"]) == ("TX", {"bleeding"}, "2")


@pytest.mark.parametrize("need", list(Need))
@pytest.mark.parametrize("grounds", list(Grounds))
def test_every_need_and_ground_has_words(need, grounds):
    said = why_sentence(Requirement(need, Confidence.SEEN, grounds, unmet=("bsa_percent",)), "Aetna", "J2357")
    assert said.startswith(("Aetna ", "It is not known whether Aetna "))
    assert said.endswith(".")
    assert "{" not in said
    assert "J2357" in said


def test_an_answer_from_memory_says_that_it_is_to_be_verified():
    said = why_sentence(Requirement(Need.REQUIRED, Confidence.MEMORY, Grounds.RULE), "Aetna", "J0585")
    assert said == "Aetna requires approval for J0585: the rule says so (from memory, to verify)."
