"""New rules: what was put forward, what it changes, who accepts it, and which rules were in force when."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.platform.ids import new_id
from app.practice.access import current_caller, needs, say
from app.practice.facts.staff import Permission
from app.rule_changes.actions import activating, reading
from app.rule_changes.actions.activating import ProposalNotFoundError, RefusedActError, StaleActError
from app.rule_changes.facts.acts import ActDone
from app.rule_changes.forms import ActForm, fresh_form, read_form
from app.rule_changes.views.impact_page import impact_page
from app.rule_changes.views.new_rules import judged_words, new_rules_page, proposal_page, reign_page

rule_change_pages = Blueprint("rule_change_pages", __name__, url_prefix="/rules/new-rules")
Page = Callable[[ActForm, bool], str]


@rule_change_pages.get("")
@needs(Permission.SEE_RULES)
def listing() -> str:
    """List what was put forward, and which rules were in force when."""
    return _list(fresh_form(new_id()))


@rule_change_pages.get("/<uuid:proposal>")
@needs(Permission.SEE_RULES)
def show(proposal: UUID) -> str:
    """Show what one set would say otherwise than the rules in force."""
    return _proposal(proposal, fresh_form(new_id()))


@rule_change_pages.get("/<uuid:proposal>/impact")
@needs(Permission.EDIT_RULES)
def impact(proposal: UUID) -> str:
    """Show the visits and cases that a set would change, and ask for it or accept it there."""
    return _impact(proposal, fresh_form(new_id()))


@rule_change_pages.get("/since/<uuid:reign>")
@needs(Permission.SEE_RULES)
def since(reign: UUID) -> str:
    """Show what rules that came into force said otherwise than those before them."""
    try:
        found = reading.read_reign(current_caller(), reign)
    except ProposalNotFoundError:
        abort(404)
    payer = request.args.get("payer", "")
    return render_template("rule_changes/since.html", page=reign_page(found, payer), payer=payer)


@rule_change_pages.post("/<uuid:proposal>/ask")
@needs(Permission.EDIT_RULES)
def ask(proposal: UUID) -> Response | tuple[str, int]:
    """Ask for a set as the first of two people."""

    def told(done: ActDone) -> Response:
        say("It is asked for. Another person who may change rules can accept it now.")
        return redirect(url_for("rule_change_pages.show", proposal=proposal), 303)

    form = read_form(request.form)
    return _do(form, lambda page, stale: _impact(proposal, page, stale), activating.ask_for, proposal, told)


@rule_change_pages.post("/<uuid:proposal>/accept")
@needs(Permission.EDIT_RULES)
def accept(proposal: UUID) -> Response | tuple[str, int]:
    """Put a set in force as the second person."""

    def told(done: ActDone) -> Response:
        if done.again:
            say("This was done before; nothing was done twice.")
        else:
            undo = url_for("rule_change_pages.put_back", once=new_id(), stamp=done.undo)
            say(f"The new rules are in force. {judged_words(done)}", undo=undo)
        return redirect(url_for("rule_change_pages.listing"), 303)

    form = read_form(request.form)
    return _do(form, lambda page, stale: _impact(proposal, page, stale), activating.accept, proposal, told)


@rule_change_pages.post("/<uuid:proposal>/reject")
@needs(Permission.EDIT_RULES)
def reject(proposal: UUID) -> Response | tuple[str, int]:
    """Reject a set with a reason."""

    def told(_done: ActDone) -> Response:
        say("The new rules are rejected. The rules in force stay.")
        return redirect(url_for("rule_change_pages.listing"), 303)

    form = read_form(request.form, asks_why=True)
    return _do(form, lambda page, stale: _proposal(proposal, page, stale), activating.reject, proposal, told)


@rule_change_pages.post("/<uuid:proposal>/offer-again")
@needs(Permission.EDIT_RULES)
def offer_again(proposal: UUID) -> Response | tuple[str, int]:
    """Put a set forward again that people decided on before."""

    def told(done: ActDone) -> Response:
        say("The rules are put forward again.")
        return redirect(url_for("rule_change_pages.show", proposal=done.proposal or proposal), 303)

    form = read_form(request.form)
    return _do(form, lambda page, stale: _proposal(proposal, page, stale), activating.offer_again, proposal, told)


@rule_change_pages.post("/put-back")
@needs(Permission.EDIT_RULES)
def put_back() -> Response | tuple[str, int]:
    """Put the rules that were in force before back in force: one person may."""
    # What is taken back right after accepting comes by the address alone; the page's own button sends its form.
    form = read_form(request.form if "stamp" in request.form else request.args)
    if form.word is None:
        return _list(form), 422
    try:
        done = activating.put_back(current_caller(), form.word)
    except RefusedActError as error:
        form.errors["act"] = str(error)
        return _list(form), 422
    except StaleActError:
        return _list(_anew(form), stale=True), 409
    changed = "" if done.again else f" {judged_words(done)}"
    say(f"The former rules are in force again.{changed}")
    return redirect(url_for("rule_change_pages.listing"), 303)


def _do(
    form: ActForm,
    page: Page,
    act: Callable[..., ActDone],
    proposal: UUID,
    told: Callable[[ActDone], Response],
) -> Response | tuple[str, int]:
    """Do an act of a form, or show its page again with what stands in the way."""
    if form.word is None:
        return page(form, False), 422
    try:
        done = act(current_caller(), proposal, form.word)
    except ProposalNotFoundError:
        abort(404)
    except RefusedActError as error:
        form.errors["act"] = str(error)
        return page(form, False), 422
    except StaleActError:
        return page(_anew(form), True), 409
    return told(done)


def _anew(form: ActForm) -> ActForm:
    """The same entries under a new id: the page shows what is there now."""
    form.typed["once"] = str(new_id())
    return form


def _list(form: ActForm, stale: bool = False) -> str:
    found = reading.read_list(current_caller(), _id("after"), _id("earlier"))
    return render_template(
        "rule_changes/list.html",
        page=new_rules_page(found),
        form=form,
        stale=stale,
        next=found.next,
        earlier=found.earlier,
        paged=bool(request.args.get("after") or request.args.get("earlier")),
    )


def _proposal(proposal: UUID, form: ActForm, stale: bool = False) -> str:
    try:
        found = reading.read_proposal(current_caller(), proposal)
    except ProposalNotFoundError:
        abort(404)
    payer = request.args.get("payer", "")
    page = proposal_page(found, payer)
    return render_template("rule_changes/proposal.html", page=page, form=form, stale=stale, payer=payer)


def _impact(proposal: UUID, form: ActForm, stale: bool = False) -> str:
    try:
        found = reading.read_impact(current_caller(), proposal)
    except ProposalNotFoundError:
        abort(404)
    page, impact = proposal_page(found.detail), impact_page(found)
    return render_template("rule_changes/impact.html", page=page, impact=impact, form=form, stale=stale)


def _id(name: str) -> UUID | None:
    try:
        return UUID(request.args[name]) if request.args.get(name) else None
    except ValueError:
        return None
