"""What the keys do, for the page that lists them; app/static/js/enhance.js does it."""

from app.web.navigation import Shown

EVERYWHERE = (
    ("/", "Search a patient, case or number"),
    ("c", "New request"),
    ("?", "This page"),
    ("u", "Undo what was just done"),
    ("Escape", "Close the panel or the menu"),
    ("Ctrl Enter", "Save the form in which you type"),
    ("Ctrl K", "Commands: every page and action in one list"),
)
IN_LISTS = (
    ("j", "Next row"),
    ("k", "Previous row"),
    ("Enter", "Open the row"),
    ("x", "Tick the row"),
    ("w", "Why: the reason in full"),
    ("q", "Ask the coordinator"),
    ("a", "Assign the ticked rows"),
    ("e", "Acknowledge the alert"),
    ("s", "Snooze the alert, or the ticked cases"),
)
ON_A_CASE = (
    ("l", "Write down a call"),
    ("d", "Record the payer's answer"),
    ("n", "Write a note"),
    ("f", "Add a document"),
    ("r", "Renew"),
    ("a", "Change the owner"),
)
ON_THE_SCHEDULE = (("[", "Day before"), ("]", "Day after"), ("p", "Print list"))


def key_lists(entries: list[Shown]) -> list[tuple[str, list[tuple[list[str], str]]]]:
    """List the keys under their headings. Each is the keys in order, and what they do."""
    pages = [(f"g {entry.key}", f"Go to {entry.label}") for entry in entries if entry.key]
    pages.append(("g l", "Go to Alerts"))
    headed = [
        ("On every page", EVERYWHERE),
        ("Pages", pages),
        ("In lists", IN_LISTS),
        ("Schedule", ON_THE_SCHEDULE),
        ("Case", ON_A_CASE),
    ]
    return [(heading, [(keys.split(), words) for keys, words in listed]) for heading, listed in headed]
