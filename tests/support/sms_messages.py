"""What the provider of the tests holds: its settings, the messages that it took, and the log that outlives everyone."""

import json
import os
import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from app.platform.clock import SystemClock
from tests.support.pace import from_setting
from tests.support.sms_callbacks import Callbacks

DEFAULTS: dict[str, Any] = {
    "account": "AC" + "0" * 31 + "1",
    "token": "test-token",
    "seed": 1,
    "faults": {},  # rates of sends, by name: {"error_after": 0.1}
    "script": [],  # faults of the next sends, one each, before the rates: ["ok", "busy"]
    "firsts": {},  # faults of the next sends to a number, one each: {"+15005550001": ["busy"]}
    "numbers": {},  # what a number always gets: {"+15005550001": "21211"}
    "find_faults": {},  # rates of look-ups: error, not_json, silent, reset
    "find_script": [],  # faults of the next look-ups, one each
    "fates": {},  # how a number's messages end: {"+15005550009": "30006"}
    "slow": 0.3,  # seconds until a slow answer
    "late": 1.0,  # seconds until a message whose sender waits in vain is taken all the same
    "hold": 30.0,  # seconds that a silent connection is held
    "visible_after": 0.0,  # seconds until a message shows in lists
    "hidden_until_sent": True,  # a filter by date of sending leaves out what waits
    "retry_after": 1,
    "callbacks": {},  # see sms_callbacks.DEFAULTS
    "now": None,  # a fixed instant in ISO form for all dates, for tests whose clock stands still
    "pace": None,  # a clock that runs ahead, as `pace.as_setting` writes it
}

REFUSALS = {"21211": "Invalid 'To' Phone Number", "21610": "Unsubscribed recipient", "21614": "Not a mobile number"}
TAKEN_FIRST = {"error_after", "silent_after", "reset_after", "not_json_after", "cut_json_after", "slow"}
FAULTS = TAKEN_FIRST | {"ok", "error_before", "unavailable", "silent_before", "reset_before", "late", "busy", *REFUSALS}


class Provider:
    """What the provider holds: its settings, its messages by number, and its log."""

    def __init__(self, folder: Path) -> None:
        """Take up what an earlier process accepted."""
        self.settings = {**DEFAULTS, **json.loads((folder / "settings.json").read_text())}
        self.random = random.Random(self.settings["seed"])
        self.lock = threading.Lock()
        path = folder / "log.jsonl"
        self.log = os.open(path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o644)
        self.messages: dict[str, dict[str, Any]] = {}
        for line in path.read_text().splitlines():
            entry = json.loads(line)
            if entry["what"] == "accepted":
                self.messages[entry["sid"]] = entry
        self.callbacks = Callbacks(self)

    def now(self) -> datetime:
        """The instant, or the fixed one, or that of the clock that runs ahead."""
        if self.settings["pace"]:
            return from_setting(self.settings["pace"]).now()
        fixed = self.settings["now"]
        return datetime.fromisoformat(fixed) if fixed else SystemClock().now()

    def write(self, what: str, **entry: Any) -> None:
        """Append one line to the log, whole."""
        os.write(self.log, (json.dumps({"what": what, **entry}) + "\n").encode())

    def choose(self, script: str, rates: str, number: str | None = None) -> str:
        """Choose what happens to a request: the script, then what the number gets, then the rates."""
        with self.lock:
            if self.settings[script]:
                return str(self.settings[script].pop(0))
            if self.settings["firsts"].get(number):
                return str(self.settings["firsts"][number].pop(0))
            if number in self.settings["numbers"]:
                return str(self.settings["numbers"][number])
            drawn = self.random.random()
            for name, rate in self.settings[rates].items():
                drawn -= rate
                if drawn < 0:
                    return str(name)
        return "ok"

    def accept(self, form: dict[str, str], fault: str) -> dict[str, Any]:
        """Take a message: it is in the log before anyone hears of it."""
        with self.lock:
            sid = f"SM{self.random.getrandbits(96):024x}{len(self.messages):08x}"
            message = {
                "sid": sid,
                "to": form.get("To", ""),
                "sender": form.get("From") or form.get("MessagingServiceSid", ""),
                "body": form.get("Body", ""),
                "callback": form.get("StatusCallback"),
                "fields": sorted(form),
                "at": self.now().isoformat(),
                "fault": fault,
                "taken": time.monotonic(),
            }
            self.write("accepted", **message)
            self.messages[sid] = message
        self.callbacks.plan(message)
        return message

    def status(self, message: dict[str, Any]) -> tuple[str, str | None]:
        """The status of a message by now, and its error code."""
        fate = self.settings["fates"].get(message["to"])
        age = time.monotonic() - message["taken"]
        if age < self.callbacks.options["sent_after"]:
            return "queued", None
        if age < self.callbacks.options["ended_after"]:
            return "sent", None
        return ("undelivered", str(fate)) if fate else ("delivered", None)

    def shown(self, message: dict[str, Any]) -> dict[str, Any]:
        """A message as the provider's answers show it."""
        status, code = self.status(message)
        made = format_datetime(datetime.fromisoformat(message["at"]).astimezone(UTC))
        account = self.settings["account"]
        return {
            "account_sid": account,
            "api_version": "2010-04-01",
            "body": message["body"],
            "date_created": made,
            "date_sent": None if status == "queued" else made,
            "date_updated": made,
            "direction": "outbound-api",
            "error_code": int(code) if code else None,
            "error_message": None,
            "from": message["sender"],
            "messaging_service_sid": None,
            "num_media": "0",
            "num_segments": str(-(-len(message["body"]) // 160)),
            "price": None,
            "price_unit": "USD",
            "sid": message["sid"],
            "status": status,
            "subresource_uris": {},
            "to": message["to"],
            "uri": f"/2010-04-01/Accounts/{account}/Messages/{message['sid']}.json",
        }

    def listed(self, query: dict[str, str]) -> list[dict[str, Any]]:
        """The messages that a list's filters leave, newest first."""
        with self.lock:
            every = list(self.messages.values())[::-1]
        old = time.monotonic() - self.settings["visible_after"]
        return [one for one in every if one["taken"] <= old and self._passes(one, query)]

    def _passes(self, message: dict[str, Any], query: dict[str, str]) -> bool:
        if query.get("To", message["to"]) != message["to"] or query.get("From", message["sender"]) != message["sender"]:
            return False
        asked = {name for name in ("DateSent", "DateSent<", "DateSent>") if name in query}
        if asked and self.settings["hidden_until_sent"] and self.status(message)[0] == "queued":
            return False
        at = datetime.fromisoformat(message["at"]).replace(microsecond=0)
        whole_day = timedelta(days=1)
        tests: dict[str, Callable[[datetime], bool]] = {
            "DateSent": lambda day: day <= at < day + whole_day,
            "DateSent<": lambda day: at <= day,
            "DateSent>": lambda day: at >= day,
        }
        return all(tests[name](_instant(query[name])) for name in asked)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).replace(tzinfo=UTC)
