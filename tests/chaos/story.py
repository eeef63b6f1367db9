"""Writes partners whose reminders are due now: `python -m tests.chaos.story FIRST NUMBER`.

Says which mails the facts call for, as a JSON list of [recipient, piece of the touch's key].
"""

import json
import sys
from datetime import UTC, datetime

from tests.tasks.story import add_partner, open_the_house  # first: it sets Django up

from django.db import transaction  # isort: skip

from prm.accounts.models import User  # isort: skip


@transaction.atomic
def write(first: int, number: int, now: datetime) -> list[tuple[str, str]]:
    rosa = User.objects.first() or open_the_house(now, -60)
    called_for = []
    for one in range(first, first + number):
        agreement, anna = add_partner(one, rosa, now=now), f"anna{one}@harbor.example"
        called_for += [
            (anna, f"agreement:{agreement.pk}:expiry-60d"),
            (anna, f"agreement:{agreement.pk}:expiry-entry"),
            (rosa.email, f"agreement:{agreement.pk}:expiry-entry"),
        ]
    return called_for


if __name__ == "__main__":
    print(json.dumps(write(int(sys.argv[1]), int(sys.argv[2]), datetime.now(UTC))))
