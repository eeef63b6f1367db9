"""Where mail goes, as a person needs to hear it."""

import pytest

from prm.reporting.mail_route import mail_route

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.parametrize(
    ("backend", "sender", "reaches", "words"),
    [
        ("config.mailfile.EmailBackend", "a@agency.test", False, "written as files"),
        ("django.core.mail.backends.console.EmailBackend", "a@agency.test", False, "stay on this machine"),
        (SMTP, "Us <a@agency.test>", True, "leave through relay.agency.test"),
        (SMTP, "Us <a@program.example.org>", False, "from program.example.org"),
        ("anymail.backends.postmark.EmailBackend", "a@agency.test", True, "leave through Postmark"),
    ],
)
def test_route_says_whether_it_reaches_anybody(settings, backend, sender, reaches, words):
    settings.EMAIL_BACKEND, settings.DEFAULT_FROM_EMAIL = backend, sender
    settings.EMAIL_HOST = "relay.agency.test"
    route = mail_route()
    assert words in route.words
    assert route.reaches is reaches
    assert bool(route.remedy) is not reaches
