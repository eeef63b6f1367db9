"""Every route of the product, and the address at which it stands for one partner with one record of everything."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from prm.accounts.models import User
from prm.capacity.actions import pause
from prm.continuity import saying
from prm.desk.actions import snooze
from prm.desk.models import Snooze
from prm.desk.rows import Row
from prm.outbox.models import Message
from prm.partners.actions import make_promise, say
from prm.partners.links import Holder, Wish, issue, token_of
from prm.partners.models import Organization, Promise, Purpose
from prm.reminders import dispatch
from prm.reminders.actions import refresh
from prm.rules.timetable import Rhythm
from prm.training.actions import SeriesRule, Stop, Teacher, enter_course, enter_path, plan_round, plan_series
from prm.vocabulary.queries import term
from prm.web.urls import urlpatterns
from tests.cast import NOW, TODAY, anna_reyes, at, day, make_agreement, make_organization, rosa
from tests.web.access_of_routes import ROUTES

FIXED = {
    "name": "sector",
    "kind": "csv",
    "part": "out",
    "day": "2027-12-24",
    "uidb36": "1",
    "key": "set-password",
    "fact": "name",
    "rule": "expiry",
    "role": "notice",
}


def patterns(found: list[Any]) -> Iterator[URLPattern]:
    """Every single address, those of included lists too."""
    for one in found:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns)
        else:
            yield one


ALL = {str(one.name): one for one in patterns(urlpatterns)}
KNOWN = [name for name in ALL if name in ROUTES]


@dataclass
class House:
    """One partner and everything of it that has an address; `numbers` by what `Route.pk` calls them."""

    organization: Organization
    tokens: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)


def house(name: str, **facts: Any) -> House:
    made = House(make_organization(name, owner=rosa(), **facts))
    anna = anna_reyes(made.organization, email=f"anna@{made.organization.slug}.example")
    mou = make_agreement(made.organization, expires_on=day("2027-08-31"))
    taken = pause(made.organization, scope="referrals", starts_on=TODAY, months=1, now=NOW)
    refresh(now=at("2027-07-02T10:00"))
    dispatch.hand_over(now=at("2027-07-02T10:00"))
    holder = Holder(made.organization.pk, anna.pk)
    page, feed = issue([(holder, Wish(Purpose.PAGE)), (holder, Wish(Purpose.FEED))], now=NOW)
    made.tokens = {"page": token_of(page), "feed": token_of(feed)}
    told = saying.we_are_full(page, scope="training", months=3, now=NOW)
    made.numbers = learning(made.organization)
    promised = make_promise(made.organization, side="ours", what="Send posters", due_on=TODAY, now=NOW)
    made.numbers |= {
        "promise": promised.pk,
        "snooze": put_off(made.organization, promised).pk,
        "contact": anna.pk,
        "word": term("sector", "faith").pk,
        "entry": made.organization.entries.get(event="organization_entered").pk,
        "agreement": mou.pk,
        "pause": taken.pk,
        "told": told.pk,
        "said": told.pk,
        "correction": say(page, kind="correction", data={"about": "me", "phone": "555 0100"}, now=NOW).pk,
        "message": Message.objects.filter(organization=made.organization).latest("pk").pk,
    }
    return made


def learning(host: Organization) -> dict[str, int]:
    """A course, a series and a round of it, and a session with somebody who teaches: their numbers."""
    course = enter_course(title="Red flags", now=NOW)
    hours = {"starts": time(10), "ends": time(12)}
    rule = SeriesRule(
        rhythm=Rhythm(3, 3, every=3), starts_on=day("2027-07-01"), ends_on=day("2028-06-30"), **hours
    )
    series = plan_series(rule, title="Red flags", course=course, now=NOW)
    stop = Stop(town="Oakland", day=day("2027-09-13"), host=host, trainers=(Teacher(name="Maya"),), **hours)
    made = plan_round([stop], title="Autumn round", course=course, now=NOW)
    path = enter_path(title="Foundation", courses=[course, enter_course(title="More", now=NOW)], now=NOW)
    session = made.sessions.get()
    trainer = session.trainers.get()
    return {
        "course": course.pk,
        "path": path.pk,
        "series": series.pk,
        "round": made.pk,
        "session": session.pk,
        "trainer": trainer.pk,
    }


def put_off(organization: Organization, promised: Promise) -> Snooze:
    about = {"organization": organization.pk, "record": f"promise:{promised.pk}", "rule": "promise"}
    row = Row(organization.name, "Send posters", "Today", "Keep it or move it", promised.due_on, **about)
    return snooze(row, until=day("2027-06-10"), reason="They print", now=NOW)


def client_of(person: User | None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def address(name: str, made: Any, *, token: str = "") -> str:
    """Where a route stands for one partner and its records."""
    pattern = ALL[name].pattern
    asked = {*pattern.regex.groupindex, *getattr(pattern, "converters", {})}
    values = FIXED | {"slug": made.organization.slug, "pk": made.numbers.get(ROUTES[name].pk, 0)}
    if "token" in asked:
        values["token"] = token or made.tokens["feed" if name == "feed" else "page"]
    return reverse(name, kwargs={one: values[one] for one in asked})
