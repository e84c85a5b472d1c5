"""A walk through the pages told as given, when, then: by keyboard alone, with a look at accessibility at every step.

`PICTURES=folder` keeps a picture of every step there; without it none is taken (tests/support/hands.py).
"""

import os
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.support.browsers import arrived, faults_of, focused

MOST_TABS = 400


class Walk:
    """One person at one browser. Every `then` looks at the page: its title, its width, and what axe finds."""

    def __init__(self, page: Page, name: str, script: bool, folder: Path) -> None:
        self.page, self.name, self.script = page, name, script
        self.folder = Path(os.environ.get("PICTURES", folder))
        self.steps: list[str] = []

    def given(self, told: str) -> "Walk":
        """Say from what the walk begins."""
        self.steps.append(f"Given {told}")
        return self

    def when(self, told: str) -> "Walk":
        """Say what the person does next."""
        self.steps.append(f"When {told}")
        return self

    def then(self, told: str, title: str) -> "Walk":
        """Say what must hold now, and look at the page."""
        self.steps.append(f"Then {told}")
        try:
            arrived(self.page, re.compile(rf"^{re.escape(title)} - "))
        except AssertionError:
            faults = self.page.locator(".error-summary").all_inner_texts()
            raise AssertionError("\n".join([self.told(), f"Shown: {self.page.title()}", *faults])) from None
        number = sum(step.startswith("Then") for step in self.steps)
        self.page.screenshot(path=self.folder / f"{self.name}-{number:02}.png", full_page=True)
        wide = self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not wide, f"wider than the screen\n{self.told()}"
        if self.script:
            faults = faults_of(self.page)
            assert faults == [], "\n".join([self.told(), *faults])
        return self

    def told(self) -> str:
        """The walk so far, for whoever reads a failure."""
        return "\n".join(self.steps)

    def to(self, wanted: str) -> "Walk":
        """Press Tab until the thing in focus has this id, or a text or label that begins so."""
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            here = focused(self.page)
            if wanted in (here["id"], here["value"]) or here["text"].startswith(wanted):
                return self
        raise AssertionError(f"Tab never reaches {wanted}\n{self.told()}")

    def press(self, *keys: str) -> "Walk":
        """Press keys."""
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def type(self, where: str, text: str) -> "Walk":
        """Go to a field by Tab, and type in place of what is there."""
        self.to(where)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)
        return self

    def push(self, what: str) -> "Walk":
        """Go to a link or button by Tab, and press Enter."""
        return self.to(what).press("Enter")

    def choose_file(self, path: Path) -> "Walk":
        """Go to the file field by Tab; the dialog of the operating system is not ours, so the file is put in."""
        self.to("file")
        self.page.locator("#file").set_input_files(path)
        return self

    def says(self, text: str) -> "Walk":
        """Hold the page to a sentence."""
        expect(self.page.get_by_text(text).first, self.told()).to_be_visible()
        return self
