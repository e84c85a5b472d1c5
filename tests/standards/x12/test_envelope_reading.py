"""The envelope of an X12 file: signs from the ISA, what real senders do, and each fault by its code and segment."""

from io import BytesIO

import pytest

from app.standards.errors import Fault, ReadingError
from app.standards.x12.reader import checked, transactions
from tests.support.edi import edi, only, sets_of

BODY = "BHT*0022*11*R-1*20261201*0915\nHL*1**20*1\nNM1*PR*2*PLAN:ONE^TWO*****PI*60054"


def eligibility(*sets: str, **more: str) -> bytes:
    return edi(*(sets or (BODY,)), set_id="271", version="005010X279A1", functional="HB", **more)


def fault_of(content: bytes, piece: int = 2**20) -> ReadingError:
    with pytest.raises(ReadingError) as caught:
        for found in transactions(BytesIO(content), piece):
            for _segment in found:
                pass
    return caught.value


def told(content: bytes) -> tuple[str, object, object]:
    error = fault_of(content)
    return error.fault.value, error.place, error.where


@pytest.mark.parametrize("signs", ["*^:~", "|~:!", "*!>\n", "*^^~", ">^|\x1d", "*U:\r", "\x1f\x1e\x1c\x1d", "|^\\'"])
def test_the_signs_are_those_that_the_isa_names(signs):
    found = only(sets_of(eligibility(signs=signs, ends="")))
    assert (found.set_id, found.control, found.version) == ("271", "0001", "005010X279A1")
    assert found.delimiters.element + found.delimiters.component + found.delimiters.segment == signs[0] + signs[2:]
    assert [segment[0] for segment in found.segments] == ["BHT", "HL", "NM1"]
    assert found.interchange.control == "000000417"
    assert (found.interchange.sender, found.interchange.date, found.interchange.time) == ("PAYERHUB", "261201", "0915")


@pytest.mark.parametrize(
    "changed",
    [
        lambda content: b"\xef\xbb\xbf" + content,
        lambda content: b"\r\n \t" + content + b"\r\n\r\n \x1a",
        lambda content: content.replace(b"~\n", b"~\r\n"),
        lambda content: content.replace(b"~\n", b"~"),
        lambda content: content.replace(b"~\n", b"~\n     "),
        lambda content: content.replace(b"\nGS", b"\n \tGS").replace(b"0915~", b"0915\t ~").replace(b"41~", b"41 ~"),
        lambda content: content.replace(b"~\nHL", b"~\n~~\nHL"),
        lambda content: content.rstrip(b"~\n"),
        lambda content: content.replace(b"GS*HB*", b"GS*XX*"),
        lambda content: b"\n".join(content.replace(b"\n", b"")[at : at + 80] for at in range(0, len(content), 80)),
        lambda content: b"\r\n".join(content.replace(b"\n", b"")[at : at + 80] for at in range(0, len(content), 80)),
    ],
    ids=[
        "bom",
        "blanks",
        "crlf",
        "one line",
        "indented",
        "tabs",
        "empty segments",
        "no last sign",
        "wrong GS01",
        "wrapped at 80",
        "wrapped at 80 with returns",
    ],
)
def test_what_real_senders_do_changes_nothing(changed):
    plain = eligibility(BODY, BODY)
    assert [list(found) for found in sets_of(changed(plain))] == [list(found) for found in sets_of(plain)]


def test_several_interchanges_each_have_signs_of_their_own():
    content = eligibility(signs="*^:~") + eligibility(signs="|U>\n", ends="") + eligibility(BODY, BODY, signs="*^:\r")
    found = sets_of(content)
    assert [one.delimiters.segment for one in found] == ["~", "\n", "\r", "\r"]
    assert [one.delimiters.repetition for one in found] == ["^", None, "^", "^"]
    assert {len(one.segments) for one in found} == {3}


def test_segments_count_in_the_whole_file():
    numbers = [[one.number for _segment in one] for one in transactions(BytesIO(eligibility(BODY, BODY) * 2))]
    assert numbers == [[4, 5, 6], [9, 10, 11], [18, 19, 20], [23, 24, 25]]


def test_a_set_that_is_not_asked_for_is_passed_over_and_gives_nothing_later():
    kept = []
    for found in transactions(BytesIO(eligibility(BODY, BODY, BODY))):
        kept.append(found)
        if found.control == "0002":
            next(iter(found.segments))
    assert [found.control for found in kept] == ["0001", "0002", "0003"]
    assert [list(found.segments) for found in kept] == [[], [], []]


def test_a_ta1_is_a_set_of_its_own():
    content = eligibility().replace(b"GS*HB", b"TA1*000000905*261201*0915*A*000~\nGS*HB")
    first, second = sets_of(content)
    assert (first.set_id, first.control, first.segments) == (
        "TA1",
        "",
        [["TA1", "000000905", "261201", "0915", "A", "000"]],
    )
    assert second.set_id == "271"


@pytest.mark.parametrize(
    ("old", "new", "code", "segment"),
    [
        (b"SE*5*0001", b"SE*6*0001", "bad_count", 7),
        (b"SE*5*0001", b"SE*x*0001", "bad_count", 7),
        (b"SE*5*0001", b"SE*5*0002", "bad_envelope", 7),
        (b"GE*1*41", b"GE*2*41", "bad_count", 8),
        (b"GE*1*41", b"GE*1*42", "bad_envelope", 8),
        (b"IEA*1*", b"IEA*2*", "bad_count", 9),
        (b"IEA*1*000000417", b"IEA*1*000000418", "bad_envelope", 9),
        (b"SE*5*0001~\n", b"", "bad_envelope", 7),
        (b"ST*271*0001*005010X279A1~\n", b"", "bad_envelope", 3),
        (b"GS*HB", b"GX*HB", "bad_envelope", 2),
        (b"GE*1*41~\n", b"", "bad_envelope", 8),
        (b"IEA*1*000000417~\n", b"", "truncated", 8),
        (b"GE*1*41~\nIEA*1*000000417~\n", b"", "truncated", 7),
        (b"SE*5*0001~\nGE*1*41~\nIEA*1*000000417~\n", b"", "truncated", 6),
        (b"*60054~\nSE*5*0001~\nGE*1*41~\nIEA*1*000000417~\n", b"*600", "truncated", 6),
        (b"PLAN", b"PL\0AN", "not_text", 6),
        (b"PLAN", b"P" * 70_000, "too_large", 6),
        (b"*00*          *ZZ", b"*00**ZZ", "bad_envelope", 1),
        (b"*0*P*:~", b"*0*P*A~", "bad_envelope", 1),
        (b"*0*P*:~", b"*0*P**~", "bad_envelope", 1),
        (b"*0*P*:~", b"*0*P*~~", "bad_envelope", 1),
        (b"*0*P*:~", b"*0*P*:G", "bad_envelope", 1),
    ],
)
def test_each_fault_of_an_envelope_has_its_code_and_its_segment(old, new, code, segment):
    assert old in eligibility()
    assert told(eligibility().replace(old, new)) == (code, "segment", segment)


def test_an_interchange_that_begins_within_another_says_that_the_first_was_cut_off():
    whole = eligibility()
    cut = whole[: whole.index(b"GE*1")]
    assert told(cut + whole) == ("truncated", "segment", 8)
    assert told(whole + cut) == ("truncated", "segment", 16)


@pytest.mark.parametrize("content", [b"", b" \r\n", b"\xef\xbb\xbf\n"])
def test_a_file_without_a_sign_is_empty(content):
    assert told(content) == ("empty", None, None)


@pytest.mark.parametrize("length", [1, 3, 50, 104])
def test_an_isa_that_is_cut_off_is_truncated(length):
    assert told(eligibility()[:length]) == ("truncated", "segment", 1)


def test_what_follows_the_last_interchange_is_no_interchange():
    assert told(eligibility() + b"thank you") == ("bad_envelope", "segment", 10)


def test_zeros_before_a_control_number_do_not_count():
    content = eligibility().replace(b"SE*5*0001", b"SE*5*1").replace(b"IEA*1*000000417", b"IEA*1*417")
    assert len(sets_of(content)) == 1


def test_a_fault_names_the_kind_of_the_set_it_stands_in():
    assert fault_of(eligibility().replace(b"SE*5*", b"SE*6*")).kind == "x12.271"
    assert fault_of(b"ISA*" + b"x" * 200).kind == "unknown"


def test_nothing_is_believed_of_an_interchange_whose_end_is_broken():
    whole, broken = eligibility(BODY, BODY), eligibility(BODY).replace(b"IEA*1*", b"IEA*7*")
    found = checked(BytesIO(whole + broken + whole))
    assert (found.sets, found.fault.fault, found.fault.where) == (2, Fault.BAD_COUNT, 23)
    assert found.broken.control == "000000417"
    assert checked(BytesIO(whole + whole)) == (4, None, None)


def test_a_segment_that_carries_bytes_is_passed_over_by_its_length():
    carried = b"a~IEA*1*000000417~\n~ISA*" * 9_000
    set_ = edi("CAT*AE*TX\nBIN*LENGTH*DATA\nLX*1\nBDS*B64*5*a~b~c", set_id="275", version="006020X316", ends="")
    content = set_.replace(b"LENGTH", str(len(carried)).encode()).replace(b"DATA", carried)
    for piece in (300, 5_000, 2**20):
        (found,) = [list(one) for one in transactions(BytesIO(content), piece)]
        assert [segment[:2] for segment in found] == [["CAT", "AE"], ["BIN", "216000"], ["LX", "1"], ["BDS", "B64"]]


def test_a_wrong_length_of_carried_bytes_is_not_believed():
    content = edi("CAT*AE*TX\nBIN*9*abcdef\nLX*1", set_id="275", version="006020X316")
    (found,) = sets_of(content)
    assert found.segments == [["CAT", "AE", "TX"], ["BIN", "9", "abcdef"], ["LX", "1"]]


def test_text_is_utf_8_and_a_segment_that_is_none_is_latin_1():
    content = eligibility("NM1*IL*1*MU\u00d1OZ\nNM1*03*1*XXXX").replace(b"XXXX", b"MU\xd1OZ")
    (found,) = sets_of(content)
    assert [segment[3] for segment in found.segments] == ["MU\u00d1OZ", "MU\u00d1OZ"]
