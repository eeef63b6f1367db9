"""What each mail service can do with a calendar entry, and by what it knows a repeat."""

# How a calendar entry can travel, found by building each service's payload. `alternative`: as text/calendar beside
# text and HTML, and as a file. `attachment-with-method`: only as an attachment whose type says the method; one
# service wants it as a MIME part. `plain-attachment`: a file whose type the service guesses from its name.
ALTERNATIVE, WITH_METHOD = "alternative", "attachment-with-method"
AS_MIME, PLAIN = "mime-attachment", "plain-attachment"
CAPABILITY = {
    "anymail.backends.amazon_ses.EmailBackend": ALTERNATIVE,
    "anymail.backends.sendgrid.EmailBackend": ALTERNATIVE,
    "anymail.backends.test.EmailBackend": ALTERNATIVE,
    "anymail.backends.console.EmailBackend": ALTERNATIVE,
    "anymail.backends.mailgun.EmailBackend": WITH_METHOD,
    "anymail.backends.mailjet.EmailBackend": WITH_METHOD,
    "anymail.backends.mailtrap.EmailBackend": WITH_METHOD,
    "anymail.backends.mandrill.EmailBackend": WITH_METHOD,
    "anymail.backends.postal.EmailBackend": WITH_METHOD,
    "anymail.backends.postmark.EmailBackend": WITH_METHOD,
    "anymail.backends.scaleway.EmailBackend": WITH_METHOD,
    "anymail.backends.sparkpost.EmailBackend": WITH_METHOD,
    "anymail.backends.unisender_go.EmailBackend": WITH_METHOD,
    "anymail.backends.resend.EmailBackend": AS_MIME,  # it refuses a tuple whose name and type differ
    "anymail.backends.brevo.EmailBackend": PLAIN,
    "anymail.backends.mailersend.EmailBackend": PLAIN,
}

# Mail headers by which a service knows a repeat, or keeps our Message-ID. Resend wants its key in the HTTP request.
SERVICE_HEADERS = {
    "anymail.backends.brevo.EmailBackend": {"idempotencyKey": "%(key)s"},
    "anymail.backends.postmark.EmailBackend": {"X-PM-KeepID": "true"},
}
KEY_IN_REQUEST = {"anymail.backends.resend.EmailBackend": "Idempotency-Key"}


def path(backend: type) -> str:
    """The dotted name of a backend class."""
    return f"{backend.__module__}.{backend.__qualname__}"


def capability(backend: type) -> str:
    """How mails through this backend class can carry a calendar entry. Subclasses do as their parents."""
    for parent in backend.__mro__:
        if path(parent) in CAPABILITY:
            return CAPABILITY[path(parent)]
    return PLAIN if backend.__module__.startswith("anymail.") else ALTERNATIVE
