"""What words mean, for whoever asks the rules: services and drugs of the book in force, and diagnoses."""

from dataclasses import dataclass

from app.platform.caller import Caller
from app.policies.actions.library import current_book
from app.policies.facts.book import Book
from app.policies.facts.searching import Hit, Kind, Meaning
from app.policies.files.diagnoses import diagnosis_lexicon
from app.policies.rules.lexicon import for_diagnoses, lexicon_of, spoken_diagnoses
from app.policies.rules.searching import diagnosis_meant, exact_meaning, meanings


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a rule book."""

    book: Book

    def service(self, words: str) -> Meaning:
        """Say what a person who named a service meant: one thing exactly, or a choice of everything that fits."""
        exact = exact_meaning(self.book, lexicon_of(self.book), words)
        if exact is not None:
            return Meaning(exact)
        diagnoses = diagnosis_lexicon()
        lexicons = (lexicon_of(self.book), diagnoses, spoken_diagnoses(self.book, diagnoses))
        return Meaning(None, meanings(lexicons, words))

    def diagnosis(self, words: str) -> Meaning:
        """Say which diagnosis a person meant: one exactly, or a choice."""
        diagnoses = diagnosis_lexicon()
        return diagnosis_meant(diagnoses, spoken_diagnoses(self.book, diagnoses), words)

    def for_diagnoses(self, codes: tuple[str, ...]) -> tuple[Hit, ...]:
        """Services and drugs that are usual for diagnoses."""
        return for_diagnoses(self.book, codes)

    def known(self, kind: Kind, key: str) -> Hit | None:
        """What a service key, a drug's name or a code means, with our label; None where the book has it not."""
        found = lexicon_of(self.book).called(key)
        return found if found is not None and found.kind is kind else None


def words_of(caller: Caller) -> Words:
    """The words of the rules in force."""
    return Words(current_book(caller.session, caller.practice_id))
