"""Short lists of codes and keys as one compact text, so that a row of a large table is one read."""

from functools import lru_cache


def pack(values: tuple[str, ...] | frozenset[str]) -> str:
    """Join values with `;`. A set is sorted, so that equal sets give equal texts. Values never hold a `;`."""
    return ";".join(sorted(values) if isinstance(values, frozenset) else values)


@lru_cache(maxsize=100_000)
def unpack(text: str) -> tuple[str, ...]:
    """Split what `pack` joined. Few texts are distinct in a large book, so each is split once."""
    return tuple(text.split(";")) if text else ()


@lru_cache(maxsize=100_000)
def unpack_set(text: str) -> frozenset[str]:
    """Split what `pack` joined into a set."""
    return frozenset(unpack(text))
