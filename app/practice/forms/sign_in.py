"""What people typed to sign in -> checked values, or errors beside the field."""

from collections.abc import Mapping
from dataclasses import dataclass, field

LONGEST = 1_000
LONGEST_FACTOR_NAME = 60


@dataclass
class SignInForm:
    """Address and password, as typed."""

    email: str
    password: str = field(repr=False)
    errors: dict[str, str] = field(default_factory=dict)


def read_sign_in(typed: Mapping[str, str]) -> SignInForm:
    """Read the page of sign-in. The password is taken as it is, blanks and all."""
    form = SignInForm(typed.get("email", "").strip(), typed.get("password", ""))
    if not form.email or len(form.email) > LONGEST:
        form.errors["email"] = "Enter your e-mail address."
    if not form.password or len(form.password) > LONGEST:
        form.errors["password"] = "Enter your password."  # noqa: S105  a sentence
    return form


@dataclass
class FactorForm:
    """The name that a person gives an authenticator app or a passkey, and the code that the app shows."""

    name: str
    code: str = ""
    errors: dict[str, str] = field(default_factory=dict)


def read_factor(typed: Mapping[str, str], instead: str, code: bool = False) -> FactorForm:
    """Read the name of a factor; left empty it is called by `instead`. `code`: a code is asked for beside it."""
    form = FactorForm(" ".join(typed.get("name", "").split()) or instead, typed.get("code", "").strip())
    if len(form.name) > LONGEST_FACTOR_NAME:
        form.errors["name"] = f"Use at most {LONGEST_FACTOR_NAME} characters; this name has {len(form.name)}."
    if code and not form.code:
        form.errors["code"] = "Enter the six digits that the app shows."
    return form
