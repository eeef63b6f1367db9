"""What is asked at the door besides a password: a code from an app, a passkey, a recovery code."""

from __future__ import annotations

import base64
import json
import secrets
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django import forms, template
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from qrcode import QRCode
from qrcode.image.svg import SvgPathImage

from prm.accounts.queries import program
from prm.web.typed import Typed

SALT = "prm.web.second_factor"
WRONG_CODE = gettext_lazy("This code does not fit. Wait until your app shows the next one, and enter that.")
WHICH_CODE = gettext_lazy("The six digits that your app shows now, or one of your recovery codes.")

register = template.Library()


@register.filter
def as_json(value: Any) -> str:
    """What a script reads from an attribute; the page's own escaping makes it safe there."""
    return json.dumps(value)


@register.simple_tag
def agency_signin() -> dict[str, str]:
    """What the door's other button says and where it leads; nothing where no agency signs in here."""
    found = settings.PRM_OIDC
    if not found:
        return {}
    address = reverse("openid_connect_login", kwargs={"provider_id": "agency"})
    return {"name": found["PRM_OIDC_NAME"], "address": address}


class SecondFactorAdapter(DefaultMFAAdapter):
    """allauth's questions about second factors, answered our way. Secrets lie in the database under a key of ours."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": WRONG_CODE}

    def encrypt(self, text: str) -> str:
        return _keys().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; after SECRET_KEY changed, one that nobody holds: the codes then fit no more, and none is free."""
        try:
            return _keys().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode("ascii")

    def get_totp_issuer(self) -> str:
        return program().neutral_name

    def build_totp_svg(self, url: str) -> SafeString:
        """The square for the phone's camera, as a part of the page: it loads nothing and carries no style."""
        code = QRCode(border=2, image_factory=SvgPathImage)
        code.add_data(url)
        return mark_safe(code.make_image().to_string(encoding="unicode"))  # noqa: S308 - drawn here, of squares only

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": program().neutral_name}


def _keys() -> MultiFernet:
    """The keys made from SECRET_KEY and those before it; the first one writes, all of them read."""
    words = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [salted_hmac(SALT, "secrets", secret=word, algorithm="sha256").digest() for word in words]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def code_field(label: Any, help_text: Any = "") -> forms.CharField:
    """Where a code is typed; phones offer it from their keyboards."""
    look = {"class": "form-control short", "autocomplete": "one-time-code", "inputmode": "numeric"}
    return forms.CharField(
        label=label,
        help_text=help_text,
        widget=forms.TextInput(attrs=look),
        error_messages={"required": gettext_lazy("Enter the code.")},
    )


class CodeForm(Typed, AuthenticateForm):
    code = code_field(gettext_lazy("Code"), WHICH_CODE)


class CodeAgainForm(Typed, ReauthenticateForm):
    code = code_field(gettext_lazy("Code"), WHICH_CODE)


class FirstCodeForm(Typed, ActivateTOTPForm):
    code = code_field(gettext_lazy("Code from the app"), gettext_lazy("The six digits that it shows now."))


class PasskeyForm(Typed, AddWebAuthnForm):
    """Each of our passkeys opens the door by itself, so its device asks for a finger, a face or its PIN."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("So that you know it again, for example: my phone."),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    passwordless = forms.BooleanField(required=False, widget=forms.HiddenInput, initial=True)

    def clean(self) -> dict[str, Any]:
        """What is no answer of a device at all is answered like one that does not fit."""
        try:
            return super().clean() or {}
        except (KeyError, ValueError):
            raise forms.ValidationError(WRONG_CODE) from None


class PasskeyNameForm(Typed, EditWebAuthnForm):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("So that you know it again, for example: my phone."),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        error_messages={"required": gettext_lazy("Enter a name.")},
    )


def new_phone(request: HttpRequest) -> HttpResponse:
    """`/accounts/new-phone/`: what to do without the device that knew you."""
    return render(request, "account/new_phone.html")
