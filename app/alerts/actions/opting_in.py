"""Tell a patient once, when consent to texts is recorded, what texts come and how to end them."""

from app.alerts.actions.texting import opt_in, standing_of
from app.alerts.facts.texts import SentText
from app.alerts.store import outbox
from app.alerts.store import texts as store
from app.audit.actions import record
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.platform.changes import Changed
from app.platform.ids import new_id


def on_changed(caller: Caller, changed: Changed) -> None:
    """Queue the opt-in message of patients whose consent a person recorded, in the transaction of the change.

    A consent that only a file stated is no word of the patient to us, and sends nothing by itself.
    """
    session, practice_id = caller.session, caller.practice_id
    if not changed.patients or store.practice_texts(session, practice_id) is None:
        return
    consenting = patient_store.consenting(session, practice_id, sorted(changed.patients))
    told = store.opted_in(session, practice_id, sorted(consenting))
    now = caller.clock.now()
    for details in patient_store.seen(session, practice_id, sorted(consenting - told)).values():
        standing = standing_of(session, practice_id, details, now)
        message = opt_in(new_id(), details.id, standing.language, now)
        if standing.why is None and outbox.queue_once(session, practice_id, message):
            sent = SentText(message.id, details.id, None, message.template, message.language, now, caller.user_id)
            store.add_text(session, practice_id, sent)
            record(caller, "alerts.patient_opted_in", [details.id, message.id])
