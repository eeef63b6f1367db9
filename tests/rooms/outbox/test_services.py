"""Every mail service that Anymail knows: what it is given for a calendar mail, without any network.

Amazon SES is not here: its library is an extra. It takes the raw mail, which test_delivery reads back.
"""

import base64
import json
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
import requests
from anymail import exceptions as anymail
from django.core.mail.backends.smtp import EmailBackend as Smtp

from prm.outbox import actions
from prm.outbox.actions import CalendarPart, Draft
from prm.outbox.carriers import CAPABILITY, capability
from prm.outbox.delivery import drain
from prm.outbox.letters import build
from prm.outbox.models import Message
from prm.outbox.refusals import ends_the_matter

from .conftest import KEY, MONDAY, Clock

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
OPTIONS = {
    "mailjet": {"api_key": "k", "secret_key": "s"},
    "mailgun": {"api_key": "k", "sender_domain": "example.org"},
    "mailtrap": {"api_token": "k"},
    "mailersend": {"api_token": "k"},
    "postmark": {"server_token": "k"},
    "postal": {"api_key": "k", "api_url": "https://postal.example.org"},
    "scaleway": {"secret_key": "k", "project_id": "p"},
    "unisender_go": {"api_key": "k", "api_url": "https://unisender.example.org"},
}
SERVICES = sorted(
    path.split(".")[2] for path in CAPABILITY if path.split(".")[2] not in ("amazon_ses", "test", "console")
)
Make = Callable[..., Draft]


def backend_of(service: str) -> Any:
    cls = import_module(f"anymail.backends.{service}").EmailBackend
    return cls(**OPTIONS.get(service, {"api_key": "k"}))


@pytest.fixture
def message(draft: Make, entry: CalendarPart) -> Message:
    actions.write([draft(calendar=entry)], now=MONDAY)
    return Message.objects.get()


def handed_over(service: str, message: Message) -> str:
    """Everything that would go to the service, as one text."""
    backend = backend_of(service)
    payload = backend.build_message_payload(build(message, type(backend), now=MONDAY), backend.send_defaults)
    return repr(payload.get_request_params("https://service.example.org/"))


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_is_given_the_entry(service: str, message: Message) -> None:
    said = handed_over(service, message)
    encoded = base64.b64encode(message.calendar_body.encode()).decode()[:60]
    assert encoded in said or "BEGIN:VCALENDAR" in said


@pytest.mark.parametrize("service", [s for s in SERVICES if s not in ("brevo", "mailersend")])
def test_every_service_that_can_is_told_the_method(service: str, message: Message) -> None:
    said = handed_over(service, message).replace('\\\\"', "").replace('\\"', "").replace('"', "")
    assert "method=REQUEST" in said


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_is_given_our_headers(service: str, message: Message) -> None:
    said = handed_over(service, message)
    assert "Auto-Submitted" in said
    assert KEY in said
    assert message.message_id.strip("<>") in said


def test_no_service_is_forgotten() -> None:
    known = {
        "amazon_ses",
        "brevo",
        "console",
        "mailersend",
        "mailgun",
        "mailjet",
        "mailtrap",
        "mandrill",
        "postal",
    }
    known |= {"postmark", "resend", "scaleway", "sendgrid", "sparkpost", "test", "unisender_go"}
    assert {path.split(".")[2] for path in CAPABILITY} == known


def test_subclasses_can_do_what_their_parents_can() -> None:
    class Ours(import_module("anymail.backends.brevo").EmailBackend):  # type: ignore[misc]
        pass

    class Relay(Smtp):
        pass

    assert (capability(Ours), capability(Relay)) == ("plain-attachment", "alternative")


def test_brevo_and_postmark_get_their_own_headers(message: Message) -> None:
    assert json.dumps({"idempotencyKey": message.key}).strip("{}") in handed_over("brevo", message)
    assert "X-PM-KeepID" in handed_over("postmark", message)


def test_resend_is_given_the_key_in_the_request_and_the_environment_is_read_once(
    message: Message, settings: Any, monkeypatch: Any
) -> None:
    seen = []

    def request(session: requests.Session, **params: Any) -> requests.Response:
        assert (session.proxies["https"], session.trust_env) == ("http://proxy.example:3128", False)
        seen.append((session.headers["Idempotency-Key"], params["data"]))
        answer = requests.Response()
        answer.status_code, answer._content = (503, b"{}") if len(seen) == 1 else (200, b'{"id": "re_1"}')
        return answer

    monkeypatch.setattr(requests.Session, "request", request)
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    for name in ("https_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    settings.EMAIL_BACKEND = "anymail.backends.resend.EmailBackend"
    settings.ANYMAIL = {"RESEND_API_KEY": "k"}
    assert drain(now=Clock(), owner="one").retried == 1
    assert drain(now=Clock(Message.objects.get().due_at), owner="one").sent == 1
    assert [key for key, _data in seen] == [message.key] * 2
    assert seen[0][1] == seen[1][1]
    assert Message.objects.get().provider_id == "re_1"


@pytest.mark.parametrize(
    ("error", "final"),
    [
        (anymail.AnymailAPIError("no network"), False),
        (anymail.AnymailRecipientsRefused("gone"), True),
        (anymail.AnymailUnsupportedFeature("calendars"), True),
        (anymail.AnymailConfigurationError("no key"), False),
        (ConnectionResetError(), False),
        (TimeoutError(), False),
        (UnicodeError(), True),
    ],
)
def test_errors_of_services_end_the_matter_or_do_not(error: Exception, final: bool) -> None:
    assert ends_the_matter(error) is final
