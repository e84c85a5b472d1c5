"""The envelope of CAQH CORE connectivity (vC2.2.0, vC4.0.0): one HTTP form of several parts, written and read."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import Message
from email.parser import BytesParser

from app.gateways.facts import Sends

ELIGIBILITY_REQUEST = "X12_270_Request_005010X279A1"
PAYLOADS = {
    Sends.REQUESTS: ELIGIBILITY_REQUEST,
    Sends.REVIEWS: "X12_278_Request_005010X217E1_2",
    Sends.ANSWER_999: "X12_999_SubmissionRequest_005010X231A1",
    Sends.ANSWER_TA1: "X12_TA1_SubmissionRequest_00501X231A1",
}
"""What the rule calls each file that we send."""
RESULTS_REQUEST = "X12_005010_Request_Batch_Results_271"
REVIEW_RESULTS_REQUEST = "X12_005010_Request_Batch_Results_278"
RULE_VERSIONS = ("2.2.0", "4.0.0")
SUCCESS = "Success"
LARGEST_PARTS = 40
_CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What an answer holds: its type, its id, the error code (`Success` where there is none) and the payload."""

    payload_type: str
    payload_id: str
    error_code: str
    payload: bytes | None


def fields_of(
    payload_type: str, payload_id: str, sender: str, receiver: str, version: str, realtime: bool, at: datetime
) -> dict[str, str]:
    """Write the fields that stand beside every payload. `at` is the moment of sending; it is written in UTC."""
    return {
        "PayloadType": payload_type,
        "ProcessingMode": "RealTime" if realtime else "Batch",
        "PayloadID": payload_id,
        "TimeStamp": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "SenderID": sender,
        "ReceiverID": receiver,
        "CORERuleVersion": version,
    }


def batch_fields(content: bytes) -> dict[str, str]:
    """Write what a batch says of its payload: how many bytes, and the check sum that the rule asks for (SHA-1)."""
    check_sum = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    return {"PayloadLength": str(len(content)), "CheckSum": check_sum}


def read_envelope(content_type: str, body: bytes) -> Envelope | None:
    """Read an answer; None where it is no envelope, or where its check sum or length do not fit its payload."""
    if not content_type.lower().startswith("multipart/") or "\n" in content_type or "\r" in content_type:
        return None
    whole = b"Content-Type: " + content_type.encode("latin-1", "replace") + b"\r\n\r\n" + body
    message = BytesParser(policy=policy.HTTP).parsebytes(whole)
    parts = message.get_payload()
    if not isinstance(parts, list) or len(parts) > LARGEST_PARTS:
        return None
    found: dict[str, bytes] = {}
    for part in parts:
        if not isinstance(part, Message):
            return None
        name = part.get_param("name", header="content-disposition")
        if isinstance(name, str) and name not in found:
            decoded = part.get_payload(decode=True)
            found[name] = decoded if isinstance(decoded, bytes) else b""
    return _envelope(found)


def _envelope(found: dict[str, bytes]) -> Envelope | None:
    text = {name: value.decode("utf-8", "replace").strip() for name, value in found.items() if name != "Payload"}
    payload = found.get("Payload") or None
    if "ErrorCode" not in text and "PayloadType" not in text:
        return None
    if payload is not None and not _whole(payload, text):
        return None
    code = text.get("ErrorCode") or SUCCESS
    return Envelope(
        text.get("PayloadType", ""),
        text.get("PayloadID", ""),
        code if _CODE.fullmatch(code) else "unreadable",
        payload,
    )


def _whole(payload: bytes, text: dict[str, str]) -> bool:
    length, check_sum = text.get("PayloadLength"), text.get("CheckSum")
    if length and length.isdecimal() and int(length) != len(payload):
        return False
    return not check_sum or check_sum.lower() == batch_fields(payload)["CheckSum"]
