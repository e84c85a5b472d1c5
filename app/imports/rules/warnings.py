"""What a person should look at although the row was taken."""

from collections.abc import Callable, Iterable, Mapping


def code_warnings(
    rows: Iterable[tuple[int, str | None, tuple[str, ...]]],
    knows_code: Callable[[str], bool],
    knows_diagnosis: Callable[[str], bool],
) -> list[str]:
    """Name the procedure codes that are on none of our lists and the diagnoses that do not exist.

    Takes     row numbers with a code and diagnoses; what is known.
    Returns   one sentence for each code, with the first row and how many rows have it.
    """
    codes: dict[str, list[int]] = {}
    diagnoses: dict[str, list[int]] = {}
    for row, code, listed in rows:
        if code is not None:
            codes.setdefault(code, []).append(row)
        for diagnosis in listed:
            diagnoses.setdefault(diagnosis, []).append(row)
    return [
        f"Code {code} is well formed but on none of our lists ({_where(found)}); check it against the code book."
        for code, found in sorted(codes.items())
        if not knows_code(code)
    ] + [
        f"Diagnosis {code} is not in ICD-10-CM ({_where(found)}); check it against the code book."
        for code, found in sorted(diagnoses.items())
        if not knows_diagnosis(code)
    ]


def held_warnings(held: Mapping[str, int]) -> list[str]:
    """Name the visits that refused rows hold: a service that is planned in them is not known.

    Takes     their ids, each with the first row that was refused.
    """
    return [
        f"Visit {reference} is not checked: row {row} of it was refused. Correct the row and import it again."
        for reference, row in sorted(held.items())
    ]


def _where(rows: list[int]) -> str:
    return f"row {rows[0]}" if len(rows) == 1 else f"{len(rows)} rows, the first is row {rows[0]}"
