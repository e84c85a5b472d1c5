"""The hands and eyes of browser tests: they touch and read a page only when it has come whole.

A person sees a page, and then presses a key. A test that goes by what stands on a page already sees it while its
scripts, which are deferred, have not run: a key is then lost, a link loads where it would swap. And a key that sends a
form is answered at once, while the page that it leads to is still to come: what is read then is of the page before.
So, for every page of every test: whatever is done or read waits until the page in the window has loaded, and a key that
leads to another page counts as pressed when that page has begun to come.
"""

import os
from collections.abc import Callable
from functools import wraps
from typing import Any

from playwright.sync_api import Keyboard, Locator, Page

ACTS = (
    "blur", "check", "clear", "click", "dblclick", "dispatch_event", "fill", "focus", "hover", "press",
    "press_sequentially", "scroll_into_view_if_needed", "select_option", "set_checked", "set_input_files", "type",
    "uncheck", "evaluate", "get_attribute", "inner_html", "inner_text", "input_value", "is_checked", "is_disabled",
    "is_editable", "is_enabled", "text_content",
)  # fmt: skip
"""What waits for its element: it may stand on the page that is still to come, which then loads before it is touched."""
LOOKS = ("all", "all_inner_texts", "all_text_contents", "count", "evaluate_all", "is_hidden", "is_visible")
"""What takes the page as it is."""
OF_PAGE = ("content", "evaluate", "screenshot", "title")
STAYS = ("Tab", "Shift+Tab", "ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "ControlOrMeta+a", "Control+A")
"""Keys that lead to no other page."""
WISHED = {"PICTURES", "README_SCREENSHOT"}
"""Set one to keep pictures of the pages in the folder of each test, `--basetemp` of pytest."""


class Keys:
    """The keyboard of a page that has loaded."""

    def __init__(self, page: Page, keyboard: Keyboard) -> None:
        self._page, self._keyboard = page, keyboard

    def __getattr__(self, name: str) -> Any:
        """Do anything else, such as typing, with the keyboard itself."""
        return getattr(self._keyboard, name)

    def press(self, key: str) -> None:
        """Press a key where the focus is; where it leads to another page, wait until that begins to come."""
        if key in STAYS:
            self._keyboard.press(key)
            return
        focus = self._page.locator(":focus")
        (focus if focus.count() else self._page.locator("body")).press(key)


def _on_a_whole_page(act: Callable[..., Any], *, waits: bool) -> Callable[..., Any]:
    @wraps(act)
    def do(self: Locator, *given: Any, **named: Any) -> Any:
        if waits:
            self.wait_for(state="attached")
        self.page.wait_for_load_state("load")
        return act(self, *given, **named)

    return do


def _of_a_whole_page(look: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(look)
    def do(self: Page, *given: Any, **named: Any) -> Any:
        self.wait_for_load_state("load")
        return look(self, *given, **named)

    return do


def _a_picture_if_wished(take: Callable[..., bytes]) -> Callable[..., bytes | None]:
    """Take a picture of a page only where somebody will look at it: of all pages they are a sixth of the time."""

    @wraps(take)
    def do(self: Page, *given: Any, **named: Any) -> bytes | None:
        return take(self, *given, **named) if WISHED & os.environ.keys() else None

    return do


def teach() -> None:
    """Let every page that is opened from now on be touched and read so."""
    for name in (*ACTS, *LOOKS):
        setattr(Locator, name, _on_a_whole_page(getattr(Locator, name), waits=name in ACTS))
    for name in OF_PAGE:
        setattr(Page, name, _of_a_whole_page(getattr(Page, name)))
    Page.screenshot = _a_picture_if_wished(Page.screenshot)  # type: ignore[assignment, method-assign]
    keyboard = Page.keyboard.fget  # type: ignore[attr-defined]

    def keys(page: Page) -> Keys:
        page.wait_for_load_state("load")
        return Keys(page, keyboard(page))

    Page.keyboard = property(keys)  # type: ignore[assignment, method-assign]
