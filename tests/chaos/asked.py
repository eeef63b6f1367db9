"""What the product says of its mails, by the queries of its pages: `python -m tests.chaos.asked`, as JSON."""

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.test import RequestFactory  # noqa: E402 - after setup

from prm.accounts.models import User  # noqa: E402
from prm.web.staff.outbox import found_messages  # noqa: E402


def asked() -> list[tuple[str, str, str, str, str]]:
    """Message-ID, recipient, state, the reason that the group "Did not arrive" shows, and the keys of each mail."""
    request = RequestFactory().get("/outbox/")
    request.user = User.objects.get(role="manager")
    everything = found_messages(request)
    request.GET = {"state": "back"}  # type: ignore[assignment]
    shown = dict(found_messages(request).values_list("pk", "last_error"))
    return [
        (one.message_id, one.recipient, one.state, shown.get(one.pk, ""), ", ".join(one.keys))
        for one in everything.defer("text", "html", "calendar_body")
    ]


if __name__ == "__main__":
    print(json.dumps(asked()))
