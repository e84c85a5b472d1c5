"""JSON that programs send, read strictly: each key once, plain numbers only, and no deeper than Python can follow."""

from typing import Any

from flask.json.provider import DefaultJSONProvider


class StrictJson(DefaultJSONProvider):
    """Reads JSON as one meaning only; whatever could be read in two ways is refused as no JSON (400)."""

    def loads(self, s: str | bytes, **named: Any) -> Any:
        """Read a text. Raises ValueError for a key that comes twice, NaN, Infinity, or too many levels."""
        try:
            return super().loads(s, object_pairs_hook=_once_each, parse_constant=_refuse, **named)
        except RecursionError:
            raise ValueError("too many levels") from None


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key comes twice")
    return found


def _refuse(_word: str) -> Any:
    raise ValueError("no number of JSON")
