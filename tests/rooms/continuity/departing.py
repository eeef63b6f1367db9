"""What the stories about leaving share: Anna says it, a session is planned, mails are counted."""

from datetime import timedelta
from typing import Any

from prm.continuity import leaving
from prm.outbox.models import Message
from prm.partners import links
from prm.partners.links import Holder, Wish
from prm.partners.models import Contact, Link, Purpose, Statement
from prm.training.actions import invite, plan_session
from prm.training.models import Session
from tests.story import at, day, entries_to

ANNA, BEN, ROSA = "anna@harbor.example", "ben@harbor.example", "rosa@program.example"
START = "start-1d"
MONDAY, EARLIER = at("2027-03-08T10:00"), at("2027-03-01T10:00")


def link_of(person: Contact, purpose: Purpose = Purpose.LEAVING, now: Any = MONDAY) -> Link:
    return links.issue([(Holder(person.organization_id, person.pk), Wish(purpose))], now=now)[0]


def says(
    anna: Contact, last_day: str, name: str = "Ben Ortiz", email: str = BEN, now: Any = MONDAY
) -> Statement:
    words = {"successor_name": name, "successor_email": email, "note": "I start elsewhere."}
    return leaving.announce(link_of(anna, now=now), last_day=day(last_day), now=now, **words)


def session(*people: Contact, starts: str, title: str = "Spotting the signs", now: Any = EARLIER) -> Session:
    planned = plan_session(
        title=title, starts_at=at(starts), ends_at=at(starts) + timedelta(hours=2), now=now
    )
    invite(planned, people, now=now)
    return planned


def methods(mailoutbox: list[Any], who: str) -> list[str]:
    return [entry[0] for entry in entries_to(mailoutbox, who)]


def letters(mailoutbox: list[Any], who: str) -> list[str]:
    told = Message.objects.filter(kind="introduction").values_list("subject", flat=True)
    return [mail.subject for mail in mailoutbox if who in mail.to[0] and mail.subject in set(told)]
