"""The rule files that the program ships, as bytes by name."""

from functools import cache
from pathlib import Path

from app.policies.files.directory import files_of

DIRECTORY = Path(__file__).parents[2] / "payer_policies"


@cache
def rule_files() -> dict[str, bytes]:
    """Every shipped rule file by its name in the directory."""
    return files_of(DIRECTORY)
