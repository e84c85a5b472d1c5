"""When a text may go to a patient: hours in both zones, 1 a day and 3 a week; names without a specialty; replies."""

from datetime import UTC, datetime, timedelta

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.alerts.facts.outbox import Language
from app.alerts.facts.texts import Meaning
from app.alerts.rules.area_codes import ALL_ZONES, AREA_CODES, STATE_ZONES, zones_of_address, zones_of_number
from app.alerts.rules.replies import meaning_of, spoken_in
from app.alerts.rules.texting import allowed_from, go_from, language_of, specialty_in, suggested_name
from app.deadlines.rules.calendar import zone_of
from app.practice.forms.practice import STATES
from app.values.phones import read_phone

NY, LA, HI, CHI = "America/New_York", "America/Los_Angeles", "Pacific/Honolulu", "America/Chicago"


def at(hour, minute=0, day=2, month=3):
    """An instant of 2026 in UTC."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zones", "now", "first"),
    [
        ([NY], at(14), at(14)),  # 9:00 AM EST
        ([NY], at(13, 59), at(14)),
        ([NY], at(22, 59), at(22, 59)),  # 5:59 PM
        ([NY], at(23), at(14, day=3)),  # 6:00 PM
        ([NY, LA], at(14), at(17)),  # 9:00 AM in Los Angeles
        ([NY, LA], at(23), at(17, day=3)),
        ([NY, HI], at(14), at(19)),
        ([NY], at(14, day=7), at(14, day=7)),
        ([NY], at(23, day=7), at(13, day=8)),  # clocks go forward in the night
        ([CHI], at(23, 30, day=31, month=10), at(15, day=1, month=11)),  # and back
        (["Pacific/Guam", NY], at(14), None),
        ([], at(3), at(3)),
    ],
)
def test_texts_go_from_nine_to_six_in_every_zone(zones, now, first):
    assert allowed_from(zones, now) == first


@given(
    st.lists(st.sampled_from([NY, CHI, LA, HI, "America/Phoenix", "America/Anchorage"]), min_size=1, max_size=4),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
)
def test_the_first_instant_is_in_hours_everywhere_and_none_before_it_is(zones, now):
    first = allowed_from(zones, now)
    assert first is not None and now <= first <= now + timedelta(days=2)
    assert all(9 <= first.astimezone(zone_of(zone)).hour < 18 for zone in zones)
    if first > now:
        before = first - timedelta(seconds=1)
        assert not all(9 <= before.astimezone(zone_of(zone)).hour < 18 for zone in zones)


@pytest.mark.parametrize(
    ("sent", "day"),
    [
        ([], 10),
        ([at(15, day=10)], 11),
        ([at(3, day=10)], 10),  # late on the 9th in New York
        ([at(15, day=9), at(15, day=8)], 10),
        ([at(15, day=9), at(15, day=8), at(15, day=7)], 14),
        ([at(15, day=9), at(15, day=8), at(15, day=4)], 11),
        ([at(15, day=9), at(15, day=8), at(15, day=3)], 10),
    ],
)
def test_one_a_day_and_three_in_seven_days(sent, day):
    first = go_from([NY], sent, at(16, day=10), NY)
    assert first == (at(16, day=10) if day == 10 else at(13, day=day))


@given(st.lists(st.integers(0, 40), max_size=12))
def test_no_day_gets_two_and_no_seven_days_get_four(wishes):
    sent = []
    for hours in sorted(wishes):
        now = at(15) + timedelta(hours=hours * 7)
        sent.append(go_from([LA], sent, now, NY))
    days = [one.astimezone(zone_of(NY)).date() for one in sent]
    assert len(set(days)) == len(days)
    for day in days:
        assert sum(day <= one < day + timedelta(days=7) for one in days) <= 3


def test_a_text_past_the_count_goes_at_nine_of_the_first_day_that_has_room():
    assert go_from([LA], [at(18, day=2)], at(20, day=2), NY) == at(17, day=3)


def test_every_area_code_whose_numbers_we_take_is_in_known_zones():
    taken = {
        str(code)
        for code in range(200, 1000)
        if any(takes_texts(f"+1{code}{middle}0123") for middle in ("555", "222", "234", "288", "633", "664", "684"))
    }
    assert len(taken) > 300
    assert taken - set(AREA_CODES) == set()
    assert all(zone_of(zone) for zones in AREA_CODES.values() for zone in zones)


def takes_texts(number):
    """Say whether the numbering plan knows a number as one of a person: free, premium and personal ones are not."""
    usual = phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE
    return read_phone(number) is not None and phonenumbers.number_type(phonenumbers.parse(number)) == usual


def test_every_state_that_a_practice_may_name_has_zones():
    assert set(STATE_ZONES) == set(STATES)


@pytest.mark.parametrize(
    ("number", "zones"),
    [
        ("+12125550123", (NY,)),
        ("+18505550123", (NY, CHI)),
        ("+19155550123", ("America/Denver",)),
        ("+18085550123", (HI,)),
        ("+19995550123", ALL_ZONES),
    ],
)
def test_a_number_is_in_the_zones_of_its_area_code(number, zones):
    assert zones_of_number(number) == zones


@pytest.mark.parametrize(
    ("address", "zones"),
    [
        ("12 Elm St, Austin, TX 78701", (CHI, "America/Denver")),
        ("12 Elm St, Seattle, wa. 98101-1234", (LA,)),
        ("12 Elm St", ()),
        (None, ()),
        ("PO Box 12 XX 78701", ()),
    ],
)
def test_an_address_adds_its_states_zones(address, zones):
    assert zones_of_address(address) == zones


@pytest.mark.parametrize(
    ("practice", "name"),
    [
        ("Lakeside Dermatology", "Lakeside"),
        ("Dermatology Associates", ""),
        ("The Skin Cancer Center", ""),
        ("Rivera & Chen Dermatology", "Rivera & Chen"),
        ("Advanced Skin & Laser Institute of Austin", "Advanced Institute"),
        ("Northwest Family Medicine Partners", "Northwest Family"),
        ("Clínica de la Piel Peña", "Clinica de la Peña"),
    ],
)
def test_a_practice_is_named_without_its_specialty_in_twenty_characters(practice, name):
    assert suggested_name(practice) == name
    assert len(name) <= 20
    assert specialty_in(name) is None


@pytest.mark.parametrize("name", ["Lake Derm", "Skin Studio", "DERMATOLOGIST Lee", "Mohs unit", "Acne Clinic"])
def test_a_specialty_in_a_name_is_found(name):
    assert specialty_in(name) is not None


@pytest.mark.parametrize(
    ("spoken", "language"),
    [
        ("Spanish", "es"),
        ("español", "es"),
        ("es-MX", "es"),
        ("ESP", "en"),
        ("English", "en"),
        ("Vietnamese", "en"),
        (None, "es"),
        (" ", "es"),
    ],
)
def test_the_language_is_the_patients_or_the_practices(spoken, language):
    assert language_of(spoken, Language.SPANISH) == language


STOPS = """STOP|stop|Stop.|STOPALL|Quit|END|revoke|OPT-OUT|optout|cancel|Unsubscribe|ALTO|alto!|parar|Cancelar|(STOP)
opt out|Opt Out.|stop all|Stop texting me|Please stop!|  stop|“Stop”|ALTO por favor"""


@pytest.mark.parametrize("body", STOPS.replace("\n", "|").split("|"))
@pytest.mark.parametrize("staff", [True, False])
def test_any_usual_word_ends_texts(body, staff):
    assert meaning_of(body, staff) is Meaning.STOP


@pytest.mark.parametrize(
    "body",
    ["I will cancel my visit on Monday", "Can we stop the medication?", "end of the month?", "ok", "", "texts", "all"],
)
def test_what_only_contains_such_a_word_goes_to_a_person(body):
    assert meaning_of(body, False) is Meaning.OTHER


@pytest.mark.parametrize(
    ("body", "staff", "meaning"),
    [
        ("START", False, Meaning.START),
        ("help", False, Meaning.HELP),
        ("Ayuda", False, Meaning.HELP),
        ("1", True, Meaning.TAKE),
        (" 2. ", True, Meaning.SNOOZE),
        ("3", True, Meaning.HAND_OVER),
        ("4", True, Meaning.OTHER),
        ("1", False, Meaning.OTHER),
        ("1 2", True, Meaning.OTHER),
    ],
)
def test_other_words(body, staff, meaning):
    assert meaning_of(body, staff) is meaning


def test_a_spanish_word_is_answered_in_spanish():
    assert spoken_in("Alto!") is Language.SPANISH
    assert spoken_in("ayuda") is Language.SPANISH
    assert spoken_in("STOP") is None
