"""Settings of texts and e-mail: none is needed, half of them are named, secrets are never shown."""

import pytest

from config import SettingsError, load

ACCOUNT, SERVICE, TOKEN = "AC" + "0" * 32, "MG" + "1" * 32, "token-of-a-test-0123456789abcdef"
TEXTS = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_FROM": "+12125550123"}
MAIL = {"SMTP_HOST": "mail.example.com", "SMTP_FROM": "cleared@practice.example"}


def faults_of(environment):
    with pytest.raises(SettingsError) as error:
        load(environment)
    assert TOKEN not in str(error.value)
    return error.value.faults


def test_without_settings_nothing_is_sent():
    settings = load({})
    assert settings.texts is None
    assert settings.mail is None


def test_whole_settings_are_read_and_secrets_are_not_shown():
    settings = load({**TEXTS, **MAIL, "SMTP_USER": "cleared", "SMTP_PASSWORD": "secret-of-a-test"})
    assert settings.texts.sender == "+12125550123"
    assert (settings.mail.port, settings.mail.tls) == (587, "starttls")
    assert TOKEN not in repr(settings)
    assert "secret-of-a-test" not in repr(settings)
    with_service = {name: value for name, value in TEXTS.items() if name != "TWILIO_FROM"}
    assert load({**with_service, "TWILIO_MESSAGING_SERVICE_SID": SERVICE}).texts.service == SERVICE


def test_the_port_follows_from_the_kind_of_connection():
    assert load({**MAIL, "SMTP_TLS": "tls"}).mail.port == 465
    assert load({**MAIL, "SMTP_HOST": "127.0.0.1", "SMTP_TLS": "none"}).mail.port == 25
    assert load({**MAIL, "SMTP_PORT": "2525"}).mail.port == 2525


def test_half_settings_are_named_all_at_once():
    faults = faults_of({"TWILIO_ACCOUNT_SID": ACCOUNT, "SMTP_HOST": "mail.example.com", "SMTP_USER": "cleared"})
    assert faults == [
        "TWILIO_AUTH_TOKEN is missing; with TWILIO_ACCOUNT_SID set, texts need it.",
        "TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID is missing; with TWILIO_ACCOUNT_SID set, texts need one of them.",
        "SMTP_FROM is missing; with SMTP_HOST set, e-mail needs it.",
        "SMTP_PASSWORD is missing; with SMTP_USER set, e-mail needs it.",
    ]
    assert faults_of({"SMTP_PASSWORD": "x" * 9, "SMTP_FROM": "a@b.example", "SMTP_HOST": "m.example"}) == [
        "SMTP_USER is missing; with SMTP_PASSWORD set, e-mail needs it."
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TWILIO_ACCOUNT_SID", "AC12"),
        ("TWILIO_AUTH_TOKEN", "a b"),
        ("TWILIO_FROM", "555-0123"),
        ("TWILIO_MESSAGING_SERVICE_SID", "AC" + "0" * 32),
        ("TWILIO_API_URL", "https://api.example.com"),
        ("TWILIO_API_URL", "http://[::1"),
        ("SMTP_PORT", "mail"),
        ("SMTP_PORT", "70000"),
        ("SMTP_FROM", "Cleared"),
        ("SMTP_TLS", "ssl"),
        ("SMTP_TLS", "none"),
    ],
)
def test_each_wrong_value_is_named(name, value):
    (fault,) = faults_of({**TEXTS, **MAIL, name: value})
    assert fault.startswith(name)


@pytest.mark.parametrize("address", ["http://127.0.0.1:4010", "http://localhost:4010", "http://[::1]:4010"])
def test_texts_may_go_to_a_server_of_this_machine_only(address):
    assert load({**TEXTS, "TWILIO_API_URL": address}).texts.api_url == address


@pytest.mark.parametrize(("length", "faults"), [(45, 0), (46, 1)])
def test_an_address_that_no_text_has_room_for_is_refused_where_texts_are_set_up(length, faults):
    address = "https://".ljust(length - 4, "x") + ".com"
    if faults:
        (fault,) = faults_of({**TEXTS, "PUBLIC_BASE_URL": address})
        assert fault.startswith("PUBLIC_BASE_URL has 46 characters; every text holds it")
    else:
        assert load({**TEXTS, "PUBLIC_BASE_URL": address}).base_url == address
    assert load({"PUBLIC_BASE_URL": address}).base_url == address
