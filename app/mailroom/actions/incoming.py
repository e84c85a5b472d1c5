"""Take what clearinghouses brought: files of their folders, answers that they hold for us or gave at once."""

from functools import partial
from uuid import UUID

from app.eligibility.actions.sending import replies_waiting, reply_taken
from app.eligibility.facts.asking import Reply
from app.gateways.access import gateways_of
from app.gateways.facts import Clearinghouse, Incoming
from app.mailroom.actions.acknowledging import make_acknowledgements, send_acknowledgements
from app.mailroom.actions.receiving import receive
from app.mailroom.facts import LARGEST, Report, Via
from app.platform.alone import alone
from app.platform.caller import Caller
from app.platform.runs import Ran


def take_incoming(caller: Caller) -> Ran:
    """Receive everything that came in, and acknowledge it. A file is moved away only once it is on file.

    What was left by a crash comes again and is known by its bytes. A file that cannot be read is kept as a document
    too, and its clearinghouse's folder names the reason beside it. One that breaks, or a folder that cannot be read,
    keeps the others from nothing and is tried again.
    """
    ran = Ran()
    for batch_id, reply in replies_waiting(caller).items():
        ran += alone(caller.session, "answer not taken", partial(_take_reply, caller, batch_id, reply))
    for name, house in gateways_of(caller.session).clearinghouses.items():
        ran += alone(caller.session, "folder not read", partial(_take_all, caller, name, house))
    return ran + make_acknowledgements(caller) + send_acknowledgements(caller)


def _take_reply(caller: Caller, batch_id: UUID, reply: Reply) -> Ran:
    report = receive(caller, reply.content, "answer.x12", Via.GATEWAY, house=reply.clearinghouse)
    reply_taken(caller, batch_id)
    return _came_to(report)


def _take_all(caller: Caller, name: str, house: Clearinghouse) -> Ran:
    ran = Ran()
    for incoming in house.waiting():
        ran += alone(caller.session, "file not taken", partial(_take, caller, name, house, incoming))
    return ran


def _take(caller: Caller, name: str, house: Clearinghouse, incoming: Incoming) -> Ran:
    if len(incoming.content) > LARGEST:
        house.settle(
            incoming, f"The file is larger than {LARGEST // 2**20} MiB. Ask the clearinghouse for smaller ones."
        )
        return Ran(1, 0, 1)
    report = receive(caller, incoming.content, incoming.name, Via.FOLDER, house=name)
    house.settle(incoming, None if report.fault is None else report.fault.sentence)
    return _came_to(report)


def _came_to(report: Report) -> Ran:
    return Ran(1, 1) if report.fault is None else Ran(1, 0, 1)
