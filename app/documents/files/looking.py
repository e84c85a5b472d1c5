"""Look a document through by the confined worker (looker.py)."""

import json
from pathlib import Path

from app.documents.facts import DocumentRefusedError, Looked
from app.documents.intake import media_of
from app.platform.confined import answer_from

LOOKER = Path(__file__).with_name("looker.py")
MOST_SAID = 10_000
UNREADABLE = "The file could not be read within the limits of time and memory. Print it to a new PDF, and add that."


def look(content: bytes) -> Looked:
    """Tell what a file is and how many pages it has, after it was read whole in a confined process.

    Raises    DocumentRefusedError with a sentence for what is no document, broken, locked or does more than show pages.
    """
    media = media_of(content)
    answer = answer_from(LOOKER, media.value.rpartition("/")[2], content, MOST_SAID)
    if not answer.endswith(b"}\n"):
        raise DocumentRefusedError(UNREADABLE)
    said = json.loads(answer)
    if "sentence" in said:
        raise DocumentRefusedError(said["sentence"])
    return Looked(media, said["pages"])
