"""What people typed about who signs in, and their wishes -> checked values, or errors beside the field."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from werkzeug.datastructures import MultiDict

from app.practice.facts.accounts import CodeWay
from app.practice.facts.staff import Density, Look, Role, Theme
from app.practice.forms.practice import LONGEST_NAME

_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,80}\.[^\s@]{2,40}")


@dataclass
class LookForm:
    """A person's settings as read; `look` is None when something in them is not one of the choices."""

    look: Look | None
    errors: dict[str, str] = field(default_factory=dict)


def read_look(typed: Mapping[str, str]) -> LookForm:
    """Read a person's settings."""
    theme, density = typed.get("theme", ""), typed.get("density", "")
    errors: dict[str, str] = {}
    if theme not in tuple(Theme):
        errors["theme"] = "Choose how bright the pages are."
    if density not in tuple(Density):
        errors["density"] = "Choose how dense the lists are."
    if errors:
        return LookForm(None, errors)
    return LookForm(Look(Theme(theme), Density(density), typed.get("single_keys") == "yes"))


@dataclass(frozen=True)
class Offered:
    """What the page of a person offers: names of sites by id and of providers by NPI; whether e-mail goes out."""

    sites: Mapping[UUID, str]
    providers: Mapping[str, str]
    by_mail: bool


@dataclass
class PersonForm:
    """A person who signs in, as typed. `all_sites` None: not chosen. `way`: how the invitation of a new one goes."""

    name: str
    email: str
    roles: frozenset[Role]
    active: bool
    all_sites: bool | None = None
    sites: frozenset[UUID] = frozenset()
    provider_npi: str | None = None
    way: CodeWay = CodeWay.PRINTED
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def sight(self) -> frozenset[UUID] | None:
        """The sites in sight as they are stored; None: all of them."""
        return self.sites if self.all_sites is False else None


def read_person(typed: MultiDict[str, str], offered: Offered, new: bool) -> PersonForm:
    """Read a person's page."""
    roles = frozenset(Role(role) for role in typed.getlist("roles") if role in tuple(Role))
    name, email = typed.get("name", "").strip(), typed.get("email", "").strip().lower()
    sites = frozenset(site for site in offered.sites if site.hex in typed.getlist("sites"))
    every = {"all": True, "chosen": False}.get(typed.get("sight", ""))
    npi = typed.get("provider_npi", "").strip()
    way = CodeWay.EMAIL if typed.get("way") == CodeWay.EMAIL and offered.by_mail else CodeWay.PRINTED
    form = PersonForm(name, email, roles, new or typed.get("active") == "yes", every, sites, npi or None, way)
    form.errors.update(_person_faults(form, offered))
    return form


def _person_faults(form: PersonForm, offered: Offered) -> Iterator[tuple[str, str]]:
    if not form.name or len(form.name) > LONGEST_NAME:
        yield "name", f"Enter the person's name, at most {LONGEST_NAME} characters."
    if not _EMAIL.fullmatch(form.email):
        yield "email", "Enter a work e-mail address, like kim@example.com."
    if not form.roles:
        yield "roles", "Choose at least one role."
    if form.all_sites is None:
        yield "sight", "Choose whether this person sees all sites, or only some."
    elif not form.all_sites and not form.sites:
        yield "sites", "Choose at least one site that this person sees."
    if form.provider_npi and form.provider_npi not in offered.providers:
        yield "provider_npi", "Choose one of the providers of the list."
    elif Role.PROVIDER in form.roles and not form.provider_npi:
        yield (
            "provider_npi",
            "Choose which provider this person is: the role shows that provider's own visits and cases.",
        )
