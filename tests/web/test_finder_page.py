"""The finder: does this payer need approval for this service?"""

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from app.practice.facts.staff import Role

LATE = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
"""A day on which the shipped rules are in force, some days after their sources were read."""


@pytest.fixture
def ask(sign_in, web_clock):
    """Ask the finder by the parts of its address; gives the status and the page's words."""
    web_clock.instant = LATE
    browser = sign_in(Role.PROVIDER)

    def asked(**parts):
        page = browser.get("/finder", query_string={name.rstrip("_"): text for name, text in parts.items()})
        return page.status_code, " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split()), page.text

    return asked


def test_a_required_approval_shows_its_rule_source_and_day(ask):
    status, words, page = ask(payer="medicare_ffs", code="J0585", with_="64615", pos="22", state="TX")
    assert status == 200
    assert "Required Original Medicare" in words
    assert re.search(
        r"read 11/\d\d/2026\. Seen there; check it with the payer\. Rule medicare_ffs/hospital_outpatient#", words
    )
    assert re.search(r'class="cite"><a href="https://[^"]+" rel="noreferrer">', page)
    assert "Payer decides within" in words
    assert "days ago;" not in words
    assert 'value="64615"' in page and 'value="22" selected' in page


def test_criteria_are_listed_with_what_is_still_to_be_shown(ask):
    _status, words, page = ask(payer="texas_medicaid", drug="dupixent", dx="L20.9")
    assert "Conditions" in words
    assert "(To be shown)" in words
    assert page.count('class="finding finding-unknown"') >= 1


def test_what_no_rule_names_is_not_known_and_says_whom_to_ask(ask):
    _status, words, page = ask(payer="aetna", code="99999")
    assert "Not known It is not known whether Aetna" in words
    assert "need-unknown" in page
    assert "Record what the payer says, with that reference" in words
    _status, words, _page = ask(payer="Nobody Mutual", code="96910")
    assert "No rules are on file for Nobody Mutual." in words
    assert "Not required" not in words


def test_a_source_read_long_ago_is_marked(sign_in, web_clock):
    address = "/finder?payer=medicare_ffs&code=J0585&with=64615&pos=22&state=TX"
    web_clock.instant = LATE.replace(year=2027)
    page = sign_in(Role.PROVIDER).get(address)
    assert re.search(r"Read \d{3} days ago; (verify it soon|ask the payer before you rely on it)\.", page.text)


def test_every_fault_is_named_beside_its_field_and_what_was_typed_stays(ask):
    status, words, page = ask(
        payer="", code="9x", drug="dupixent", dx="zzz", with_="12", pos="x", state="Texas", on="13/13/2026", age="old",
        channel="both", line="gold",
    )  # fmt: skip
    assert status == 422
    assert "<title>Error: Finder - Cleared</title>" in page
    for sentence in (
        "Enter the payer, like Aetna.",
        "Enter one code, drug or service.",
        "Diagnosis 'zzz' is not an ICD-10-CM code",
        "Other codes '12' is not a CPT or HCPCS code",
        "Place of service 'x' is not two digits",
        "State 'Texas' is not two letters",
        "Date of service must be a date, like 12/05/2026; found 13/13/2026.",
        "Age 'old' is not an age in whole years.",
        "Benefit 'both' is neither medical nor pharmacy.",
        "Line of business 'gold' is none of commercial",
    ):
        assert words.count(sentence) == 2, sentence  # in the summary and beside the field
    assert "--" not in words
    assert 'value="9x dupixent"' in page and 'value="zzz"' in page


def test_words_for_no_insurance_are_not_a_payer(ask):
    status, words, _page = ask(payer="self pay", code="96910")
    assert status == 422
    assert "means that there is no insurance" in words


def test_markup_in_the_address_is_shown_as_text(ask):
    status, _words, page = ask(payer="<script>alert(1)</script>", code="96910")
    assert status == 200
    assert "<script>alert" not in page


def test_the_empty_form_asks_nothing_and_offers_the_payers(ask):
    status, words, page = ask()
    assert status == 200
    assert 'class="answer"' not in page
    assert '<option value="Aetna (CVS Health)">' in page
    assert "What narrows the answer" in words


@pytest.mark.parametrize(
    "asked", [{"code": "96910"}, {"code": "96910", "against": "aetna"}, {"what": "eczema shot"}], ids=str
)
def test_what_is_told_comes_before_the_form_which_folds_behind_a_link(ask, asked):
    _status, words, page = ask(payer="texas_medicaid", **asked)
    assert page.count('id="question"') == page.count('id="answer"') == 1
    assert page.index('href="#question"') < page.index('id="answer"') < page.index('id="question"')
    assert "Change the question" in words


@pytest.mark.parametrize("asked", [{}, {"payer": "aetna", "code": "9x"}], ids=str)
def test_without_an_answer_the_form_is_never_folded(ask, asked):
    _status, words, page = ask(**asked)
    assert "Change the question" not in words and 'class="finder told"' not in page
    assert page.count('id="question"') == 1


def test_words_are_never_answered_before_somebody_chose(ask):
    status, words, page = ask(payer="texas_medicaid", what="eczema shot", dx="L20.9", state="TX")
    assert status == 200
    assert "Did you mean" in words and "Nothing is answered until you choose." in words
    assert 'class="need ' not in page
    found = re.findall(r'href="(/finder\?[^"]+)#answer">Dupixent<', page)
    assert [unescape(one) for one in found] == ["/finder?payer=texas_medicaid&dx=L20.9&state=TX&drug=drug:dupixent"]


@pytest.mark.parametrize(
    ("what", "shown"),
    [
        ("Dupixent", "approval for Dupixent"),
        ("dupilumab", "'dupilumab' was read as Dupixent."),
        ("17311", "approval for 17311"),
        ("Mohs surgery", "approval for Mohs surgery"),
        ("00024-5914-01", "'00024-5914-01' was read as Dupixent."),
    ],
)
def test_an_exact_name_or_code_goes_straight_to_the_answer(ask, what, shown):
    status, words, page = ask(payer="texas_medicaid", what=what)
    assert status == 200
    assert "Did you mean" not in words
    assert shown in words
    assert 'class="need ' in page


def test_a_service_as_a_whole_offers_its_codes_one_by_one(ask):
    _status, words, page = ask(payer="aetna", service="mohs", state="TX")
    assert "This answer is for the service as a whole" in words
    assert re.search(r'href="/finder\?payer=aetna&amp;state=TX&amp;code=17311#answer">17311</a> [A-Z]', page)


def test_a_diagnosis_is_found_by_words_and_chosen_where_it_is_not_plain(ask):
    _status, words, page = ask(payer="texas_medicaid", drug="dupixent", dx="plaque psoriasis")
    assert "Diagnosis 'plaque psoriasis' was read as L40.0 Psoriasis vulgaris." in words
    assert 'class="need ' in page
    _status, words, page = ask(payer="texas_medicaid", drug="dupixent", dx="atopic dermatitis, L40.0")
    assert "Diagnosis 'atopic dermatitis'" in words
    assert 'class="need ' not in page
    assert "dx=L20.9,+L40.0" in page


def test_words_that_mean_nothing_are_named_beside_their_field(ask):
    status, words, _page = ask(payer="aetna", what="qqqqqq")
    assert status == 422
    assert words.count("Nothing is called 'qqqqqq'.") == 2


def test_two_payers_stand_beside_each_other_and_differences_are_words(ask):
    status, words, page = ask(payer="texas_medicaid", against="aetna", drug="dupixent", dx="L20.9", state="TX")
    assert status == 200
    assert "Dupixent: two payers" in words
    table = page[page.index("<table") : page.index("</table>")]
    rows = dict(re.findall(r'<th scope="row">([A-Za-z ]+?) <span class="same[^"]*">(Same|Different)</span>', table))
    assert {"Approval", "Coverage", "Criteria", "How fresh"} <= set(rows)
    assert rows["Approval"] == "Different"
    assert "only here" in table
    assert 'value="aetna"' in page
    print_view = unescape(re.search(r'href="(/finder/print[^"]+)"', page)[1])
    assert "against=aetna" in print_view and "payer=texas_medicaid" in print_view and "drug=dupixent" in print_view


def test_one_payer_against_itself_says_the_same_everywhere(ask):
    _status, _words, page = ask(payer="aetna", against="aetna", code="J2357")
    assert ">Different<" not in page and ">only here<" not in page
    assert page.count(">Same<") > 4


def test_a_second_payer_that_is_none_is_named_beside_its_field(ask):
    status, words, _page = ask(payer="aetna", against="self pay", code="96910")
    assert status == 422
    assert words.count("'self pay' means that there is no insurance") == 2


def test_paper_names_who_asked_the_day_the_source_and_what_to_verify(sign_in, web_clock):
    web_clock.instant = LATE.replace(year=2027)
    browser = sign_in(Role.PROVIDER)
    address = "/finder/print?payer=medicare_ffs&code=J0585&with=64615&pos=22&state=TX"
    page = browser.get(address)
    words = " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())
    assert page.status_code == 200
    assert "J0585: is approval needed?" in words
    assert re.search(r"Asked Wed 12/01/2027 by \w+", words)
    assert "22 Hospital outpatient, on campus" in words
    assert re.search(r"Rule medicare_ffs/hospital_outpatient#\S+ https://", words)
    assert "To verify: the source of Original Medicare" in words
    assert "<form" not in page.text[page.text.index("finder-paper") : page.text.index("</main>")]


def test_paper_without_an_answer_leads_back_to_the_question(sign_in):
    answer = sign_in(Role.PROVIDER).get("/finder/print?payer=aetna&what=eczema+shot")
    assert (answer.status_code, answer.location) == (303, "/finder?payer=aetna&what=eczema+shot")


def test_a_diagnosis_alone_offers_what_is_usual_with_it(ask):
    status, words, page = ask(payer="aetna", dx="L20.9")
    assert status == 200
    assert "Usual with L20.9" in words and 'class="need ' not in page
    assert 'href="/finder?payer=aetna&amp;dx=L20.9&amp;drug=drug:dupixent#answer"' in page
    status, words, _page = ask(payer="aetna", dx="S82.101A")
    assert status == 422
    assert words.count("Enter a code, like 96910, a drug, like Dupixent, or words, like light therapy.") == 2


def test_a_payer_of_whom_nobody_heard_is_asked_back_and_never_taken_for_another(ask):
    status, words, page = ask(payer="Atena", code="96910", dx="L40.0")
    assert status == 200
    assert "No rules are on file for Atena." in words
    assert "'Atena': did you mean this payer?" in words
    assert 'href="/finder?payer=Aetna+(CVS+Health)&amp;code=96910&amp;dx=L40.0#answer"' in page
    assert "need-unknown" in page
    _status, words, _page = ask(payer="aetna", against="Qqqqqq", code="96910")
    assert "did you mean" not in words


def test_what_rests_on_memory_is_to_be_verified_wherever_it_stands_on_paper(sign_in):
    page = sign_in(Role.PROVIDER).get("/finder/print?payer=aetna&service=mohs&state=TX&dx=C44.311")
    words = " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())
    assert "To verify: the rule of Aetna (CVS Health) is from memory" in words
    assert "Coverage Covered (from memory, to verify)" in words
    assert "17311: Not known" in words
