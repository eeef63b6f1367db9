"""What the outbox of a real stack says of itself, as JSON.

`--expire` first lets every lease run out, `--retry` makes every waiting message due: both stand for waiting some
minutes, and for nothing else.
"""

import json
import os
import sys
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.utils import timezone  # noqa: E402 - after setup

from prm.outbox.models import Message  # noqa: E402

if __name__ == "__main__":
    past = timezone.now() - timedelta(seconds=1)
    if "--expire" in sys.argv:
        Message.objects.exclude(lease_until=None).update(lease_until=past)
    if "--retry" in sys.argv:
        Message.objects.filter(state="waiting").update(due_at=past)
    rows = Message.objects.values_list("message_id", "state")
    print(
        json.dumps({"states": dict(rows), "open": sum(state in ("waiting", "sending") for _, state in rows)})
    )
