"""What stands on the page of a case beside the case itself: papers, criteria, units, denials, the drug."""

from dataclasses import dataclass

from app.casework.facts.course import Course
from app.casework.facts.criteria import CriteriaSheet
from app.casework.facts.denials import Denial
from app.clinical.facts import ProviderAsk
from app.documents.facts import Document, LetterVersion, Packet
from app.pharmacy.facts import Supply


@dataclass(frozen=True, slots=True)
class Beside:
    """What other rooms know of one case; None or empty where the reader's role or the case's state does not ask for it.

    `documents` are the patient's, newest first; `letters` the versions of the case's letters, the newest first.
    """

    sheet: CriteriaSheet | None = None
    course: Course | None = None
    documents: tuple[Document, ...] = ()
    letters: tuple[LetterVersion, ...] = ()
    packets: tuple[Packet, ...] = ()
    asks: tuple[ProviderAsk, ...] = ()
    denials: tuple[Denial, ...] = ()
    supply: Supply | None = None
