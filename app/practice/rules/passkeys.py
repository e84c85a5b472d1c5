"""Passkeys (WebAuthn): what a browser is asked, and whether its answer holds. User verification is always required."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.practice.facts.factors import Passkey

LONGEST_ANSWER = 20_000
_REQUIRED = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True, slots=True)
class Place:
    """Where passkeys hold: the host name that they are bound to, and the address that the browser must tell."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose passkey is made: the handle that the authenticator keeps, and the names that it shows."""

    id: UUID
    email: str
    name: str


def creation_options(place: Place, owner: Owner, nonce: bytes, known: Iterable[str]) -> str:
    """Write what a browser is asked to make a passkey, as JSON. `known`: the ids of those that the person has."""
    options = generate_registration_options(
        rp_id=place.host,
        rp_name="Cleared",
        user_id=owner.id.bytes,
        user_name=owner.email,
        user_display_name=owner.name,
        challenge=nonce,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_REQUIRED
        ),
        exclude_credentials=_descriptors(known),
    )
    return options_to_json(options)


def request_options(place: Place, nonce: bytes, known: Iterable[str]) -> str:
    """Write what a browser is asked to show a passkey, as JSON. `known` empty: any of this host that it has."""
    options = generate_authentication_options(
        rp_id=place.host, challenge=nonce, allow_credentials=_descriptors(known), user_verification=_REQUIRED
    )
    return options_to_json(options)


def made_passkey(place: Place, nonce: bytes, answer: str) -> Passkey | None:
    """Read what a browser answered that made a passkey; None when it does not hold for this place and nonce."""
    if len(answer) > LONGEST_ANSWER:
        return None
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=nonce,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError):
        return None
    return Passkey(bytes_to_base64url(made.credential_id), made.credential_public_key, made.sign_count)


def shown_credential(answer: str) -> str | None:
    """Read which passkey a browser says that it shows: its id in base64url. None when the answer cannot be read."""
    if len(answer) > LONGEST_ANSWER:
        return None
    try:
        return bytes_to_base64url(parse_authentication_credential_json(answer).raw_id)
    except (WebAuthnException, ValueError):
        return None


def shown_count(place: Place, nonce: bytes, answer: str, passkey: Passkey) -> int | None:
    """Check that a browser has shown a passkey. Returns how often its authenticator was used, or None.

    An authenticator that counts must count on: one that stands still or goes back is a copy.
    """
    try:
        shown = verify_authentication_response(
            credential=answer,
            expected_challenge=nonce,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError):
        return None
    return shown.new_sign_count


def _descriptors(credentials: Iterable[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in credentials]
