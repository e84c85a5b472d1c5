"""Files that a browser sends stay in memory: what they hold of patients never lies on a disk in the open."""

from io import BytesIO

from flask import Request


class MemoryRequest(Request):
    """A request whose files are kept in memory while it lasts; their size is limited by the address that takes them."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> BytesIO:
        return BytesIO()
