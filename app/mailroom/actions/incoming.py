"""Take what clearinghouses brought: files of their folders, answers that they hold for us or gave at once."""

from app.eligibility.actions.sending import replies_waiting, reply_taken
from app.gateways.access import gateways_of
from app.gateways.facts import Clearinghouse, Incoming
from app.mailroom.actions.receiving import receive
from app.mailroom.facts import LARGEST, Report, Via
from app.platform.caller import Caller
from app.platform.runs import Ran


def take_incoming(caller: Caller) -> Ran:
    """Receive everything that came in. A file is moved away only once it is on file, so that none is lost.

    What was left by a crash comes again and is known by its bytes. A file that cannot be read is kept as a document
    too, and its clearinghouse's folder names the reason beside it.
    """
    ran = _at_once(caller)
    for house in gateways_of(caller.session).clearinghouses.values():
        for incoming in house.waiting():
            ran += _take(caller, house, incoming)
    return ran


def _at_once(caller: Caller) -> Ran:
    ran = Ran()
    for batch_id, content in replies_waiting(caller).items():
        report = receive(caller, content, "answer.x12", Via.GATEWAY)
        reply_taken(caller, batch_id)
        ran += _came_to(report)
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
