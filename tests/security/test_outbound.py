"""The program calls only hosts that its settings name, at addresses that were judged, and follows nobody elsewhere."""

import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_network
from threading import Thread
from typing import Any

import pytest
from requests import ReadTimeout
from requests.exceptions import ConnectionError as ConnectionFailed

from app.gateways import twilio_http
from app.gateways.facts import Mail, Outcome
from app.gateways.outbound import NotNamedError, Outbound
from app.gateways.smtp_mail import SmtpMail, SmtpServer, _strict
from app.gateways.twilio_http import QuietHttpClient
from config import load

PUBLIC = "93.184.215.14"
NAMED = frozenset({("mail.example.com", 587), ("10.1.2.3", 25), ("localhost", 25), ("127.0.0.1", 25)})


def wall(*answers: str, private: tuple[str, ...] = ()) -> Outbound:
    def look_up(_name: str, port: int, **_named: Any) -> list[Any]:
        return [(None, None, None, "", (answer, port)) for answer in answers]

    return Outbound(NAMED, tuple(map(ip_network, private)), look_up)


def test_only_a_host_and_port_that_the_settings_name_is_called():
    assert wall(PUBLIC).addresses("Mail.Example.com.", 587) == [PUBLIC]
    for host, port in (("mail.example.com", 25), ("evil.example.com", 587), ("mail.example.com.evil.example", 587)):
        with pytest.raises(NotNamedError):
            wall(PUBLIC).addresses(host, port)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:db8::1",
    ],
)
def test_a_name_that_leads_inside_is_not_called(address):
    with pytest.raises(NotNamedError):
        wall(address).addresses("mail.example.com", 587)
    with pytest.raises(NotNamedError):
        wall(PUBLIC, address).addresses("mail.example.com", 587)


def test_an_address_inside_is_called_where_the_settings_name_it():
    assert wall("10.1.2.3").addresses("10.1.2.3", 25) == ["10.1.2.3"]
    assert wall("127.0.0.1").addresses("localhost", 25) == ["127.0.0.1"]
    assert wall("10.9.9.9", private=("10.9.0.0/16",)).addresses("mail.example.com", 587) == ["10.9.9.9"]
    with pytest.raises(NotNamedError):
        wall("10.8.9.9", private=("10.9.0.0/16",)).addresses("mail.example.com", 587)
    with pytest.raises(NotNamedError):
        wall("10.0.0.1").addresses("localhost", 25)


def test_where_clouds_tell_their_secrets_is_never_called_whoever_names_it():
    for address in ("169.254.169.254", "fd00:ec2::254", "100.100.100.200"):
        with pytest.raises(NotNamedError):
            wall(address, private=("0.0.0.0/0", "::/0")).addresses("mail.example.com", 587)


def test_settings_name_networks_inside():
    assert load({"OUTBOUND_PRIVATE": "10.9.0.0/16, 192.168.1.7"}).outbound_private == (
        ip_network("10.9.0.0/16"),
        ip_network("192.168.1.7"),
    )


def test_mail_whose_server_leads_inside_stays_here(monkeypatch):
    gateway = SmtpMail(SmtpServer("mail.example.com", 587, "cleared@practice.example"))
    monkeypatch.setattr(gateway, "_wall", wall("192.168.1.1"))
    answer = gateway.send(Mail("kim@example.test", "Subject", "Text", "<p>Text</p>", "<one@example.test>"))
    assert (answer.outcome, answer.code) == (Outcome.LATER, "no-connection")


def test_mail_is_encrypted_by_tls_1_2_at_least_and_its_certificate_is_checked():
    context = _strict()
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED


class Elsewhere(BaseHTTPRequestHandler):
    """Sends whoever asks elsewhere, or drips an answer that never ends."""

    asked: list[str] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path == "/drip":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"x" * 4096)
            return
        self.send_response(307)
        self.send_header("Location", "/stolen")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_given: Any) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """A server on this machine that redirects."""
    Elsewhere.asked.clear()
    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def http(elsewhere: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[QuietHttpClient]:
    """The HTTP client of gateways, led to that server."""
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    made = QuietHttpClient(elsewhere)
    yield made
    made.session.close()


@pytest.mark.loopback
def test_no_redirect_is_followed(http, elsewhere):
    assert http.request("GET", f"{elsewhere}/go", allow_redirects=True).status_code == 307
    assert Elsewhere.asked == ["/go"]


@pytest.mark.loopback
def test_another_host_is_refused_before_anything_is_sent(http):
    for address in ("http://127.0.0.1:9/", "https://evil.example.com/", "http://169.254.169.254/latest/meta-data/"):
        with pytest.raises(ConnectionFailed):
            http.request("GET", address)
    assert Elsewhere.asked == []


@pytest.mark.loopback
def test_an_answer_that_does_not_end_is_cut_off(http, elsewhere, monkeypatch):
    monkeypatch.setattr(twilio_http, "LARGEST_ANSWER", 1024)
    with pytest.raises(ReadTimeout):
        http.request("GET", f"{elsewhere}/drip")


@pytest.mark.loopback
def test_a_name_is_looked_up_once_for_a_connection(http, elsewhere):
    """Who answers a second look-up with another address (DNS rebinding) changes nothing."""
    port, asked = int(elsewhere.rsplit(":", 1)[1]), []

    def look_up(name: str, port: int, **_named: Any) -> list[Any]:
        asked.append(name)
        return [(None, None, None, "", ("127.0.0.1" if len(asked) == 1 else "127.0.0.2", port))]

    pinned = Outbound(frozenset({("rebinding.example", port)}), (ip_network("127.0.0.0/8"),), look_up)
    connection = pinned.connect("rebinding.example", port, 5)
    assert connection.getpeername() == ("127.0.0.1", port)
    connection.close()
    assert asked == ["rebinding.example"]
