"""What every request must be before a door is tried: short enough, of a kind that pages send, and from a page of ours.

The checks need no database and read no body. What changes something must prove twice that it comes from our own pages:
by what the browser says of its origin (here) and by the form's token (Flask-WTF). The API and the provider's webhooks
are called by programs and prove themselves in other ways.
"""

from io import BytesIO

from flask import Flask, current_app, request, session
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from app.documents.facts import LARGEST
from app.imports.forms import LARGEST_MIB
from app.web.doorkeeping import door_here
from app.web.doors import TOKENS
from config import Settings

READS = frozenset({"GET", "HEAD", "OPTIONS"})
KIB, MIB = 1024, 1024 * 1024
OF_A_STRANGER = 64 * KIB
OF_A_PERSON = 2 * MIB
OF_A_DOCUMENT = 3 * LARGEST
"""More than a document may have, so that one that is too large is told of beside its field."""
BODIES = {
    "import_pages.upload": LARGEST_MIB * MIB,
    "mail_pages.take": LARGEST_MIB * MIB,
    "document_pages.add": OF_A_DOCUMENT,
    "paper_pages.attach": OF_A_DOCUMENT,
    "gold_card_pages.save": OF_A_DOCUMENT,
    "case_document_pages.add": OF_A_DOCUMENT,
    "case_document_pages.make": OF_A_DOCUMENT,
    "pas_hook_pages.take": 8 * MIB,
    "webhook_pages.report": 16 * KIB,
    "webhook_pages.take_in": 16 * KIB,
}
"""How large the body of a request may be at these addresses; elsewhere as large as a form of whoever asks.

The larger ones hold for a browser that has signed in; a stranger's body is never larger than a stranger's form.
"""

LONGEST_ADDRESS = 4000
LONGEST_HEADER = 4000
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
OF_OURS = frozenset({"same-origin"})
"""What a browser says in `Sec-Fetch-Site` of a form that stands on a page of ours."""

REPEATED = frozenset(
    {
        "answer",
        "cancel",
        "case",
        "code",
        "have",
        "item",
        "lines",
        "part",
        "payer",
        "pick",
        "providers",
        "roles",
        "rule",
        "scopes",
        "sites",
        "tick",
        "triggers",
        "visit",
    }
)
"""Fields of which a page reads every value. Any other may come once: two values would be read by one reader each."""


class RefusedRequest(HTTPException):
    """A request that is refused before anything is read. `title` and `advice` are what its page says."""

    def __init__(self, code: int, title: str, advice: str) -> None:
        super().__init__()
        self.code, self.title, self.advice = code, title, advice


TOO_LONG = (
    414,
    "That address is too long",
    "Open the page again from the menu, and choose fewer things at once.",
)
HEADERS_TOO_LONG = (
    431,
    "The browser sent too much beside the page",
    "Delete the cookies of this address in the browser, then sign in again.",
)
NO_LENGTH = (
    411,
    "The browser did not say how much it sends",
    "Send the form again. Of a body without a length, what is too much would be cut off unseen.",
)
OTHER_KIND = (415, "That is no form of a page", "Go back and use the buttons of the page.")
TWICE = (
    400,
    "One field came twice with different values",
    "Go back, load the page again, and repeat the step. Nothing was changed.",
)
FOREIGN_FORM = (
    403,
    "This form did not come from Cleared",
    "Nothing was changed. If you did not send it, close the page that you came from. If you did, open the page in "
    "Cleared itself and send it there; a browser that hides where a form comes from cannot be used.",
)
FOREIGN_FRAME = (403, "Cleared is shown on its own pages only", "Open the address in a tab of its own.")


def keep_gate(app: Flask, settings: Settings) -> None:
    """Check every request before the doors are tried."""
    production, base = settings.production, settings.base_url

    @app.before_request
    def look() -> None:
        _short_enough()
        if _is_for_programs():
            return
        ours = {base} if production else {base, request.host_url.rstrip("/")}
        if request.method not in READS:
            _from_our_page(ours)
            _a_form()
            _once_each(request.form)
        elif request.headers.get("Sec-Fetch-Site") == "cross-site" and not _opened_by_a_person():
            raise RefusedRequest(*FOREIGN_FRAME)
        _once_each(request.args)


def _is_for_programs() -> bool:
    """Say whether a program is to call here: with a token of the API, or with a signature of its own."""
    door = door_here(current_app)
    return door is not None and (door.signed or door.group == TOKENS)


def _short_enough() -> None:
    """Refuse an address, a header or a body that is longer than any of ours; a body before it is read."""
    if len(request.environ.get("RAW_URI") or request.full_path) > LONGEST_ADDRESS:
        raise RefusedRequest(*TOO_LONG)
    if any(len(value) > LONGEST_HEADER for _name, value in request.headers):
        raise RefusedRequest(*HEADERS_TOO_LONG)
    if request.headers.get("Transfer-Encoding"):
        raise RefusedRequest(*NO_LENGTH)
    known = "_user_id" in session or _is_for_programs()
    most = BODIES.get(request.endpoint or "", OF_A_PERSON)
    request.max_content_length = most if known else min(most, OF_A_STRANGER)
    request.max_form_memory_size = min(request.max_content_length, OF_A_PERSON)
    if (request.content_length or 0) > request.max_content_length:
        _leave_unread()
        raise RefusedRequest(413, *too_large(request.max_content_length))


def _leave_unread() -> None:
    """Let nobody read a body that is too large: whoever makes the page of the refusal would trip over it again."""
    request.environ["CONTENT_LENGTH"], request.environ["wsgi.input"] = "0", BytesIO()


def too_large(most: int) -> tuple[str, str]:
    """Say that a body is too large: title and advice, by how much its address takes."""
    if most == OF_A_DOCUMENT:
        advice = f"A document may have up to {LARGEST // MIB} MB. Scan it with fewer dots per inch, or in parts."
        return ("That is too large", advice)
    if most > OF_A_PERSON:
        return (
            "That is too large",
            f"A file may have up to {most // MIB} MB. Export fewer days or columns at a time, and bring the parts in "
            "one after the other: rows that are on file already change nothing.",
        )
    size = f"{most // MIB} MB" if most >= MIB else f"{most // KIB} KB"
    return ("That is too large", f"This page takes up to {size}. Send less at a time.")


def _from_our_page(ours: set[str]) -> None:
    """Refuse a change that the browser does not say to come from a page of ours.

    Every browser since 2020 says it: `Origin` with what it posts, `Sec-Fetch-Site` with all it asks. Another
    subdomain of the practice is foreign too. Whoever says neither must at least name the page in `Referer`.
    """
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if origin is not None and origin not in ours:
        raise RefusedRequest(*FOREIGN_FORM)
    if site is not None and site not in OF_OURS:
        raise RefusedRequest(*FOREIGN_FORM)
    if origin is None and site is None:
        page = request.headers.get("Referer", "")
        if not any(page == one or page.startswith(f"{one}/") for one in ours):
            raise RefusedRequest(*FOREIGN_FORM)


def _opened_by_a_person() -> bool:
    """Say whether another site's link led here in a tab; not as a frame, a picture or a script of that site."""
    mode = request.headers.get("Sec-Fetch-Mode")
    return mode == "navigate" and request.headers.get("Sec-Fetch-Dest") in (None, "document", "empty")


def _a_form() -> None:
    if request.mimetype not in FORMS and (request.mimetype or request.content_length):
        raise RefusedRequest(*OTHER_KIND)


def _once_each(given: "MultiDict[str, str]") -> None:
    for name, values in given.lists():
        if len(values) > 1 and name not in REPEATED and len(set(values)) > 1:
            raise RefusedRequest(*TWICE)
