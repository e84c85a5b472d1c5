"""Take out of a judged line what its reader does not read: the judgement stands, the fact is not shown."""

from dataclasses import replace

from app.clearance.facts.verdicts import LineVerdict

NOT_SHOWN = "not shown to your role"


def without_diagnoses(verdict: LineVerdict) -> LineVerdict:
    """Put in place of each diagnosis, of the line and of the approval held against it, that it is not shown."""
    line, chosen = verdict.line, verdict.chosen
    if line.diagnoses:
        line = replace(line, diagnoses=(NOT_SHOWN,))
    if chosen is not None and chosen.diagnoses:
        chosen = replace(chosen, diagnoses=(NOT_SHOWN,))
    return replace(verdict, line=line, chosen=chosen)
