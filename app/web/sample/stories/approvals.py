"""Stories about approvals: none, undecided, ended, used up, or for another plan, code, person, place or drug."""

from datetime import time, timedelta

from app.clearance.facts.reasons import Badge, Check
from app.web.sample.clinic import (
    DEMOFORD,
    FICTWORTH,
    HARBOR,
    HARBORLIGHT,
    MILL,
    NORTHGALE,
    PLACEHOLT,
    PLUMERIA,
    QUILLWORK,
    SAMPLETON,
    TAMARACK,
)
from app.web.sample.scene import BOOTH, Scene, Telling, near, soon

story = Telling()
DAY = timedelta(days=1)


@story(
    "S-APPROVAL-1", Badge.BLOCKED, Check.APPROVAL, HARBORLIGHT,
    "Light treatment needs approval, and no request was made.",
)  # fmt: skip
def _no_request(scene: Scene) -> None:
    scene.covered()
    scene.booked("96910", "L40.0")


@story(
    "S-APPROVAL-2", Badge.WAITING, Check.APPROVAL, HARBORLIGHT,
    "The request was sent; the payer has not decided.", near,
)  # fmt: skip
def _pending(scene: Scene) -> None:
    scene.covered()
    scene.asked(BOOTH, "pending")
    scene.booked("96910", "L20.9")


@story(
    "S-APPROVAL-3", Badge.BLOCKED, Check.APPROVAL, PLUMERIA,
    "The payer denied the drug, and the visit is still booked.",
)  # fmt: skip
def _denied(scene: Scene) -> None:
    scene.covered()
    scene.asked("J3245:100", "denied", denial_reason="Trial of topical treatment not shown")
    scene.booked("J3245", "L40.0", units="100", by=FICTWORTH)


@story(
    "S-APPROVAL-4", Badge.BLOCKED, Check.APPROVAL, HARBORLIGHT,
    "The request was written and never sent.",
)  # fmt: skip
def _draft(scene: Scene) -> None:
    scene.covered()
    scene.asked(BOOTH, "draft")
    scene.booked("96912", "L40.0", site=MILL, by=DEMOFORD)


@story(
    "S-APPROVAL-5", Badge.WAITING, Check.APPROVAL, PLUMERIA,
    "The payer asked for more information, and nobody has answered.",
)  # fmt: skip
def _more_info(scene: Scene) -> None:
    scene.covered()
    scene.asked("J2357:60", "more info asked", note="Payer wants the chart of the last six months")
    scene.booked("J2357", "L50.1", units="60")


@story(
    "S-APPROVAL-6", Badge.BLOCKED, Check.APPROVAL, QUILLWORK,
    "The denial is in appeal; until it is turned around the visit has no approval.",
)  # fmt: skip
def _in_appeal(scene: Scene) -> None:
    scene.covered()
    scene.asked("J1628:100", "in appeal", denial_reason="Another drug is preferred")
    scene.booked("J1628", "L40.0", units="100", by=PLACEHOLT)


@story(
    "S-APPROVAL-7", Badge.WAITING, Check.APPROVAL, HARBORLIGHT,
    "The payer said yes on the phone, but gave no number yet.",
)  # fmt: skip
def _no_number(scene: Scene) -> None:
    scene.covered()
    scene.asked(BOOTH, number="TBD")
    scene.booked("96910", "L80", site=MILL, by=DEMOFORD)


@story(
    "S-PLAN-1", Badge.BLOCKED, Check.PLAN, HARBORLIGHT,
    "The patient changed plans; the approval is the old payer's.",
)  # fmt: skip
def _old_plan(scene: Scene) -> None:
    scene.covered(PLUMERIA, ends=scene.days.on(-11).isoformat())
    scene.covered(begins=-10)
    name = f"{PLUMERIA.prefix}-4{scene.person.number:04}"
    scene.asked("J2357:360", payer=PLUMERIA.name, member_id=scene.person.member(PLUMERIA), plan="", number=name)
    scene.booked("J2357", "L50.1", units="60")


@story(
    "S-PLAN-2", Badge.BLOCKED, Check.PLAN, NORTHGALE,
    "The approval was given under the patient's old member number.",
)  # fmt: skip
def _old_member(scene: Scene) -> None:
    scene.covered()
    scene.asked("J3245:300", member_id="NG700000417")
    scene.booked("J3245", "L40.0", units="100")


@story(
    "S-CODE-1", Badge.BLOCKED, Check.CODE, HARBORLIGHT,
    "The approval names another kind of light treatment than the one that is booked.",
)  # fmt: skip
def _other_code(scene: Scene) -> None:
    scene.covered()
    scene.asked("96912:24")
    scene.booked("96910", "L40.0")


@story(
    "S-DATES-1", Badge.BLOCKED, Check.DATES, HARBORLIGHT,
    "The visit was moved to a day after the approval's last day.",
)  # fmt: skip
def _moved_past_the_end(scene: Scene) -> None:
    scene.covered()
    scene.asked(BOOTH, begins=scene.days.on(-150), ends=scene.day - 2 * DAY)
    scene.booked("96910", "L40.0", at=time(11, 0))
    scene.moved_from(scene.day - 7 * DAY)


@story(
    "S-DATES-2", Badge.BLOCKED, Check.DATES, HARBORLIGHT,
    "The payer approved the wrong span: it begins after the visit.",
)  # fmt: skip
def _wrong_span(scene: Scene) -> None:
    scene.covered()
    scene.asked(BOOTH, begins=scene.day + 10 * DAY, ends=scene.day + 190 * DAY)
    scene.booked("96912", "L40.0")


@story(
    "S-DATES-3", Badge.BLOCKED, Check.DATES, HARBORLIGHT,
    "The approval ended last week and was never renewed, and the treatments go on.", near,
)  # fmt: skip
def _renewal_missed(scene: Scene) -> None:
    scene.covered()
    scene.asked("96910/96912:36", begins=scene.days.on(-185), ends=scene.days.on(-5))
    scene.also("-A", scene.days.past[-10], "96910", "L40.0", status="done")
    scene.booked("96910", "L40.0", site=MILL, by=DEMOFORD)


@story(
    "S-UNITS-1", Badge.BLOCKED, Check.UNITS, HARBORLIGHT,
    "Twelve treatments were approved, twelve were given; this would be the thirteenth.",
)  # fmt: skip
def _used_up(scene: Scene) -> None:
    scene.covered()
    scene.asked("96910/96912:12", used="96910:12", used_on=scene.days.on(-1).isoformat())
    scene.booked("96910", "L40.0", site=MILL, by=DEMOFORD)


@story(
    "S-UNITS-2", Badge.BLOCKED, Check.UNITS, PLUMERIA,
    "The approval has one dose left, and an earlier booked visit takes it.", near,
)  # fmt: skip
def _taken_by_another(scene: Scene) -> None:
    scene.covered()
    scene.asked("J2357:120", used="J2357:60", used_on=scene.days.on(-1).isoformat())
    earlier = {"code": "J2357", "diagnoses": "L50.1", "units": "60"}
    day = scene.days.working(0)
    scene.tables.visit(f"{scene.visit_id}-A", scene.person, day, time(8, 0), HARBOR, SAMPLETON, **earlier)
    scene.booked("J2357", "L50.1", units="60")


@story(
    "S-DIAGNOSIS-1", Badge.BLOCKED, Check.DIAGNOSIS, HARBORLIGHT,
    "The payer approved light treatment for psoriasis; the visit is for eczema.",
)  # fmt: skip
def _other_diagnosis(scene: Scene) -> None:
    scene.covered()
    scene.asked(BOOTH, diagnoses="L40.0")
    scene.booked("96910", "L20.9", at=time(10, 45))


@story(
    "S-PROVIDER-1", Badge.BLOCKED, Check.PROVIDER, TAMARACK,
    "The approval binds one physician, and the visit is with another.",
)  # fmt: skip
def _other_person(scene: Scene) -> None:
    scene.covered(referral_required="no")
    scene.asked("96920-96922:12", provider_npi=SAMPLETON.npi)
    scene.booked("96920", "L40.0", by=DEMOFORD)


@story(
    "S-PLACE-1", Badge.BLOCKED, Check.PLACE, HARBORLIGHT,
    "The approval is for the other site.",
)  # fmt: skip
def _other_site(scene: Scene) -> None:
    scene.covered()
    scene.asked(BOOTH, site=HARBOR.name)
    scene.booked("96910", "L40.0", site=MILL, by=DEMOFORD)


@story(
    "S-CHANNEL-1", Badge.BLOCKED, Check.CHANNEL, HARBORLIGHT,
    "The drug was approved under the pharmacy benefit, but the clinic buys and bills it.",
)  # fmt: skip
def _pharmacy_approval(scene: Scene) -> None:
    scene.covered()
    scene.asked("J3245:300", channel="pharmacy")
    scene.booked("J3245", "L40.0", units="100", supply="buy_and_bill")


@story(
    "S-DRUG-1", Badge.BLOCKED, Check.DRUG, PLUMERIA,
    "The payer approved one biologic, and another one is booked.",
)  # fmt: skip
def _other_drug(scene: Scene) -> None:
    scene.covered()
    scene.asked("J1628:300")
    scene.booked("J3245", "L40.0", units="100", by=FICTWORTH)


@story(
    "S-RENEWAL-1", Badge.AT_RISK, Check.RENEWAL, HARBORLIGHT,
    "This treatment is covered, but the approval ends before the next one: ask for the renewal now.", soon,
)  # fmt: skip
def _renewal_due(scene: Scene) -> None:
    scene.covered()
    scene.asked(BOOTH, begins=scene.days.on(-170), ends=scene.day + 4 * DAY)
    scene.booked("96910", "L40.0")
    scene.also("-A", scene.days.working(21), "96910", "L40.0")


@story(
    "S-APPROVAL-9", Badge.AT_RISK, Check.APPROVAL, QUILLWORK,
    "The payer wants to be told of light treatment, and nobody has told it.", soon,
)  # fmt: skip
def _not_told(scene: Scene) -> None:
    scene.covered()
    scene.booked("96910", "L40.0", at=time(13, 0))


@story(
    "S-CLEARED-1", Badge.CLEARED, None, HARBORLIGHT,
    "A renewal is pending, but the old approval still holds the visit: cleared.", soon,
)  # fmt: skip
def _still_held(scene: Scene) -> None:
    scene.covered()
    scene.asked(BOOTH, begins=scene.days.on(-120), ends=scene.day + 20 * DAY)
    scene.asked(BOOTH, "pending", kind="renewal")
    scene.booked("96910", "L40.0")


@story(
    "S-CLEARED-2", Badge.CLEARED, None, QUILLWORK,
    "The payer was told of the light treatment: cleared.", soon,
)  # fmt: skip
def _told(scene: Scene) -> None:
    scene.covered()
    scene.asked("96910/96912:36", "notified")
    scene.booked("96910", "L40.0", site=MILL, by=DEMOFORD)


@story(
    "S-CLEARED-3", Badge.CLEARED, None, HARBORLIGHT,
    "The old log says that the payer asks no approval of this patient: cleared.", soon,
)  # fmt: skip
def _answered(scene: Scene) -> None:
    scene.covered()
    said = {"decided_on": scene.days.today.isoformat(), "call_reference": "CALL-5521"}
    scene.asked("96910/96912", "not required", begins=scene.days.today, ends=scene.days.on(60), **said)
    scene.booked("96910", "L40.0", at=time(8, 30))


@story(
    "S-CLEARED-4", Badge.CLEARED, None, HARBORLIGHT,
    "The payer said on the phone that this patient needs no approval, and the answer was recorded: cleared.", soon,
)  # fmt: skip
def _asked_by_phone(scene: Scene) -> None:
    scene.covered()
    scene.booked("96910", "L40.0", at=time(8, 50))


STORIES = tuple(story.stories)
