"""An e-mail as it will read, for pages that show one."""

from collections.abc import Mapping

from app.alerts.files import mails
from app.alerts.files.mails import MailWords


def render_mail(template: str, fields: Mapping[str, str], url: str) -> MailWords:
    """Write one e-mail as `files/mails.py` does, for a page. Raises FieldError and KeyError."""
    return mails.render_mail(template, fields, url)
