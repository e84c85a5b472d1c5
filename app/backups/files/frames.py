"""What a backup is made of inside its seal: a head, pieces of rows table by table, and the manifest; compressed."""

import hashlib
import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import Protocol

from app.backups.facts.shape import Checked, Counted, DamagedError, Head, Manifest
from app.backups.rules.packing import pack_head, pack_manifest, read_head, read_manifest

LEVEL = 3
_FRAME = struct.Struct(">cHI")
HEAD, ROWS, MANIFEST = b"H", b"R", b"M"
_LARGEST = 64 * 1024 * 1024
_CUT = "This backup is damaged: what it holds does not fit together. Use another one."


class _Sink(Protocol):
    def write(self, content: bytes) -> None: ...
    def close(self) -> None: ...


class Counting:
    """Counts the lines of tables and digests them, as they go by."""

    def __init__(self, head: Head) -> None:
        """Begin with every table empty."""
        self._rows = {one.name: 0 for one in head.tables}
        self._digests = {one.name: hashlib.sha256() for one in head.tables}

    def add(self, table: str, lines: bytes) -> None:
        """Take note of whole lines of a table."""
        self._rows[table] += lines.count(b"\n")
        self._digests[table].update(lines)

    def tables(self) -> dict[str, Counted]:
        """What was counted so far."""
        return {name: Counted(rows, self._digests[name].hexdigest()) for name, rows in self._rows.items()}


class FrameWriter:
    """Writes a backup's parts in their order: the head, rows, the manifest."""

    def __init__(self, sink: _Sink, head: Head) -> None:
        """Begin with the head."""
        self._sink, self._press = sink, zlib.compressobj(LEVEL)
        self._numbers = {one.name: number for number, one in enumerate(head.tables)}
        self.counting = Counting(head)
        self._write(HEAD, 0, pack_head(head))

    def rows(self, table: str, lines: bytes) -> None:
        """Write whole lines of one table."""
        self.counting.add(table, lines)
        self._write(ROWS, self._numbers[table], lines)

    def close(self, manifest: Manifest) -> None:
        """End with the manifest."""
        self._write(MANIFEST, 0, pack_manifest(manifest))
        self._sink.write(self._press.flush())
        self._sink.close()

    def _write(self, kind: bytes, number: int, content: bytes) -> None:
        self._sink.write(self._press.compress(_FRAME.pack(kind, number, len(content)) + content))


class FrameReader:
    """Reads a backup's parts in their order. `head` is there at once, `manifest` when the rows have all been read."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        """Begin: read the head."""
        self._source = _Unpressed(chunks)
        kind, _, content = self._frame()
        if kind != HEAD:
            raise DamagedError(_CUT)
        self.head = read_head(content)
        self.manifest: Manifest | None = None

    def rows(self) -> Iterator[tuple[int, bytes]]:
        """Give the rows out: the number of the table in the head, and whole lines of it. Raises DamagedError.

        When it ends, every table was as many rows, with the same digest, as the manifest says.
        """
        counting, before = Counting(self.head), 0
        while True:
            kind, number, content = self._frame()
            if kind == MANIFEST:
                break
            if kind != ROWS or not before <= number < len(self.head.tables) or not content.endswith(b"\n"):
                raise DamagedError(_CUT)
            counting.add(self.head.tables[number].name, content)
            yield number, content
            before = number
        self._source.end()
        manifest = read_manifest(content)
        if dict(manifest.tables) != counting.tables():
            raise DamagedError(_CUT)
        self.manifest = manifest

    def _frame(self) -> tuple[bytes, int, bytes]:
        kind, number, size = _FRAME.unpack(self._source.take(_FRAME.size))
        if size > _LARGEST:
            raise DamagedError(_CUT)
        return kind, number, self._source.take(size)


class _Unpressed:
    """What was compressed, by so many bytes as are asked for."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks, self._press, self._ready = iter(chunks), zlib.decompressobj(), bytearray()

    def take(self, size: int) -> bytes:
        while len(self._ready) < size:
            if not self._more():
                raise DamagedError(_CUT)
        taken = bytes(self._ready[:size])
        del self._ready[:size]
        return taken

    def end(self) -> None:
        """Make sure that nothing follows, and that the last chunk was there."""
        while self._more():
            pass
        if self._ready or not self._press.eof or self._press.unused_data:
            raise DamagedError(_CUT)

    def _more(self) -> bool:
        chunk = next(self._chunks, None)
        if chunk is None:
            return False
        try:
            self._ready += self._press.decompress(chunk)
        except zlib.error:
            raise DamagedError(_CUT) from None
        return True


def checked(reader: FrameReader, size: int, sha256: str) -> Checked:
    """Say that a backup was read to its end."""
    if reader.manifest is None:
        raise DamagedError(_CUT)
    return Checked(reader.head, reader.manifest, size, sha256)
