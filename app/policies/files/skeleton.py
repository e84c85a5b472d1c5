"""The first files of a new payer: they pass the loader as they are, answer nothing, and say what to fill in."""

import json
import re
from pathlib import Path

from app.policies.files.schema import json_schema

_ID = re.compile(r"[a-z][a-z0-9_]{1,60}")
_PAYER = """\
# yaml-language-server: $schema={schema}
# {name}: who the payer is. Every key is told in payer_policies/README.md.
schema: payer/1
payer:
  id: {id}
  name: {name}                  # as people call it
  kind: commercial              # commercial, medicaid, medicare_advantage, federal, ...: a word for the reader
  aliases: []                   # other names in your files. Never one that may mean another plan: 'Blue Cross' alone
  electronic_ids: []            # electronic payer ids, in quotes: ["60054"]
read_on: {today}             # the day on which you read the sources
products:                       # a rule holds for one product: its line of business and benefit
  med:
    name: Commercial medical
    line: commercial            # commercial, medicare_advantage, medicaid_managed, marketplace, ...
    benefit: medical            # medical or pharmacy
    # states: [CA]              # only there; left out: in every state
# processes:                    # how the payer takes requests, where you read it
#   - id: requests
#     channels:
#       - {{kind: phone, name: Prior authorization line, value: "555-0100"}}
#       - {{kind: portal, name: Provider site}}
#     confidence: memory        # seen: you read a source, then say 'source: key'
notes:
  first: Written as a beginning; nothing of this payer is known yet.
"""
_RULES = """\
# yaml-language-server: $schema={schema}
# {name}: rules of one topic. Rename this file to what it speaks of: phototherapy.yaml, biologics.yaml ...
# One rule is one thing that a source says. Write what you read, not what you suppose: what you do not know stays
# unknown, and the program then answers "not known" instead of guessing.
schema: rules/1
payer: {id}
read_on: {today}
# sources:
#   list2026:
#     title: Prior authorization list
#     url: "https://payer.example/list"
#     kind: primary             # primary: the payer's own page; aggregator: a copy; secondary: somebody's article
#     published: 2026-07-01
rules:
  # This first rule answers nothing (approval: rule). Replace it by yours, such as the one below it.
  - id: begin
    product: med
    service: any_listed_service
    summary: Nothing is known of this payer yet
    approval: rule
    coverage: rule
    from: unknown
    confidence: memory
  # - id: phototherapy
  #   product: med
  #   service: phototherapy     # a key of _grid/services.yaml
  #   summary: Light therapy in the office needs approval after 12 weeks
  #   approval: required        # required, required_when, not_required, notification, unknown, ...
  #   coverage: criteria        # covered, criteria, cosmetic_unless, excluded_or_investigational
  #   from: 2026-07-01          # its first day, or: unknown
  #   confidence: seen          # memory, without a source: then a mild answer is never given as one
  #   source: list2026
  #   codes: ["96900", "96910"]
  #   codes_from: source        # source: printed there; ours: you chose them
  #   diagnoses: [L40.0]        # they bind: the rule speaks of these only
  #   diagnoses_from: source
  #   criteria:
  #     all:
  #       - documented: body surface over 10 percent
"""


SCHEMA_NAME = "schema.json"
"""The schema for editors, beside the payers' folders; the first line of each file written here names it."""


def schema_text() -> str:
    """The schema as its file holds it."""
    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"


class AlreadyThereError(Exception):
    """The payer has a folder; nothing was written."""


def write_payer(directory: Path, payer: str, today: str) -> tuple[Path, ...]:
    """Write `payer.yaml` and a first topic into a new folder of a directory.

    Takes     the directory of payers' folders; the payer's id; the day that stands as `read_on`, `2026-11-26`.
    Returns   the files written.
    Raises    ValueError with a sentence when the id is none; AlreadyThereError when the folder exists.
    """
    if _ID.fullmatch(payer) is None:
        raise ValueError(
            f"'{payer}' cannot be the id of a payer; write small letters, digits and underscores: blue_shield_ca."
        )
    folder = directory / payer
    try:
        folder.mkdir()
    except FileExistsError:
        raise AlreadyThereError(f"There is a folder {payer} already; nothing was written. Edit its files.") from None
    schema = directory / SCHEMA_NAME
    if not schema.exists():
        schema.write_text(schema_text(), encoding="utf-8")
    words = {"id": payer, "name": payer.replace("_", " ").title(), "today": today, "schema": f"../{SCHEMA_NAME}"}
    written = []
    for name, text in (("payer.yaml", _PAYER), ("first_topic.yaml", _RULES)):
        path = folder / name
        path.write_text(text.format(**words), encoding="utf-8")
        written.append(path)
    return tuple(written)
