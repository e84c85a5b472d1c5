"""The practice's providers: list, add, check, change."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.platform.ids import new_id
from app.practice.access import breaks_unless_confirmed, current_caller, current_practice, needs, say
from app.practice.actions import practice as actions
from app.practice.facts.practice import Provider
from app.practice.facts.staff import Permission
from app.practice.forms.practice import ProviderForm, read_provider
from app.practice.rules.roles import version_of
from app.practice.store import practice as store
from app.practice.views.differences import Differences, provider_differences

provider_pages = Blueprint("provider_pages", __name__, url_prefix="/admin/providers")
TAKEN = "A provider with this NPI is on file. Change that one."


@provider_pages.get("")
@needs(Permission.SETTINGS)
def listing() -> str:
    """List the providers."""
    caller = current_caller()
    found = store.providers(caller.session, caller.practice_id)
    return render_template("practice/providers.html", providers=found)


@provider_pages.get("/new")
@needs(Permission.SETTINGS)
def new() -> str:
    """Show the form of a new provider, of the practice's group."""
    return _page(new_id(), None, {"group_npi": current_practice().group_npi or ""})


@provider_pages.get("/<uuid:provider_id>")
@needs(Permission.SETTINGS)
def edit(provider_id: UUID) -> str:
    """Show one provider."""
    known = _known(provider_id)
    if known is None:
        abort(404)
    return _page(provider_id, known, {"name": known.name or "", "npi": known.npi, "group_npi": known.group_npi or ""})


@provider_pages.post("/<uuid:provider_id>")
@needs(Permission.SETTINGS)
def save(provider_id: UUID) -> Response | tuple[str, int]:
    """Store a provider; a form that comes twice stores it once."""
    known = _known(provider_id)
    form = read_provider(request.form, provider_id, known.npi if known is not None else None)
    if form.provider is None:
        return _page(provider_id, known, form.typed, form), 422
    try:
        given = current_caller(), form.provider, form.version
        questions = breaks_unless_confirmed(lambda: actions.save_provider(*given))
        if questions:
            return _page(provider_id, known, form.typed, form, questions=questions), 422
        actions.save_provider(*given)
    except actions.TakenError as taken:
        form.errors[taken.field] = TAKEN
        return _page(provider_id, known, form.typed, form), 422
    except actions.StaleRecordError:
        now = _known(provider_id)
        assert now is not None
        return _page(provider_id, now, form.typed, form, provider_differences(now, form.provider)), 409
    say("The provider is saved.")
    return redirect(url_for("provider_pages.listing"), 303)


def _known(provider_id: UUID) -> Provider | None:
    caller = current_caller()
    return next((one for one in store.providers(caller.session, caller.practice_id) if one.id == provider_id), None)


def _page(
    provider_id: UUID,
    known: Provider | None,
    typed: Mapping[str, str],
    form: ProviderForm | None = None,
    both: Differences | None = None,
    questions: Mapping[str, str] | None = None,
) -> str:
    return render_template(
        "practice/provider.html",
        questions=questions or {},
        answered={"confirmed": request.form.get("confirmed", "")},
        provider_id=provider_id,
        known=known,
        typed=typed,
        errors=form.errors if form is not None else {},
        both=both,
        version=version_of(known) if known is not None else "",
    )
