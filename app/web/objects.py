"""What the ids of addresses name: for each kind, how to tell whether it is in a caller's sight."""

KINDS = dict.fromkeys(
    ("visit", "patient", "approval", "approval step", "coverage", "coverage step", "message", "text", "reply", "alert",
     "alert code", "alert steps", "duty", "own absence", "ask", "import", "import run", "payer match", "own form",
     "question", "answer", "rule", "rule action", "printed list", "work step", "person", "site", "provider")
)  # fmt: skip
