"""Codes for a person: invite again, revoke an invitation, let somebody choose another password."""

from collections.abc import Callable
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.gateways.access import gateways_of
from app.platform.caller import Caller
from app.practice.access import current_caller, current_practice, fresh, needs, say
from app.practice.actions import invitations as actions
from app.practice.facts.accounts import CodeKind, CodeWay
from app.practice.facts.staff import Permission
from app.practice.views.staff import When

code_pages = Blueprint("code_pages", __name__, url_prefix="/admin/users")


@code_pages.post("/<uuid:person_id>/invite")
@needs(Permission.SETTINGS)
@fresh
def invite(person_id: UUID) -> Response | str:
    """Invite a person again who has not accepted; the code before opens nothing any more."""
    return _hand(actions.invite_again, person_id)


@code_pages.post("/<uuid:person_id>/revoke")
@needs(Permission.SETTINGS)
@fresh
def revoke(person_id: UUID) -> Response:
    """End the invitation of a person."""
    ended = actions.revoke(current_caller(), person_id)
    say("The invitation is revoked." if ended else "There was no invitation that was open.")
    return redirect(url_for("people_pages.edit", person_id=person_id), 303)


@code_pages.post("/<uuid:person_id>/reset")
@needs(Permission.SETTINGS)
@fresh
def reset(person_id: UUID) -> Response | str:
    """Let a person choose another password; the old one and every browser end at once."""
    return _hand(actions.offer_reset, person_id)


def show_code(handed: actions.Handed, when: When) -> Response | str:
    """Show the page of a printed code, this once; or go back to the list where it goes by e-mail."""
    if handed.typed is None:
        say("The e-mail is on its way.")
        return redirect(url_for("people_pages.listing"), 303)
    return render_template(
        "practice/code.html",
        person=handed.person,
        typed=handed.typed,
        until=when.until(handed.code.expires_at),
        invitation=handed.code.kind is CodeKind.INVITATION,
        address=f"{request.host_url.rstrip('/')}{url_for('account_pages.choose')}",
        practice=current_practice().name,
    )


def _hand(make: Callable[[Caller, UUID, CodeWay], actions.Handed], person_id: UUID) -> Response | str:
    caller = current_caller()
    by_mail = request.form.get("way") == CodeWay.EMAIL and gateways_of(caller.session).mail is not None
    try:
        handed = make(caller, person_id, CodeWay.EMAIL if by_mail else CodeWay.PRINTED)
    except actions.NoSuchPersonError:
        abort(404)
    return show_code(handed, When(caller.clock.now(), ZoneInfo(current_practice().zone)))
