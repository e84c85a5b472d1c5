"""What the provider of the tests calls back: signed status reports, doubled, out of order and late; and replies."""

import heapq
import threading
import time
from itertools import count
from typing import Any, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from twilio.request_validator import RequestValidator

DEFAULTS: dict[str, Any] = {
    "on": True,
    "sent_after": 0.05,  # seconds until a message is sent, and until it has ended
    "ended_after": 0.1,
    "double": 0.0,  # rates: reported twice, in the wrong order, not at all, with a wrong signature
    "shuffle": 0.0,
    "lost": 0.0,
    "forge": 0.0,
    "late": 0.0,  # most seconds that a report may come late
    "through": None,  # where reports are taken to, as `http://127.0.0.1:8000`; signed for the address as it was given
}
WORKERS = 4
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Owner(Protocol):
    """The provider, as far as reports need it."""

    settings: dict[str, Any]
    random: Any
    lock: Any

    def write(self, what: str, **entry: Any) -> None:
        """Append one line to the log."""


class Callbacks:
    """Reports to addresses on this machine, each when it is due."""

    def __init__(self, owner: Owner) -> None:
        """Start the workers."""
        self.owner = owner
        self.due: list[tuple[float, int, str, dict[str, str], bool]] = []
        self.numbers = count()
        self.ready = threading.Condition()
        self.opener = build_opener(ProxyHandler({}))
        for _ in range(WORKERS):
            threading.Thread(target=self._work, daemon=True).start()

    @property
    def options(self) -> dict[str, Any]:
        """The settings of reports."""
        return {**DEFAULTS, **self.owner.settings["callbacks"]}

    def plan(self, message: dict[str, Any]) -> None:
        """Plan the reports of a message that was just taken."""
        options = self.options
        if not message["callback"] or not options["on"]:
            return
        fate = self.owner.settings["fates"].get(message["to"])
        end = ("undelivered", options["ended_after"]) if fate else ("delivered", options["ended_after"])
        planned = [("queued", 0.0), ("sent", options["sent_after"]), end]
        with self.owner.lock:
            chance = self.owner.random
            if chance.random() < options["shuffle"]:
                times = [after for _, after in planned]
                chance.shuffle(times)
                planned = [(status, after) for (status, _), after in zip(planned, times, strict=True)]
            twice = [one for one in planned if chance.random() < options["double"]]
            kept = [one for one in [*planned, *twice] if chance.random() >= options["lost"]]
            timed = [(status, after + chance.random() * options["late"]) for status, after in kept]
            forged = [chance.random() < options["forge"] for _ in timed]
        for (status, after), wrong in zip(timed, forged, strict=True):
            code = {"ErrorCode": str(fate)} if fate and status == "undelivered" else {}
            form = {"MessageStatus": status, "SmsStatus": status, **self._named(message["sid"]), **code}
            form |= {"To": message["to"], "From": message["sender"]}
            self.later(after, message["callback"], form, wrong)

    def inbound(self, said: dict[str, str]) -> dict[str, Any]:
        """Hand in a text that someone wrote: `url`, `from`, `to`, `body`, `sid`; `forge` spoils its signature."""
        form = {"From": said["from"], "To": said["to"], "Body": said["body"], "NumMedia": "0", "NumSegments": "1"}
        form |= self._named(said.get("sid") or f"SM{next(self.numbers):032x}")
        return {"status": self._report(said["url"], form, bool(said.get("forge")))}

    def _named(self, sid: str) -> dict[str, str]:
        account = self.owner.settings["account"]
        return {"MessageSid": sid, "SmsSid": sid, "AccountSid": account, "ApiVersion": "2010-04-01"}

    def later(self, after: float, url: str, form: dict[str, str], wrong: bool = False) -> None:
        """Report after some seconds."""
        with self.ready:
            heapq.heappush(self.due, (time.monotonic() + after, next(self.numbers), url, form, wrong))
            self.ready.notify()

    def _next(self) -> tuple[str, dict[str, str], bool]:
        with self.ready:
            while True:
                wait = self.due[0][0] - time.monotonic() if self.due else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self.due)[2:]
                self.ready.wait(wait)

    def _work(self) -> None:
        while True:
            url, form, wrong = self._next()
            status = self._report(url, form, wrong)
            self.owner.write("reported", sid=form["MessageSid"], status=form["MessageStatus"], answer=status)

    def _report(self, url: str, form: dict[str, str], wrong: bool) -> int:
        """Post one report, signed for the address as the sender gave it. Returns the answer's status, 0: none."""
        signature = RequestValidator(self.owner.settings["token"]).compute_signature(url, form)
        parts = urlsplit(url)
        through = urlsplit(self.options["through"] or url)
        if through.hostname not in LOOPBACK:
            return 0
        target = parts._replace(scheme=through.scheme, netloc=through.netloc).geturl()
        headers = {
            "X-Twilio-Signature": "wrong" + signature[5:] if wrong else signature,
            "Content-Type": "application/x-www-form-urlencoded",
            "Host": parts.netloc,
            "X-Forwarded-Proto": parts.scheme,
        }
        request = Request(target, urlencode(form).encode(), headers)
        try:
            with self.opener.open(request, timeout=10) as answer:
                return int(answer.status)
        except HTTPError as error:
            error.close()
            return error.code
        except (URLError, OSError):
            return 0
