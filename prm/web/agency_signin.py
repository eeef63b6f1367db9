"""Signing in with the account of one's agency (OpenID Connect). Loaded only where PRM_OIDC_URL is set.

It is another key to a door that exists: whoever comes in was invited, chose a password once, and has access. Nothing
is linked or kept: each time the provider says a verified address, and that address alone decides.
"""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.utils import perform_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from prm.accounts.models import User
from prm.accounts.queries import CAN_SIGN_IN

log = logging.getLogger(__name__)


class AgencyAdapter(DefaultSocialAccountAdapter):
    """allauth's questions about people who come from elsewhere, answered our way: none of them goes further."""

    def is_open_for_signup(self, *_: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        raise ImmediateHttpResponse(_let_in(request, sociallogin))

    def on_authentication_error(self, request: HttpRequest, *_: Any, **about: Any) -> None:
        log.warning("signing in with the agency's account failed: %s", about.get("error"))
        raise ImmediateHttpResponse(_back(request))


class IdTokenAdapter(OpenIDConnectOAuth2Adapter):
    """What the provider says, only from the token that it signed, and only if the signature is right."""

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        said: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return said

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        if not kwargs["response"].get("id_token"):
            raise OAuth2Error("no id_token")
        return super().complete_login(request, app, token, **kwargs)


@never_cache
@require_POST
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """`/accounts/agency/<provider>/login/`: on to the provider."""
    return _asked(OAuth2LoginView, request, provider_id)


@never_cache
@require_GET
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """`/accounts/agency/<provider>/back/`: what the provider said."""
    return _asked(OAuth2CallbackView, request, provider_id)


def _asked(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    """One step of allauth's; whatever the provider answers that is none leads back to the door."""
    try:
        answer: HttpResponse = view.adapter_view(IdTokenAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist as nobody:
        raise Http404 from nobody
    except (RequestException, OAuth2Error, KeyError, ValueError) as problem:
        log.warning("the agency's sign-in did not answer well: %s", type(problem).__name__)
        return _back(request)
    return answer


def _let_in(request: HttpRequest, said: Any) -> HttpResponse:
    """Open the door to whom the verified address belongs; their second step is asked for as always."""
    token: dict[str, Any] = said.account.extra_data.get("id_token", {})
    address = str(token.get("email", "")).strip().lower()
    checked = token.get("email_verified")
    if not address or not (checked is True or checked == "true"):  # some providers write the yes as a word
        messages.error(
            request, _("Your agency’s sign-in did not say a checked e-mail address. Use your password.")
        )
        return redirect("account_login")
    person = User.objects.filter(CAN_SIGN_IN, email=address).first()
    if person is None:
        sentence = _("Nobody with the address %s can sign in here yet. Ask a colleague here to invite you.")
        messages.error(request, sentence % address)
        return redirect("account_login")
    answer: HttpResponse = perform_login(request, person, redirect_url=said.get_redirect_url(request))
    return answer


def _back(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("That did not work. Try again, or use your password."))
    return redirect("account_login")
