"""Stories about class, coverage, network, rules and referrals: what is wrong before any approval is looked at."""

from datetime import time

from app.clearance.facts.reasons import Badge, Check
from app.web.sample.clinic import (
    DEMOFORD,
    HARBORLIGHT,
    MILL,
    MOCKRIDGE,
    NORTHGALE,
    PLUMERIA,
    QUILLWORK,
    TAMARACK,
    WICKERWOOD,
)
from app.web.sample.scene import Scene, Telling, near, soon

story = Telling()
AFTER = 60


@story(
    "S-CLASS-1", Badge.BLOCKED, Check.CLASS, HARBORLIGHT,
    "A peel for brown spots is cosmetic, but it is booked on insurance.",
)  # fmt: skip
def _cosmetic(scene: Scene) -> None:
    scene.covered()
    scene.booked("15788", "L81.1", site=MILL, by=DEMOFORD)


@story(
    "S-CLASS-2", Badge.NOT_CHECKED, Check.CLASS, QUILLWORK,
    "Seborrheic keratoses are to be treated, and nothing on file says why insurance should pay.",
)  # fmt: skip
def _weak(scene: Scene) -> None:
    scene.covered()
    scene.booked("17110", "L82.1")


@story(
    "S-COVERAGE-1", Badge.BLOCKED, Check.COVERAGE, QUILLWORK,
    "The plan answered that the coverage is inactive.",
)  # fmt: skip
def _inactive(scene: Scene) -> None:
    scene.covered(result="inactive", reference="SMP-271-0001")
    scene.booked("99213", "L20.9")


@story(
    "S-COVERAGE-2", Badge.BLOCKED, Check.COVERAGE, PLUMERIA,
    "The coverage ends the week before the visit.",
)  # fmt: skip
def _ended(scene: Scene) -> None:
    scene.covered(ends=scene.days.on((scene.day - scene.days.today).days - 6).isoformat())
    scene.booked("11102", "D48.5", at=time(15, 0))


@story(
    "S-COVERAGE-3", Badge.NOT_CHECKED, Check.COVERAGE, HARBORLIGHT,
    "The visit is this week, and coverage was last checked three weeks ago.", near,
)  # fmt: skip
def _stale(scene: Scene) -> None:
    scene.covered(checked_on=scene.days.on(-21).isoformat())
    scene.booked("99214", "L40.0", site=MILL, by=DEMOFORD)


@story(
    "S-COVERAGE-4", Badge.NOT_CHECKED, Check.COVERAGE, HARBORLIGHT,
    "The patient is new, and no coverage is on file.",
)  # fmt: skip
def _none(scene: Scene) -> None:
    scene.booked("99203", "D22.9", at=time(16, 0))


@story(
    "S-NETWORK-1", Badge.BLOCKED, Check.NETWORK, TAMARACK,
    "The plan pays in its network only, and the person who treats is not in it.",
)  # fmt: skip
def _outside(scene: Scene) -> None:
    scene.covered(referral_required="no")
    scene.booked("99213", "L30.9", by=MOCKRIDGE)


@story(
    "S-RULE-1", Badge.NOT_CHECKED, Check.RULE, HARBORLIGHT,
    "The payer's policy says nothing on approval for this test; nobody has asked yet.",
)  # fmt: skip
def _silent(scene: Scene) -> None:
    scene.covered()
    scene.booked("96931", "D22.9")


@story(
    "S-RULE-2", Badge.BLOCKED, Check.RULE, HARBORLIGHT,
    "The payer does not cover photographs of the whole body at all.",
)  # fmt: skip
def _not_covered(scene: Scene) -> None:
    scene.covered()
    scene.booked("96904", "D22.9", site=MILL, by=DEMOFORD)


@story(
    "S-RULE-3", Badge.NOT_CHECKED, Check.RULE, PLUMERIA,
    "The schedule names an appointment type that nobody has matched to services yet.",
)  # fmt: skip
def _unmapped(scene: Scene) -> None:
    scene.covered()
    scene.booked("", "", visit_type="Light club")


@story(
    "S-REFERRAL-1", Badge.BLOCKED, Check.REFERRAL, TAMARACK,
    "The plan asks a referral, and none is on file.",
)  # fmt: skip
def _unreferred(scene: Scene) -> None:
    scene.covered()
    scene.booked("99203", "D22.9", at=time(10, 15))


@story(
    "S-REFERRAL-2", Badge.NOT_CHECKED, Check.REFERRAL, TAMARACK,
    "The visit names a referral number that nobody has on file.",
)  # fmt: skip
def _strange_referral(scene: Scene) -> None:
    scene.covered()
    scene.booked("99213", "L57.0", referral="TV-REF-90417")


@story(
    "S-SECONDARY-1", Badge.BLOCKED, Check.SECONDARY, TAMARACK,
    "The first plan asks nothing; the second one asks approval for light treatment, and there is none.",
)  # fmt: skip
def _second_plan(scene: Scene) -> None:
    scene.covered(referral_required="no")
    scene.covered(HARBORLIGHT, rank="secondary")
    scene.booked("96910", "L40.0")


@story(
    "S-SPACING-1", Badge.BLOCKED, Check.SPACING, PLUMERIA,
    "The last light-activated treatment was three weeks ago; the payer allows one in eight weeks.", near,
)  # fmt: skip
def _too_soon(scene: Scene) -> None:
    scene.covered()
    scene.also("-A", scene.days.past[-15], "96573", "L57.0", status="done")
    scene.booked("96573", "L57.0")


@story(
    "S-SELFPAY-1", Badge.SELF_PAY, None, HARBORLIGHT,
    "A cosmetic visit that the patient pays; insurance is not asked.", near,
)  # fmt: skip
def _self_pay(scene: Scene) -> None:
    scene.covered()
    scene.booked("15788", "L81.4", at=time(13, 30), bill_to="self_pay")


@story(
    "S-COVERAGE-5", Badge.BLOCKED, Check.COVERAGE, WICKERWOOD,
    "The new coverage begins after the visit.",
)  # fmt: skip
def _not_begun(scene: Scene) -> None:
    scene.covered(begins=AFTER)
    scene.booked("99213", "L20.9", site=MILL, by=DEMOFORD)


@story(
    "S-APPROVAL-8", Badge.BLOCKED, Check.APPROVAL, NORTHGALE,
    "Flap surgery is booked beside skin cancer surgery, and nobody has asked the plan for it.",
)  # fmt: skip
def _flap(scene: Scene) -> None:
    scene.covered()
    scene.booked("17311", "C44.311", at=time(8, 0))
    scene.booked("14060", "C44.311", at=time(8, 0))


@story(
    "S-SELFPAY-2", Badge.SELF_PAY, None, HARBORLIGHT,
    "The schedule names an appointment type that stands for a service that patients pay.",
)  # fmt: skip
def _self_pay_by_type(scene: Scene) -> None:
    scene.covered()
    scene.booked("", "", at=time(11, 20), visit_type="Cosmetic consult")


@story(
    "S-CLEARED-5", Badge.CLEARED, None, NORTHGALE,
    "The schedule names an appointment type only; the practice has said which service it stands for: cleared.", soon,
)  # fmt: skip
def _cleared_by_type(scene: Scene) -> None:
    scene.covered()
    scene.booked("", "C44.311", at=time(10, 40), visit_type="Mohs")


STORIES = tuple(story.stories)
