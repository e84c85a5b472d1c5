"""Whether a file is a document of the trade, by how it begins; what it says is read in a confined process."""

HEAD = 4096
_MARK = b"\xef\xbb\xbf"
_BEGINS = (b"ISA", b"MSH", b"FHS", b"BHS", b"GS*", b"ST*", b"{", b"[")


def is_document(head: bytes) -> bool:
    """Say whether a file begins as X12, HL7 or JSON does. Its first bytes are enough; blanks before do not matter."""
    return head.removeprefix(_MARK).lstrip(b" \t\r\n\x0b\x0c\0").startswith(_BEGINS)
