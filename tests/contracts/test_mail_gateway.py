"""One promise of every way to send e-mail: four answers, no exceptions, one fixed Message-ID, never in the clear."""

import ssl
from dataclasses import replace

import pytest

from app.gateways.facts import Answer, Mail, Outcome
from app.gateways.recording import RecordingMail
from app.gateways.smtp_mail import SmtpMail, SmtpServer
from tests.support import make

pytestmark = pytest.mark.loopback
MAIL = Mail("kim@example.test", "One approval ends", "Text", "<p>Text</p>", "<m1@practice.example>")

ANSWERS = {
    "451": Answer(Outcome.LATER, code="smtp-451"),
    "421": Answer(Outcome.LATER, code="smtp-421"),
    "rcpt_451": Answer(Outcome.LATER, code="smtp-451"),
    "550": Answer(Outcome.REFUSED, code="smtp-550"),
    "rcpt_550": Answer(Outcome.REFUSED, code="smtp-550"),
    "drop_before": Answer(Outcome.UNCLEAR, code="no-answer"),
    "drop_after": Answer(Outcome.UNCLEAR, code="no-answer"),
    "silent_after": Answer(Outcome.UNCLEAR, code="no-answer"),
}


class Fake:
    """The recording gateway, told to answer as a server would."""

    def __init__(self):
        self.gateway = RecordingMail()

    def next(self, fault):
        """Say what befalls the next e-mail."""
        self.gateway.answers.append(ANSWERS[fault])

    def ids(self):
        """The Message-IDs that were handed in."""
        return [one.message_id for one in self.gateway.sent]


class Real:
    """The real client against a server of this machine."""

    def __init__(self, mail_server):
        self.server = mail_server()
        place = SmtpServer(self.server.host, self.server.port, "cleared@practice.example", "none", seconds=1.0)
        self.gateway = SmtpMail(place, clock=make.clock())

    def next(self, fault):
        """Say what befalls the next e-mail."""
        self.server.script.append(fault)

    def ids(self):
        """The Message-IDs that were taken."""
        return self.server.ids()


@pytest.fixture(params=["fake", "smtp"])
def rig(request, mail_server):
    """Each way to send e-mail, and what to tell its server."""
    return Fake() if request.param == "fake" else Real(mail_server)


def test_an_email_that_is_taken_keeps_its_message_id(rig):
    assert rig.gateway.send(MAIL) == Answer(Outcome.ACCEPTED, MAIL.message_id)
    assert rig.ids() == [MAIL.message_id]


@pytest.mark.parametrize("fault", sorted(ANSWERS))
def test_an_answer_is_one_of_four(rig, fault):
    rig.next(fault)
    assert rig.gateway.send(MAIL) == ANSWERS[fault]
    assert rig.gateway.send(replace(MAIL, message_id="<m2@practice.example>")).outcome is Outcome.ACCEPTED
    assert rig.ids()[-1] == "<m2@practice.example>"


def test_text_and_html_arrive_as_they_were_written(mail_server):
    server = mail_server()
    gateway = SmtpMail(SmtpServer(server.host, server.port, "cleared@practice.example", "none"), clock=make.clock())
    long = "é" + "word " * 400
    gateway.send(replace(MAIL, subject="Añadir a 3 visits", text=long, html=f"<p>{long}</p>"))
    taken = server.accepted[0]
    assert (taken["Subject"], taken["From"], taken["To"]) == ("Añadir a 3 visits", "cleared@practice.example", MAIL.to)
    assert taken["Date"].datetime == make.NOW
    assert taken.get_body(("plain",)).get_content().strip() == long.strip()
    assert taken.get_body(("html",)).get_content().strip() == f"<p>{long}</p>"


def test_a_line_break_in_a_header_is_refused_before_anything_is_sent(mail_server):
    server = mail_server()
    gateway = SmtpMail(SmtpServer(server.host, server.port, "cleared@practice.example", "none"))
    answer = gateway.send(replace(MAIL, subject="One\r\nBcc: all@example.test"))
    assert answer == Answer(Outcome.REFUSED, code="content")
    assert server.tried == []


def test_starttls_and_a_log_in_are_used_and_a_wrong_password_is_ours_to_mend(mail_server):
    server = mail_server(starttls=True, login=("sender", "word"))
    context = ssl.create_default_context(cafile=str(server.certificate))
    place = SmtpServer("localhost", server.port, "cleared@practice.example", user="sender", password="word")
    assert SmtpMail(place, context).send(MAIL).outcome is Outcome.ACCEPTED
    assert server.over_tls == [True]
    assert SmtpMail(replace(place, password="other"), context).send(MAIL) == Answer(Outcome.LATER, code="smtp-login")
    assert server.ids() == [MAIL.message_id]


def test_nothing_is_sent_without_the_encryption_that_was_asked_for(mail_server):
    plain = mail_server()
    place = SmtpServer("localhost", plain.port, "cleared@practice.example")
    assert SmtpMail(place).send(MAIL) == Answer(Outcome.LATER, code="smtp-tls")
    unknown = mail_server(starttls=True)
    answer = SmtpMail(replace(place, port=unknown.port)).send(MAIL)  # a certificate that nobody vouches for
    assert answer == Answer(Outcome.LATER, code="smtp-tls")
    assert plain.ids() == unknown.ids() == []


def test_a_server_that_does_not_listen_means_later():
    place = SmtpServer("127.0.0.1", 9, "cleared@practice.example", "none")
    assert SmtpMail(place).send(MAIL) == Answer(Outcome.LATER, code="no-connection")


def test_only_this_machine_is_sent_to_in_the_clear():
    with pytest.raises(ValueError, match="encrypted"):
        SmtpMail(SmtpServer("mail.example.com", 25, "cleared@practice.example", "none"))
    assert "word" not in repr(SmtpServer("localhost", 25, "a@b.example", user="u", password="word"))
