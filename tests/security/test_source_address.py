"""Where a request came from: nobody can choose it for himself, whatever he writes into the headers."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.source import UNIX_SOCKET, source_of

PROXY = (ip_network("127.0.0.1"), ip_network("10.0.0.0/24"))
A_PERSON = "203.0.113.9"


def test_without_a_named_proxy_headers_are_not_read():
    assert source_of(A_PERSON, "198.51.100.1", ()) == A_PERSON
    assert source_of("127.0.0.1", "198.51.100.1", ()) == "127.0.0.1"


def test_a_stranger_who_reaches_us_past_the_proxy_stays_who_he_is():
    assert source_of(A_PERSON, "198.51.100.1, 127.0.0.1", PROXY) == A_PERSON


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (A_PERSON, A_PERSON),
        (f"198.51.100.1, {A_PERSON}", A_PERSON),
        (f"127.0.0.1, {A_PERSON}", A_PERSON),  # a client that gives itself out for our proxy
        (f"{A_PERSON}, 10.0.0.7", A_PERSON),  # two proxies of ours
        (f"198.51.100.1, {A_PERSON}, 10.0.0.7, 10.0.0.8", A_PERSON),
        ("", "127.0.0.1"),
        ("unknown", "127.0.0.1"),
        (f"{A_PERSON}, nonsense", "127.0.0.1"),
        (f"{A_PERSON}:51423", A_PERSON),
        ("[2001:DB8::1]:51423", "2001:db8::1"),
        ("2001:db8:0:0::1", "2001:db8::1"),
        (f"::ffff:{A_PERSON}", A_PERSON),
        ("10.0.0.7, 10.0.0.8", "10.0.0.7"),
    ],
)
def test_the_nearest_address_that_is_no_proxy_of_ours(written, found):
    assert source_of("127.0.0.1", written, PROXY) == found


def test_a_socket_of_this_machine_counts_as_a_proxy_only_when_named():
    assert source_of("", A_PERSON, PROXY) is None
    assert source_of("", A_PERSON, (UNIX_SOCKET,)) == A_PERSON


@given(st.text(max_size=200))
def test_whatever_a_client_writes_the_proxys_word_stands(forged):
    assert source_of("127.0.0.1", f"{forged}, {A_PERSON}", PROXY) == A_PERSON


@given(st.text(max_size=200))
def test_no_header_breaks_anything(written):
    assert source_of("127.0.0.1", written, PROXY) is not None
