"""What an action with rules did, said on the next page, with Undo."""

from flask import url_for

from app.policies.facts.desk import Done
from app.policies.views.own_rules import count_changed
from app.practice.access import say


def tell(done: Done, sentence: str) -> None:
    """Say what was done and how many visits changed; a form that came twice says so."""
    if done.again:
        say("This was saved before; nothing was saved twice.")
        return
    say(f"{sentence} {count_changed(done.visits_changed)}.", undo=url_for("rules_pages.undo", action=done.action))
