"""A practice of which much is not known, for the pages of questions."""

import re
from html import unescape

from tests.support.desk import PAYER, Booking, Desk

ROW = re.compile(r'<tr id="q-([0-9a-f-]{36})">(.*?)</tr>', re.DOTALL)
SENTENCE = re.compile(r'<th scope="row" class="asked">(.*?)</th>')
VISITS = re.compile(r'<td class="number" data-label="Visits">([\d,]+)</td>')
OPEN = (
    Booking(8, "Abbott", "Lena", "unknown"),
    Booking(8.5, "Bauer", "Otto", "unknown"),
    Booking(9, "Castillo", "Marisol", "unknown"),
    Booking(9.5, "Dubois", "Henri", "stale"),
    Booking(10, "Eriksen", "Astrid", "unmapped"),
    Booking(10.5, "Fontaine", "Claire", "unmapped"),
    Booking(11, "Greene", "Walter", "office"),
)
"""Three visits wait for a need, two for a visit type, one for a coverage, and one for nothing."""


def rows_of(page):
    """Read the list: id by sentence with its visits, in the page's order."""
    return {
        unescape(SENTENCE.search(row).group(1)): (found, int(VISITS.search(row).group(1).replace(",", "")))
        for found, row in ROW.findall(page.text)
    }


__all__ = ["OPEN", "PAYER", "Desk", "rows_of"]
