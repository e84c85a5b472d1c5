"""HL7 v2 files read into appointments and patients, trap by trap. Every name and number is invented."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.standards.errors import Fault, ReadingError
from app.standards.hl7v2.reading import read_messages

MSH = "MSH|^~\\&|PM|DERM|CLEARED|DERM|20260302081500-0500||{kind}|{control}|P|2.5.1"
SCH = "SCH|A-100^PM|F-9^EHR||||ADD|ROUTINE^Routine visit|NORMAL|30|min|^^^20260309090000-0500||||||||||||||{status}"
TQ1 = "TQ1|1||||||20260309143000-0500|20260309151500-0500"
PID = "PID|1||555000111^^^SSA^SS~MRN-7^^^DERM^MR||Rivera-Stone^Ana^M||19800214|F"
NPI = "1234567893"


def message(kind="SIU^S12^SIU_S12", *segments, control="C1", end="\r"):
    return end.join([MSH.format(kind=kind, control=control), *segments, ""]).encode()


def siu(*segments, event="S12", status="Booked", sch=SCH):
    return one(message(f"SIU^{event}", sch.format(status=status), *segments))


def one(content):
    (document,) = read_messages(content)
    if "appointments" not in document:
        return document
    (appointment,) = document["appointments"]
    return appointment


def adt(event, *segments):
    return one(message(f"ADT^{event}", f"EVN|{event}|20260302", *segments))


def fault(content):
    found = []
    with pytest.raises(ReadingError) as caught:
        for document in read_messages(content):
            found.append(document)
    return caught.value, found


def test_an_appointment_has_every_field_of_the_contract():
    (document,) = read_messages(
        message(
            "SIU^S12^SIU_S12",
            SCH.format(status="Booked"),
            TQ1,
            PID,
            "DG1|1||L40.0^Psoriasis^I10",
            "RGS|1",
            "AIS|1|A|96910^Light^C4|20260309143000-0500|||45|min",
            "AIL|1|A|MAIN^Room 2^^Main Street",
            f"AIP|1|A|{NPI}^Okafor^Ngozi^^^^MD^^NPI^^^^NPI",
        )
    )
    assert document == {
        "kind": "hl7.siu",
        "transaction": "C1",
        "interchange": None,
        "sent_at": "2026-03-02T08:15:00-05:00",
        "appointments": [
            {
                "event": "S12",
                "action": "new",
                "appointment_id": "A-100",
                "filler_id": "F-9",
                "starts_at": "2026-03-09T14:30:00-05:00",
                "minutes": 45,
                "status": "Booked",
                "locations": ["MAIN"],
                "patient": {
                    "mrn": "MRN-7",
                    "last_name": "Rivera-Stone",
                    "first_name": "Ana",
                    "birth_date": "1980-02-14",
                },
                "provider": {"npi": NPI, "name": "Ngozi Okafor"},
                "location": "MAIN",
                "services": [{"code": "96910", "diagnoses": ["L40.0"]}],
                "reason": "ROUTINE",
            }
        ],
    }


@pytest.mark.parametrize(
    ("event", "action"),
    [
        ("S12", "new"),
        ("S13", "move"),
        ("S14", "change"),
        ("S15", "cancel"),
        ("S16", "cancel"),
        ("S17", "delete"),
        ("S26", "no_show"),
    ],
)
def test_each_event_has_its_action(event, action):
    assert siu(PID, event=event)["action"] == action


def test_other_events_of_schedules_are_read_as_far_as_their_envelope():
    (document,) = read_messages(message("SIU^S23", SCH.format(status="")))
    assert document["appointments"] == []
    assert document["content"] == {"event": "S23", "segments": ["MSH", "SCH"]}


def test_other_messages_are_read_as_far_as_their_envelope():
    (document,) = read_messages(message("ORM^O01", PID, "ORC|NW", control="C8"))
    assert (document["kind"], document["control_number"], document["transaction"]) == ("hl7.orm", "C8", "C8")
    assert document["content"] == {"event": "O01", "segments": ["MSH", "PID", "ORC"]}


def test_the_start_is_tq1_then_ais_then_sch():
    ais = "AIS|1|A|96910|20260310080000-0500"
    assert siu(PID, "RGS|1", ais, TQ1)["starts_at"] == "2026-03-09T14:30:00-05:00"
    assert siu(PID, "RGS|1", ais)["starts_at"] == "2026-03-10T08:00:00-05:00"
    assert siu(PID)["starts_at"] == "2026-03-09T09:00:00-05:00"
    assert siu(PID, sch="SCH|A-100")["starts_at"] is None


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("20260309143000-0500", "2026-03-09T14:30:00-05:00"),
        ("202603091430", "2026-03-09T14:30:00"),
        ("2026030914", "2026-03-09T14:00:00"),
        ("20260309", "2026-03-09"),
        ("20260309143000.1234+0000", "2026-03-09T14:30:00.123400+00:00"),
        ("20260309143000Z", "2026-03-09T14:30:00+00:00"),
        ("2026-03-09T14:30:00-05:00", "2026-03-09T14:30:00-05:00"),
    ],
)
def test_a_time_has_the_offset_that_the_message_gives_and_no_other(sent, read):
    assert siu(PID, f"TQ1|1||||||{sent}")["starts_at"] == read


@pytest.mark.parametrize("sent", ["20260230090000", "202613010900", "tomorrow", "20260309250000", "20260309996"])
def test_a_start_that_is_no_time_is_refused_with_its_segment(sent):
    error, found = fault(message("SIU^S12", SCH.format(status=""), f"TQ1|1||||||{sent}"))
    assert (error.fault, error.place, error.where, error.kind) == (Fault.BAD_VALUE, "segment", 3, "hl7.siu")
    assert not found
    assert sent not in error.sentence


@pytest.mark.parametrize(
    ("segments", "minutes"),
    [
        ((TQ1, "AIS|1||96910||||50|min^Minutes^ISO"), 50),
        ((TQ1, "AIS|1||96910||||2|h"), 120),
        ((TQ1, "AIS|1||96910||||90|s"), 1.5),
        ((TQ1, "AIS|1||96910||||50"), 50),
        ((TQ1, "AIS|1||96910", "AIS|2||96912||||20|MIN"), 20),
        ((TQ1, "AIS|1||96910||||50|furlong"), 45),
        ((TQ1, "AIS|1||96910||||0|min"), 45),
        ((TQ1,), 45),
        ((), 30),
        (("TQ1|1||||||20260309143000-0500|20260309151500",), 30),
        (("TQ1|1||||||20260309143000|20260309140000",), 30),
    ],
)
def test_minutes_are_ais_then_tq1_then_sch(segments, minutes):
    assert siu(*segments)["minutes"] == minutes


@pytest.mark.parametrize(("sent", "minutes"), [("60|s", 1), ("70|Min", 70), ("1|hr", 60), ("|", None), ("x|min", None)])
def test_the_duration_of_sch_has_its_unit(sent, minutes):
    assert siu(PID, sch=f"SCH|A-100|||||||NORMAL|{sent}")["minutes"] == minutes


def test_a_status_is_told_as_sent():
    assert siu(PID, status="Noshow^Did not come^HL70278")["status"] == "Noshow"
    assert siu(PID, status="^Dc")["status"] == "Dc"
    assert siu(PID, status='""')["status"] is None


def test_services_stand_in_their_groups_with_diagnoses_of_the_patient_and_of_the_group():
    read = siu(
        PID,
        "DG1|1||L40.0",
        "RGS|1",
        "AIS|1||96910",
        "AIS|2||96912",
        "DG1|1||L20.9",
        "RGS|2",
        "AIL|1||MAIN",
        "RGS|3",
        "AIS|1||J2357",
    )
    assert read["services"] == [
        {"code": "96910", "diagnoses": ["L40.0", "L20.9"]},
        {"code": "96912", "diagnoses": ["L40.0", "L20.9"]},
        {"code": "J2357", "diagnoses": ["L40.0"]},
    ]


def test_a_service_without_a_code_is_named_by_its_other_system_or_its_text():
    assert siu("RGS|1", "AIS|1||^^^96910^Light^C4")["services"][0]["code"] == "96910"
    assert siu("RGS|1", "AIS|1||^NBUVB")["services"][0]["code"] == "NBUVB"
    assert siu("RGS|1", "AIS|1||")["services"] == []


def test_a_provider_has_an_npi_only_where_the_id_is_one():
    assert siu("AIP|1||1210^Gray^Robert")["provider"] == {"npi": None, "name": "Robert Gray"}
    assert siu("AIP|1||1234567890^Gray")["provider"] == {"npi": None, "name": "Gray"}
    assert siu(f"AIP|1||{NPI}^Gray")["provider"]["npi"] == NPI
    assert siu(f"AIP|1||{NPI}^Gray^^^^^^^^^^^EI")["provider"]["npi"] is None
    assert siu(f"AIP|1||77^Gray^^^^^^^^^^^EI~{NPI}^Gray^^^^^^^^^^^NPI")["provider"]["npi"] == NPI
    assert siu("AIP|1||77^Nurse", f"AIP|2||{NPI}^Gray")["provider"] == {"npi": NPI, "name": "Gray"}
    assert siu(PID)["provider"] == {"npi": None, "name": None}


def test_places_are_listed_in_their_order():
    read = siu("AIL|1||MAIN^Room 2^^Main Street", "AIL|2||^^^North Office", "AIL|3||11&X-Ray&L", "AIL|4||")
    assert (read["location"], read["locations"]) == ("MAIN", ["MAIN", "North Office", "11"])
    assert (siu(PID)["location"], siu(PID)["locations"]) == (None, [])


@pytest.mark.parametrize(
    ("numbers", "mrn"),
    [
        ("1^^^A^SS~7^^^B^MR", "7"),
        ("1^^^A^PI~2^^^B^PT", "1"),
        ("^^^A^MR~5^^^B^PI", "5"),
        ("5", "5"),
        ("5^^^B^mr", "5"),
        ("1^^^A^SS~5^^^B^MRN", "5"),
        ('""', None),
        ("", None),
    ],
)
def test_the_record_number_is_the_one_of_its_type_else_the_first(numbers, mrn):
    assert siu(f"PID|1||{numbers}||Stone^Ana")["patient"]["mrn"] == mrn


def test_a_name_is_its_first_part_and_a_birth_date_a_whole_day():
    read = siu("PID|1||5||Stone&van&Stone^Ana^B~Smith^Other||198002141200-0500")["patient"]
    assert (read["last_name"], read["first_name"], read["birth_date"]) == ("Stone", "Ana", "1980-02-14")
    for unknown in ("1980", "198002", "00000000", "UNKNOWN", '""', ""):
        assert siu(f"PID|1||5||Stone^Ana||{unknown}")["patient"]["birth_date"] is None


def test_an_appointment_without_a_patient_says_so():
    assert set(siu()["patient"].values()) == {None}


def test_a_deleted_value_is_not_two_quotation_marks():
    read = siu('PID|1||5||""^Ana||19800214', "AIL|1||" + '""')
    assert read["patient"]["last_name"] is None
    assert read["locations"] == []


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (r"Stone \T\ Sons", "Stone & Sons"),
        (r"a\F\b\S\c\R\d\E\e", r"a|b^c~d\e"),
        (r"Pe\XC3B1\a", "Peña"),
        (r"\H\Stone\N\ ", "Stone"),
        (r"Stone\Z9\x", r"Stone\Z9\x"),
        (r"C:\temp", r"C:\temp"),
        (r"a\XZZ\b", r"a\XZZ\b"),
        (r"a\XFF\b", r"a\XFF\b"),
        (r"a\.br\b", "a\nb"),
    ],
)
def test_escape_sequences_are_written_out_and_unknown_ones_kept(sent, read):
    (document,) = read_messages(message("SIU^S12", "SCH|A", f"PID|1||5||{sent}^Ana"))
    assert document["appointments"][0]["patient"]["last_name"] == read


def test_the_delimiters_are_those_of_the_message():
    text = "MSH#*!?+#PM##X##20260302##SIU*S12#C1#P#2.5\rSCH#A-1*PM\rPID###9***D*SS!8***D*MR##St|one+x*A^na\r"
    read = one(text.encode())
    assert (read["appointment_id"], read["patient"]["mrn"]) == ("A-1", "8")
    assert (read["patient"]["last_name"], read["patient"]["first_name"]) == ("St|one", "A^na")
    short = "MSH|^~|PM||X||20260302||SIU^S12|C1|P|2.1\rSCH|A-1\rPID|||9~8||Stone&x^Ana\r"
    assert one(short.encode())["patient"]["last_name"] == "Stone"
    longer = "MSH|^~\\&#|PM||X||20260302||SIU^S12|C1|P|2.8\rSCH|A-1\r"
    assert one(longer.encode())["appointment_id"] == "A-1"


@pytest.mark.parametrize(
    "header", ["MSH", "MSH|", "MSH|^^\\&|a", "MSH|^~\\&", "MSH|^~\\&|a|b", "MSHA^~\\&A", "MSH|^~\\&|||||||A"]
)
def test_a_header_that_cannot_be_read_is_refused_with_its_segment(header):
    error, _ = fault((header + "\rPID|1").encode())
    assert (error.fault, error.place, error.where) == (Fault.BAD_ENVELOPE, "segment", 1)


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\r\r", "\n\n"])
def test_segments_end_with_any_line_end(end):
    assert one(message("SIU^S12", SCH.format(status=""), PID, end=end))["patient"]["mrn"] == "MRN-7"


def test_a_line_that_begins_no_segment_goes_on_with_the_one_before():
    read = one(message("SIU^S12", "SCH|A-1||||||two\nlines of reason", PID))
    assert read["reason"] == "two\nlines of reason"
    assert read["patient"]["mrn"] == "MRN-7"


def test_frames_of_a_transport_are_taken_off():
    framed = b"".join(
        b"\x0b" + message("SIU^S12", SCH.format(status=""), PID, control=name) + b"\x1c\r" for name in ("C1", "C2")
    )
    assert [document["transaction"] for document in read_messages(framed)] == ["C1", "C2"]


def test_a_frame_without_an_end_is_truncated():
    whole = b"\x0b" + message("SIU^S12", SCH.format(status=""), PID) + b"\x1c\r"
    error, found = fault(whole + b"\x0b" + message("SIU^S12", SCH.format(status=""), PID))
    assert (error.fault, error.where) == (Fault.TRUNCATED, 6)
    assert len(found) == 1


def test_what_fills_up_the_end_of_a_file_is_taken_off():
    (document,) = read_messages(message("SIU^S12", "SCH|A-1", "PID|1||5||Stone^Ana") + b"\x1a\x00\x00")
    assert document["appointments"][0]["patient"]["first_name"] == "Ana"


def batch(*messages, count=None, end="FTS|1\r"):
    said = len(messages) if count is None else count
    return b"FHS|^~\\&|PM\rBHS|^~\\&|PM\r" + b"".join(messages) + f"BTS|{said}\r{end}".encode()


def test_batches_are_opened_and_counted():
    two = [message("SIU^S12", SCH.format(status=""), control=name) for name in ("C1", "C2")]
    assert [document["transaction"] for document in read_messages(batch(*two))] == ["C1", "C2"]
    error, found = fault(batch(*two, count=3))
    assert (error.fault, error.where, len(found)) == (Fault.BAD_COUNT, 7, 2)
    error, found = fault(batch(*two, end=""))
    assert (error.fault, len(found)) == (Fault.TRUNCATED, 2)
    assert error.sentence == "The file ends before its FTS segment; messages may be missing."


def test_a_message_behind_a_faulty_one_is_read_all_the_same():
    bad = message("SIU^S12", "TQ1|1")
    error, found = fault(bad + message("SIU^S12", SCH.format(status=""), control="C2"))
    assert (error.fault, error.where) == (Fault.TRUNCATED, 2)
    assert [document["transaction"] for document in found] == ["C2"]


def test_a_message_cut_before_its_subject_is_truncated():
    error, _ = fault(message("ADT^A08", "EVN|A08"))
    assert (error.fault, error.where, error.kind) == (Fault.TRUNCATED, 2, "hl7.adt")


@pytest.mark.parametrize("content", [b"", b"\r\n ", b"\xef\xbb\xbf", b"\x0b\x1c\r"])
def test_an_empty_file_is_empty(content):
    assert fault(content)[0].fault in (Fault.EMPTY, Fault.UNKNOWN_KIND)


def test_a_file_without_a_message_is_of_unknown_kind():
    error, _ = fault(PID.encode() + b"\r" + message())
    assert (error.fault, error.where) == (Fault.UNKNOWN_KIND, 1)


def named(name, *, msh18="", mark=b"", encoding="utf-8"):
    header = MSH.format(kind="SIU^S12", control="C1") + f"||||||{msh18}"
    return mark + f"{header}\rSCH|A\rPID|1||5||{name}^Ana\r".encode(encoding)


@pytest.mark.parametrize(
    "content",
    [
        named("Peña"),
        named("Peña", mark=b"\xef\xbb\xbf"),
        named("Peña", msh18="UNICODE UTF-8"),
        named("Peña", msh18="8859/1", encoding="latin-1"),
        named("Peña", encoding="latin-1"),
        named("Peña", msh18="ASCII"),
        named("Peña", msh18="ASCII", encoding="latin-1"),
        "\ufeff".encode("utf-16-le") + named("Peña", encoding="utf-16-le"),
    ],
)
def test_names_are_read_in_the_character_set_of_the_message(content):
    assert one(content)["patient"]["last_name"] == "Peña"


def test_the_apostrophe_of_windows_is_read_where_no_character_set_is_named():
    assert one(named("O’Neil", encoding="cp1252"))["patient"]["last_name"] == "O’Neil"


def test_bytes_that_are_no_text_are_refused():
    assert fault(named("Peña", msh18="UNICODE UTF-8", encoding="latin-1"))[0].fault is Fault.NOT_TEXT
    assert fault(b"MSH|^~\\&|\x00\x01")[0].fault is Fault.NOT_TEXT


IN1 = "IN1|1|PLAN|P-1^^^X|Blue Example^L||||GRP-1||||20260101|20261231"


@pytest.mark.parametrize("event", ["A04", "A08", "A28", "A31"])
def test_a_patient_message_has_every_field_of_the_contract(event):
    full = IN1 + "|" * 23 + "POL-9" + "|" * 13 + "INS-9"
    assert adt(event, PID, full) == {
        "kind": "hl7.adt",
        "transaction": "C1",
        "interchange": None,
        "sent_at": "2026-03-02T08:15:00-05:00",
        "event": event,
        "patient": {
            "mrn": "MRN-7",
            "last_name": "Rivera-Stone",
            "first_name": "Ana",
            "birth_date": "1980-02-14",
            "sex": "F",
        },
        "merged_mrn": None,
        "coverages": [
            {
                "payer": "Blue Example",
                "member_id": "POL-9",
                "group_number": "GRP-1",
                "begins": "2026-01-01",
                "ends": "2026-12-31",
            }
        ],
    }


def test_a_coverage_without_a_policy_number_has_the_insureds_own_and_the_payers_id_where_it_has_no_name():
    (coverage,) = adt("A08", PID, "IN1|1|PLAN|P-1" + "|" * 46 + "INS-9")["coverages"]
    assert coverage == {"payer": "P-1", "member_id": "INS-9", "group_number": None, "begins": None, "ends": None}


def test_a_merge_names_the_number_that_is_no_more():
    read = adt("A40", "PID|1||12345^^^D^MR||Stone^Ana||19800214", "MRG|1^^^D^SS~56789^^^D^MR")
    assert (read["patient"]["mrn"], read["merged_mrn"]) == ("12345", "56789")
    assert adt("A08", PID, "MRG|56789")["merged_mrn"] is None


def test_a_merge_of_two_patients_is_two_documents():
    found = list(read_messages(message("ADT^A40", "PID|1||1", "MRG|2", "PID|2||3", "MRG|4")))
    assert [(one["patient"]["mrn"], one["merged_mrn"]) for one in found] == [("1", "2"), ("3", "4")]


def test_the_event_is_msh_then_evn():
    assert adt("A08", PID)["event"] == "A08"
    (read,) = read_messages(message("ADT", "EVN|A31", PID))
    assert read["event"] == "A31"


STARTS = ["MSH|^~\\&|", "SCH|", "PID|", "TQ1|", "AIS|", "RGS|1", "DG1|", "MRG|", "IN1|", "BHS|^~\\&|", "BTS|1", "FHS|"]
SIGNS = [
    "\r",
    "\n",
    "|",
    "^",
    "~",
    "\\",
    "&",
    '""',
    "\x0b",
    "\x1c",
    "\x00",
    "\\X",
    "SIU^S12",
    "ADT^A40",
    "20260309",
    "é",
]
PIECES = st.sampled_from([*STARTS, *SIGNS])


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_no_text_crashes_the_reader(text):
    for content in (text.encode(), message("SIU^S12", SCH.format(status=""), text), message("ADT^A08", PID, text)):
        try:
            assert all(document["kind"].startswith("hl7.") for document in read_messages(content))
        except ReadingError as error:
            assert error.sentence.endswith(".")


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_crash_the_reader(content):
    for whole in (content, b"MSH|^~\\&|" + content, message("SIU^S12", "SCH|A") + content):
        try:
            list(read_messages(whole))
        except ReadingError as error:
            assert error.fault in Fault
