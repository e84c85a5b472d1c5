"""Take what clearinghouses brought: files of their folders, answers that they hold for us or gave at once."""

from functools import partial
from uuid import UUID

from app.eligibility.actions.sending import replies_waiting, reply_taken
from app.gateways.access import gateways_of
from app.gateways.facts import Clearinghouse, Incoming
from app.mailroom.actions.receiving import receive
from app.mailroom.facts import LARGEST, Report, Via
from app.platform.alone import alone
from app.platform.caller import Caller
from app.platform.runs import Ran


def take_incoming(caller: Caller) -> Ran:
    """Receive everything that came in. A file is moved away only once it is on file, so that none is lost.

    What was left by a crash comes again and is known by its bytes. A file that cannot be read is kept as a document
    too, and its clearinghouse's folder names the reason beside it. One that breaks, or a folder that cannot be read,
    keeps the others from nothing and is tried again.
    """
    ran = Ran()
    for batch_id, content in replies_waiting(caller).items():
        ran += alone(caller.session, "answer not taken", partial(_take_reply, caller, batch_id, content))
    for house in gateways_of(caller.session).clearinghouses.values():
        ran += alone(caller.session, "folder not read", partial(_take_all, caller, house))
    return ran


def _take_reply(caller: Caller, batch_id: UUID, content: bytes) -> Ran:
    report = receive(caller, content, "answer.x12", Via.GATEWAY)
    reply_taken(caller, batch_id)
    return _came_to(report)


def _take_all(caller: Caller, house: Clearinghouse) -> Ran:
    ran = Ran()
    for incoming in house.waiting():
        ran += alone(caller.session, "file not taken", partial(_take, caller, house, incoming))
    return ran


def _take(caller: Caller, house: Clearinghouse, incoming: Incoming) -> Ran:
    if len(incoming.content) > LARGEST:
        house.settle(
            incoming, f"The file is larger than {LARGEST // 2**20} MiB. Ask the clearinghouse for smaller ones."
        )
        return Ran(1, 0, 1)
    report = receive(caller, incoming.content, incoming.name, Via.FOLDER)
    house.settle(incoming, None if report.fault is None else report.fault.sentence)
    return _came_to(report)


def _came_to(report: Report) -> Ran:
    return Ran(1, 1) if report.fault is None else Ran(1, 0, 1)
