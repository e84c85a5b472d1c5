"""Opens one document from outside, alone in its own process (app/platform/confinement.py), from standard input.

It knows nothing of the program, and reads only what stands around sets, and where lines end. Its argument is `sets`:
out comes `{"set": [set id, sender, interchange, group, transaction, day]}` for each set; or `lines:START:COUNT`:
out comes `{"line": text}` for each of these lines (START are passed over). Last comes `{"end": how many there are}`.
"""

import json
import sys
from collections.abc import Iterator

MIB = 2**20
MEMORY = 900 * MIB
SECONDS = 60
LONGEST_LINE = 4000
ISA_SIGNS = 106


def segments(text: str) -> Iterator[tuple[str, str]]:
    """Cut X12 into segments, each with the sign between its elements. Each interchange names its own signs."""
    place = 0
    while place < len(text):
        start = text[place : place + 3]
        if start == "ISA" and len(text) > place + ISA_SIGNS - 1:
            between, end = text[place + 3], text[place + ISA_SIGNS - 1]
        elif place == 0:
            return
        stop = text.find(end, place)
        stop = len(text) if stop < 0 else stop
        segment = text[place:stop].strip()
        if segment:
            yield segment, between
        place = stop + 1
        while place < len(text) and text[place] in "\r\n\t \0":
            place += 1


def sets_of_x12(text: str) -> Iterator[list[str | None]]:
    """Name the transaction sets of a file."""
    sender = interchange = group = sent_on = None
    for segment, between in segments(text):
        parts = [one.strip() for one in segment.split(between)]
        if parts[0] == "ISA" and len(parts) > 13:
            sender, interchange = f"{parts[5]}/{parts[6]}", parts[13]
            group = sent_on = None
        elif parts[0] == "GS" and len(parts) > 6:
            group, sent_on = parts[6], day(parts[4])
        elif parts[0] == "ST" and len(parts) > 2:
            yield [parts[1], sender, interchange, group, parts[2], sent_on]


def sets_of_hl7(text: str) -> Iterator[list[str | None]]:
    """Name the messages of a file: who sends (MSH-3, MSH-4), and the number of the message (MSH-10)."""
    for line in text.replace("\r\n", "\r").replace("\n", "\r").split("\r"):
        if line.startswith("MSH") and len(line) > 4:
            fields = [one.strip() for one in line.split(line[3])]
            if len(fields) > 9:
                sent_on = day(fields[6][:8])  # numbers of messages begin anew where a system does
                yield ["MSH", f"{fields[2]}/{fields[3]}", None, sent_on, fields[9], sent_on]


def day(text: str) -> str | None:
    """Write a day of eight digits as ISO text."""
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if len(text) == 8 and text.isdecimal() else None


def lines_of(text: str) -> Iterator[str]:
    """Cut a document into lines: segments of X12 and HL7, else lines; JSON is set out anew."""
    if text.startswith("ISA"):
        yield from (segment for segment, _between in segments(text))
    elif text[:1] in ("{", "["):
        yield from set_out(text)
    else:
        yield from (line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip())


def set_out(text: str) -> Iterator[str]:
    """Set JSON out, one value a line, half characters as `?`; text that is none comes as its lines."""
    try:
        told = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
        yield from told.encode("utf-8", "replace").decode().split("\n")
    except (ValueError, RecursionError):
        yield from text.splitlines()


def read_in() -> str:
    """Read all of the standard input as text; a byte that is none stands as a mark."""
    text = sys.stdin.buffer.read().decode("utf-8", "replace")
    return text.lstrip("\ufeff \t\r\n\x0b\x0c")


def main() -> None:
    """Write what the argument asks for."""
    asked, _colon, stretch = sys.argv[1].partition(":")
    text, out, count = read_in(), sys.stdout, 0
    if asked == "sets":
        for one in sets_of_x12(text) if text.startswith("ISA") else sets_of_hl7(text):
            out.write(json.dumps({"set": one}) + "\n")
            count += 1
    else:
        first, most = map(int, stretch.split(":"))
        for count, line in enumerate(lines_of(text), start=1):
            if first < count <= first + most:
                out.write(json.dumps({"line": line[:LONGEST_LINE]}) + "\n")
    out.write(json.dumps({"end": count}) + "\n")
    out.flush()
