"""What every staff page needs beside its own matter: who we are, today, the places to go, and whether all is well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from prm.accounts.access import may_run_program, may_see_reasons, may_switch_sending, may_write
from prm.accounts.models import Program, Sending, User
from prm.accounts.queries import program
from prm.reporting.alarm import troubles
from prm.web import health
from prm.web.beginning import Beginning, steps
from prm.web.head import Head, head

THEMES = ("light", "dark")
THEME_COOKIE = "theme"


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation; `count` with `counted`, its words for those who cannot see where it stands."""

    address: str
    word: str
    icon: str
    here: bool
    count: int = 0
    counted: str = ""


class Frame:
    """Read once per request, lazily: a page that asks for nothing costs nothing. One clock for the whole page."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.now: datetime = timezone.now()

    @cached_property
    def program(self) -> Program:
        """Who looks at a page reads its head with the program; who posts needs the program alone."""
        return self.head.program if self.request.method == "GET" else program()

    @cached_property
    def head(self) -> Head:
        return head(self.now)

    @cached_property
    def zone(self) -> str:
        """The zone in which this reader's times are told."""
        user = self.request.user
        return (user.zone if isinstance(user, User) else "") or self.program.zone

    @cached_property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    @property
    def program_zone(self) -> ZoneInfo:
        """The zone in which the program's days begin and end."""
        return ZoneInfo(self.program.zone)

    @property
    def program_day(self) -> date:
        """The program's day, for which plans are made; a reader elsewhere may live in another one."""
        return self.now.astimezone(self.program_zone).date()

    @property
    def held(self) -> bool:
        return self.program.sending == Sending.HELD

    @cached_property
    def troubles(self) -> list[str]:
        return troubles(self.program, late=self.head.late, now=self.now, since=health.STARTED_AT)

    @property
    def person(self) -> str:
        user = self.request.user
        return f"{user.name}, {user.get_role_display().lower()}" if isinstance(user, User) else ""

    @property
    def may_change(self) -> bool:
        return may_write(self.request.user)

    @property
    def sees_reasons(self) -> bool:
        return may_see_reasons(self.request.user)

    @property
    def may_switch(self) -> bool:
        return may_switch_sending(self.request.user)

    @property
    def may_run(self) -> bool:
        return may_run_program(self.request.user)

    @property
    def beginning(self) -> Beginning:
        return self.head.beginning

    @cached_property
    def steps(self) -> dict[str, bool]:
        """The first steps, and which are done."""
        return steps(self.program, self.beginning)

    @property
    def open_steps(self) -> int:
        return sum(not done for done in self.steps.values())

    @property
    def here(self) -> str:
        match = self.request.resolver_match
        return (match.url_name or "").partition("-")[0] if match else ""

    @cached_property
    def places(self) -> list[Place]:
        partner_pages = {"partners", "partner", "agreement", "imports", "import"}
        places = [
            Place(reverse("today"), _("Today"), "sun", self.here in {"today", "said"}),
            Place(reverse("partners"), _("Partners"), "people", self.here in partner_pages),
            Place(reverse("training"), _("Training"), "mortarboard", self.here == "training"),
            Place(reverse("outlook"), _("Outlook"), "signpost-2", self.here == "outlook"),
            Place(
                reverse("outbox"),
                _("Outbox"),
                "send",
                self.here in {"outbox", "release"},
                self.head.waiting,
                _("waiting"),
            ),
        ]
        if self.may_run and self.open_steps:
            first = self.here == "first"
            places.append(
                Place(reverse("first-steps"), _("First steps"), "flag", first, self.open_steps, _("open"))
            )
        return places

    @property
    def bar(self) -> list[Place]:
        """The places of a phone's bar. Training and first steps stand under More: six words have room on a phone."""
        under_more = {reverse("first-steps"), reverse("training")}
        today, partners, *others = (place for place in self.places if place.address not in under_more)
        look_up = Place(reverse("look-up"), _("Look up"), "search", self.here == "look")
        return [today, partners, look_up, *others]

    @property
    def in_more(self) -> bool:
        """Whether this page is reached from More."""
        of_account = self.here.startswith(("account", "mfa_", "usersessions"))
        return of_account or self.here in {
            "more",
            "training",
            "program",
            "closed",
            "colleagues",
            "demo",
            "rules",
            "words",
            "word",
            "accesses",
        }


def frame_of(request: HttpRequest) -> Frame:
    """The frame of this request, made at most once."""
    found: Frame | None = getattr(request, "prm_frame", None)
    if found is None:
        found = Frame(request)
        request.prm_frame = found  # type: ignore[attr-defined]
    return found


def for_templates(request: HttpRequest) -> dict[str, Any]:
    """The context processor: `frame` and the chosen theme."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {"frame": frame_of(request), "theme": theme if theme in THEMES else ""}
