"""Hold the table of doors, the routes and the marks of views against each other before the program starts."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask import Flask, request
from werkzeug.routing import Rule

from app.practice.access import FRESH, POLICY, SIGNED_IN, allows
from app.practice.facts.staff import Permission, Role
from app.practice.rules.fields import fields_of
from app.practice.rules.roles import permissions_of
from app.practice.rules.sight import WHOLE_ONLY
from app.web.doors import EVERYBODY, NOBODY, STRANGERS, TOKENS, Door, Doors, kinds_in
from app.web.objects import KINDS


class UnguardedRouteError(Exception):
    """A route is not in the table of doors, or says otherwise than its row; the program does not start."""


def refuse_unguarded(app: Flask, table: Doors) -> None:
    """Raise UnguardedRouteError, which names all of it, when routes and table differ in anything."""
    routes = {(method, rule.rule): rule for rule in app.url_map.iter_rules() for method in methods_of(rule)}
    faults = [
        f"{method} {address}: this route is not in the table; add its row to app/web/doors.yaml"
        for method, address in sorted(routes.keys() - table.rows.keys())
    ]
    for at, door in table.rows.items():
        rule = routes.get(at)
        if rule is None:
            faults.append(f"{door}: no route has this address and method; remove the row")
        else:
            faults += (f"{door}: {fault}" for fault in _differences(app, rule, door))
    faults += (f"object {kind}: app/web/objects.py does not know this kind" for kind in _unknown(table))
    for role in Role:
        told = {field for field, roles in table.fields.items() if role in roles}
        if told != fields_of({role}):
            faults.append(f"fields: of {role}, app/practice/rules/fields.py says otherwise")
    if faults:
        raise UnguardedRouteError("\n".join(faults))


def methods_of(rule: Rule) -> Iterable[str]:
    """The methods of a route that have a row of their own. OPTIONS never has one, so that nothing is at its address."""
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def door_here(app: Flask) -> Door | None:
    """The row of the request that is being answered; None: nothing is written down about it."""
    table: Doors = app.extensions["cleared_doors"]
    return table.at(request.method, request.url_rule.rule if request.url_rule else None)


def _unknown(table: Doors) -> list[str]:
    return sorted(kinds_in(table.rows.values()) - KINDS.keys())


def _differences(app: Flask, rule: Rule, door: Door) -> Iterator[str]:
    if door.view != rule.endpoint:
        yield f"the view is {rule.endpoint}, not {door.view}"
        return
    view = app.view_functions[rule.endpoint]
    policy = getattr(view, POLICY, None)
    ours = str(getattr(view, "__module__", "")).startswith("app.")
    yield from _about_who(policy, door, ours)
    if door.fresh != bool(getattr(view, FRESH, False)):
        yield "the row and the view's mark differ on asking for a fresh proof"
    if door.whole != _of_the_whole(policy):
        yield "the row and the view's permission differ on `sight: whole`"


def _about_who(policy: Any, door: Door, ours: bool) -> Iterator[str]:
    if door.group in (STRANGERS, NOBODY) or (door.group == EVERYBODY and not ours):
        if policy is not None:
            yield f"the row says {door.group}, and the view is marked with a policy"
    elif door.group == TOKENS:
        return  # the API holds its own scopes against its tokens
    elif policy is None:
        yield "the view has no policy; mark it with @needs(Permission...)"
    elif door.group == EVERYBODY or policy == SIGNED_IN:
        if (door.group == EVERYBODY) != (policy == SIGNED_IN):
            yield "the row and the view differ on whether everybody who has signed in may open it"
    elif (roles := {role for role in Role if allows(policy, permissions_of({role}))}) != door.roles:
        yield f"by its policy the view is open to {', '.join(sorted(roles))}"


def _of_the_whole(policy: Any) -> bool:
    """Say whether a view asks only for permissions that people of limited sight do not have."""
    wanted = {policy} if isinstance(policy, Permission) else policy if isinstance(policy, frozenset) else set()
    return bool(wanted) and wanted <= WHOLE_ONLY
