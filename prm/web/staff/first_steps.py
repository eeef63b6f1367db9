"""The first steps of a new installation: what to do, why, one next action; what is done says what is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prm.accounts.models import Program, User
from prm.accounts.queries import CAN_SIGN_IN, closed_days_between
from prm.desk.trial import trials
from prm.outbox.actions import sender_address
from prm.outbox.models import Message
from prm.partners.models import Organization
from prm.reporting.mail_route import mail_route
from prm.web.frame import Frame, frame_of
from prm.web.gate import staff
from prm.web.staff.letter import Letter
from prm.web.staff.week import days_in_short
from prm.web.words import listed, near_day, plain_day

NAMED = 3
YEAR = timedelta(365)


@dataclass(frozen=True, slots=True)
class Action:
    """What to press: a link, or with `posts` a button that does it at once."""

    word: str
    address: str
    posts: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One row. `known` says how things are, `trouble` what stands in the way; `also` is a second, quiet link."""

    key: str
    title: str
    why: str
    done: bool
    known: str = ""
    trouble: str = ""
    action: Action | None = None
    also: Action | None = None


@staff
def first_steps(request: HttpRequest) -> HttpResponse:
    """`/first-steps/`: those who run the program see actions, everyone else how far it is."""
    frame = frame_of(request)
    rows = [TELLERS[key](frame, done) for key, done in frame.steps.items()]
    first = next((row.key for row in rows if not row.done and row.action), "")
    context = {"rows": rows, "first": first, "done": sum(row.done for row in rows)}
    return render(request, "staff/first_steps.html", context)


def _program(frame: Frame, done: bool) -> Step:
    return Step(
        "program",
        _("Say who you are"),
        _(
            "Your name heads every mail. Where a mail must not say what you do, the neutral name stands instead."
        ),
        done,
        known=in_short(frame.program),
        action=Action(_("Change") if done else _("Look it through"), reverse("program")),
    )


def in_short(program: Program) -> str:
    """The program in short: names, zone, and when mail goes."""
    facts = {"name": program.name, "neutral": program.neutral_name, "zone": program.zone}
    hours = {"first": f"{program.sending_from:%H:%M}", "last": f"{program.sending_until:%H:%M}"}
    same = program.name == program.neutral_name
    named = (_("%(name)s.") if same else _("%(name)s; where it must be discreet, “%(neutral)s”.")) % facts
    zoned = _("Times of %(zone)s.") % facts
    days = days_in_short(program.working_days)
    return f"{named} {zoned} " + _("Mail goes from %(first)s to %(last)s, %(days)s.") % {
        **hours,
        "days": days,
    }


def _mail(frame: Frame, done: bool) -> Step:
    route, introduced = mail_route(), frame.program.introduced_on is not None
    addresses = {"sender": sender_address(), "mailbox": frame.program.mailbox}
    same = addresses["sender"].lower() == addresses["mailbox"].lower()
    from_to = _("Mail comes from %(sender)s, answers go to %(mailbox)s.")
    known = (_("Mail comes from %(sender)s, and answers go there.") if same else from_to) % addresses
    look = reverse("program") + "#id_mailbox"
    return Step(
        "mail",
        _("Let mail reach people"),
        _("Reminders are only as good as the way they take."),
        done,
        known=f"{known} {route.words}",
        trouble=route.remedy,
        action=Action(_("Change") if introduced else _("Look the addresses through"), look)
        if route.reaches
        else None,
        also=None if route.reaches else Action(_("Change where answers go"), look),
    )


def _days(frame: Frame, done: bool) -> Step:
    known = ""
    if done:
        today = frame.today
        coming = closed_days_between(frame.program, today, today + YEAR)
        known = _("Looked through on %s.") % plain_day(frame.program.holidays_checked_on)
        if coming:
            known += " " + _next_closed(coming[0].date, coming[0].name, today)
    return Step(
        "days",
        _("Look through the closed days"),
        _(
            "Nothing is sent on a day on which you are closed; a reminder due then goes on the working day before."
        ),
        done,
        known=known,
        action=Action(_("Change") if done else _("See the closed days"), reverse("closed-days")),
    )


def _next_closed(day: date, name: str, today: date) -> str:
    return _("Next: %(name)s, %(day)s.") % {"name": name, "day": near_day(day, today)}


def _partners(_frame: Frame, done: bool) -> Step:
    known, template = "", Action(_("Download a template"), reverse("imports-template-xlsx"))
    if done:
        number = Organization.objects.filter(is_demo=False).count()
        known = ngettext("%d partner is here.", "%d partners are here.", number) % number
    return Step(
        "partners",
        _("Bring in your partners"),
        _("The spreadsheet that you keep is enough. You see what would be written before anything is."),
        done,
        known=known,
        action=Action(_("Bring in more") if done else _("Bring in a spreadsheet"), reverse("imports")),
        also=None if done else template,
    )


def _test(frame: Frame, done: bool) -> Step:
    last, route = trials().select_related("user").first(), mail_route()
    press = Action(_("Send another") if done else _("Send me a test mail"), reverse("test-mail"), posts=True)
    trouble = (
        _("Sending is held, and a test mail waits like any other. Let mail go first.") if frame.held else ""
    )
    return Step(
        "test",
        _("Send yourself a test mail"),
        _("So you see that mail arrives before a partner waits for it."),
        done,
        known=_how_it_went(last, frame, reaches=route.reaches) if last else "",
        trouble="" if done else trouble,
        action=None if frame.held else press,
        also=Action(_("See the mail"), reverse("outbox-message", args=[last.pk])) if last else None,
    )


def _how_it_went(last: Message, frame: Frame, *, reaches: bool) -> str:
    """ "To Rosa, 21 Nov 2026: taken by mail server." With the relay's own words where it did not go."""
    letter = Letter(last, frame.zone, held=frame.held, now=frame.now)
    said = {"name": letter.to_whom, "day": plain_day(letter.day), "state": letter.badge.words.lower()}
    if last.sent_at and not reaches:
        return _("To %(name)s, %(day)s: written as a file, nobody got it.") % said
    words = _("To %(name)s, %(day)s: %(state)s.") % said
    if last.last_error:
        return f"{words} {last.last_error}"
    return words if last.sent_at or frame.held else f"{words} " + _("It leaves within a minute.")


def _second(_frame: Frame, done: bool) -> Step:
    known = ""
    if done:
        names = list(User.objects.filter(CAN_SIGN_IN).values_list("name", flat=True))
        more = len(names) - NAMED
        some = names[:NAMED] + ([ngettext("%d more", "%d more", more) % more] if more > 0 else [])
        known = _("%s can sign in.") % listed(some)
    return Step(
        "second",
        _("Let a second person in"),
        _("When you are away, somebody must be able to see what is due."),
        done,
        known=known,
        action=Action(_("See who can") if done else _("Add or invite somebody"), reverse("colleagues")),
    )


def _sending(_frame: Frame, done: bool) -> Step:
    return Step(
        "sending",
        _("Let mail go"),
        _("While sending is held, reminders are planned and nothing leaves."),
        done,
        known=_("Sending is on.") if done else _("Sending is held."),
        action=None if done else Action(_("See what would go"), reverse("release")),
    )


def _demo(_frame: Frame, done: bool) -> Step:
    return Step(
        "demo",
        _("Look around in the demo, then remove it"),
        _("Invented partners show what a year here looks like. Their mail never leaves this machine."),
        done,
        action=Action(_("Remove the demo"), reverse("demo-removal")),
        also=Action(_("Look around"), reverse("partners")),
    )


TELLERS: dict[str, Callable[[Frame, bool], Step]] = {
    "program": _program,
    "mail": _mail,
    "days": _days,
    "partners": _partners,
    "test": _test,
    "second": _second,
    "sending": _sending,
    "demo": _demo,
}
