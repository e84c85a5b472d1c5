"""Gold cards: approvals counted by provider and service, and the exemptions that payers gave notice of."""

import io
from collections import defaultdict
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from app.casework.actions import gold_cards as actions
from app.casework.forms.gold_cards import FIELDS, ExemptionForm, read_exemption
from app.casework.forms.typed import in_order
from app.casework.views.gold_cards import gold_card_page
from app.documents.facts import DocumentRefusedError, MediaType
from app.platform.ids import new_id
from app.policies.actions.basics import RefusedRuleError, today_of
from app.policies.actions.own_rules import read_options
from app.practice.access import current_caller, needs, say
from app.practice.facts.staff import Permission

gold_card_pages = Blueprint("gold_card_pages", __name__, url_prefix="/gold-card")
_ENDINGS = {MediaType.PDF: "pdf", MediaType.PNG: "png", MediaType.JPEG: "jpg"}


@gold_card_pages.get("")
@needs(Permission.SEE_RULES)
def show() -> str:
    """Show what a payer decided by provider and service, and the exemptions on file."""
    return _page(None)


@gold_card_pages.post("")
@needs(Permission.EDIT_RULES)
def save() -> Response | tuple[str, int]:
    """Record an exemption with the payer's notice. A form that is sent twice counts once."""
    caller = current_caller()
    options, today = read_options(caller), today_of(caller)
    form = read_exemption(request.form, request.files.get("file"), today, options.payers, options.drugs)
    if form.new is None:
        return _page(form), 422
    try:
        actions.record_exemption(caller, form.key or new_id(), form.new)
    except DocumentRefusedError as refused:
        form.typed.refuse("file", refused.sentence)
        return _page(form), 422
    except RefusedRuleError as refused:
        form.typed.refuse("codes", str(refused))
        return _page(form), 422
    say("Exemption recorded with the payer's notice. It ends on its last day; record the next notice then.")
    return redirect(url_for(".show", payer=form.new.payer), 303)


@gold_card_pages.get("/notices/<uuid:notice_id>")
@needs(Permission.SEE_RULES)
def notice(notice_id: UUID) -> Response:
    """Give out a payer's notice as a file."""
    try:
        found, content = actions.notice_of(current_caller(), notice_id)
    except actions.NoticeNotFoundError:
        abort(404)
    name = f"notice-{found.letter_on:%Y-%m-%d}.{_ENDINGS[found.media]}"
    return send_file(io.BytesIO(content), mimetype=found.media.value, as_attachment=True, download_name=name)


def _page(form: ExemptionForm | None) -> str:
    asked = form.typed.values.get("payer", "") if form is not None else request.args.get("payer", "")
    page = gold_card_page(actions.read_gold_cards(current_caller(), asked or None))
    errors = in_order(form.typed.errors, FIELDS) if form is not None else {}
    first = {"payer": page.payer, "whose": "providers"}
    return render_template(
        "casework/gold_card.html",
        page=page,
        errors=errors,
        at=defaultdict(str, errors),
        values=defaultdict(str, form.typed.values if form is not None else first),
        key=(form.key if form is not None else None) or new_id(),
    )
