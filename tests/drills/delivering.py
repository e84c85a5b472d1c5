"""Delivery as a drill runs it: the program's own or a planted design, with less waiting."""

from collections.abc import Callable

from app.alerts.actions.delivering import deliver
from app.alerts.actions.hands import HANDS
from app.alerts.actions.patience import Patience
from app.gateways.twilio_sms import TwilioSms
from app.platform.caller import Caller
from config import load
from tests.drills.planted import DESIGNS
from tests.drills.scene import Scene


def design_of(scene: Scene) -> Callable[[Caller], int]:
    """The way in which a scene delivers. Ours waits a few seconds in place of sixty before it asks the provider."""
    if scene.design in DESIGNS:
        return DESIGNS[scene.design]
    patience = Patience(seconds=scene.wait)
    return lambda caller: deliver(caller, HANDS, patience)


def impatient(scene: Scene) -> TwilioSms:
    """The gateway of a scene's settings, which waits less for an answer."""
    texts = load(scene.environment).texts
    assert texts is not None
    return TwilioSms(texts.account, texts.token, texts.sender, texts.service, texts.api_url, scene.patience)
