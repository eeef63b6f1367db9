"""What a partner said and what it changed, in sentences: the page that answers them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format, time_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from prm.capacity.models import Effect, Reach, Scope
from prm.partners.models import Statement, StatementKind
from prm.reminders.entries import TALK_AT
from prm.web.portal.gate import Visit
from prm.web.words import listed, unbroken

#: Zones as people call them; of others the town is named.
ZONES: dict[str, str | Promise] = {
    "America/New_York": gettext_lazy("Eastern time"),
    "America/Chicago": gettext_lazy("Central time"),
    "America/Denver": gettext_lazy("Mountain time"),
    "America/Phoenix": gettext_lazy("Arizona time"),
    "America/Los_Angeles": gettext_lazy("Pacific time"),
    "America/Anchorage": gettext_lazy("Alaska time"),
    "Pacific/Honolulu": gettext_lazy("Hawaii time"),
    "America/Puerto_Rico": gettext_lazy("Atlantic time"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A heading, the sentence below it, and what changed, one sentence each."""

    title: str
    lead: str
    facts: tuple[SafeString, ...] = ()


def told(statement: Statement, visit: Visit) -> Told:
    """Return a statement that stands in the reader's language."""
    by_kind: dict[str, Callable[[Statement, Visit], Told]] = {
        StatementKind.PAUSE: _pause,
        StatementKind.TALK: _talk,
        StatementKind.RENEWAL: _renewal,
    }
    return by_kind[statement.kind](statement, visit)


def _words(sentence: str, **values: object) -> SafeString:
    """A sentence of ours, which may hold bold words, with values that may hold anything."""
    return format_html(sentence, **values) if values else SafeString(sentence)


def long_day(day: date, today: date) -> str:
    """ "Tuesday 29 February", with its year unless that is this year's."""
    return unbroken(date_format(day, "l j F" if day.year == today.year else "l j F Y"))


def zone_name(visit: Visit) -> str:
    """The zone in which we tell this partner times, as people call it."""
    key = visit.zone.key
    town = key.rpartition("/")[2].replace("_", " ")
    return str(ZONES.get(key) or _("%(town)s time") % {"town": town})


# --- pauses -----------------------------------------------------------------------------------------------------


def _pause(statement: Statement, visit: Visit) -> Told:
    data = statement.data
    end = _end(data, visit)
    lead = _("Until %(day)s. Thank you for telling us.") % {"day": end} if end else None
    unknown = _("Thank you for telling us. It lasts until we have talked.")
    facts = (*_effect(data, visit), *_moved(data, visit), *_dates(data, visit))
    return Told(_pause_title(data), lead or unknown, tuple(facts))


def _pause_title(data: dict[str, Any]) -> str:
    scope, effect = data["scope"], data.get("effect", Effect.CLOSED)
    if scope == Scope.TRAINING:
        return _("Training is paused")
    if scope == Scope.ALL:
        return _("Everything is paused")
    if scope == Scope.SERVICE:
        return _("%(service)s: paused") % {"service": data["service"]}
    titles = {Effect.LIMITED: _("We ask you first"), Effect.WAITING_LIST: _("You keep a waiting list")}
    return titles.get(Effect(effect), _("New referrals are paused"))


def _effect(data: dict[str, Any], visit: Visit) -> Iterator[SafeString]:
    """What the pause means for referrals; nothing where it is about training alone."""
    if data["scope"] == Scope.TRAINING:
        yield _words(_("<b>Referrals</b> go on."))
        return
    end = _end(data, visit)
    service = data.get("service", "")
    sentences = {
        (Effect.CLOSED, True): _("<b>No new referrals</b> through {day}."),
        (Effect.CLOSED, False): _("<b>No new referrals</b> until we have talked."),
        (Effect.LIMITED, True): _("<b>We ask you</b> before we send anybody, through {day}."),
        (Effect.LIMITED, False): _("<b>We ask you</b> before we send anybody, until we have talked."),
        (Effect.WAITING_LIST, True): _("<b>New referrals</b> may wait on your list, through {day}."),
        (Effect.WAITING_LIST, False): _("<b>New referrals</b> may wait on your list until we have talked."),
    }
    yield _words(sentences[Effect(data.get("effect", Effect.CLOSED)), bool(end)], day=end)
    if service:
        yield _words(_("This is about <b>{service}</b>. Everything else goes on."), service=service)
    if data.get("reach") == Reach.EVERYONE:
        yield _words(_("<b>For everyone</b>, not only for us."))
    if data["scope"] != Scope.ALL and not data["changed"].get("training_paused"):
        yield _training(data["changed"], visit)


def _training(changed: dict[str, Any], visit: Visit) -> SafeString:
    if "session_on" in changed:
        sentence = _("<b>Training</b> goes on: see you on {day}.")
        return _words(sentence, day=_long(changed["session_on"], visit))
    return _words(_("<b>Training</b> goes on."))


def _moved(data: dict[str, Any], visit: Visit) -> Iterator[SafeString]:
    """What became of reminders and invitations."""
    changed = data["changed"]
    for row in changed.get("moved", ()):
        sentence = ngettext(
            "<b>{count} reminder</b> moved to {day}.",
            "<b>{count} reminders</b> moved to {day}, as one mail.",
            row["count"],
        )
        yield _words(sentence, count=row["count"], day=_long(row["on"], visit))
    if waiting := changed.get("waiting"):
        sentence = ngettext(
            "<b>{count} reminder</b> waits until we have talked.",
            "<b>{count} reminders</b> wait until we have talked.",
            waiting,
        )
        yield _words(sentence, count=waiting)
    if cancelled := changed.get("cancelled"):
        days = listed([_long(day, visit) for day in sorted(set(cancelled))])
        sentence = ngettext(
            "<b>{count} invitation</b> is cancelled: {days}.",
            "<b>{count} invitations</b> are cancelled: {days}.",
            len(cancelled),
        )
        yield _words(sentence, count=len(cancelled), days=days)
    if ours := changed.get("ours"):
        sentence = ngettext(
            "<b>{count} reminder</b> about our agreement does not come. We keep the date in mind.",
            "<b>{count} reminders</b> about our agreement do not come. We keep the date in mind.",
            ours,
        )
        yield _words(sentence, count=ours)


def _dates(data: dict[str, Any], visit: Visit) -> Iterator[SafeString]:
    """When we ask, and when we talk."""
    changed = data["changed"]
    if "asked_on" in changed:
        sentence = _("<b>On {day}</b> we ask: back as planned, longer, or call me?")
        yield _words(sentence, day=_long(changed["asked_on"], visit))
    if "talk_on" in changed:
        entry = _("<b>On {day}</b> at {time} we talk, {zone}. A calendar entry comes by mail.")
        sentence = entry if changed.get("entry") else _("<b>On {day}</b> at {time} we talk, {zone}.")
        hour = time_format(TALK_AT, "H:i")
        yield _words(sentence, day=_long(changed["talk_on"], visit), time=hour, zone=zone_name(visit))


def _talk(statement: Statement, visit: Visit) -> Told:
    data = statement.data
    if statement.choice == "call":
        lead = _("Somebody of ours calls you. Until then everything stays as it is.")
        return Told(_("We call you"), lead)
    if statement.choice == "longer":
        end = _end(data, visit)
        lead = (
            _("Until %(day)s. Thank you for telling us.") % {"day": end}
            if end
            else _("Thank you for telling us. It lasts until we have talked.")
        )
        facts = (*_moved(data, visit), *_dates(data, visit))
        return Told(_("The pause goes on"), lead, tuple(facts))
    off = [_words(_("<b>We need not talk</b>: the entry leaves your calendar."))]
    return Told(
        _("Back as planned"), _back_lead(data, visit), tuple(off if data["changed"].get("talk_off") else ())
    )


def _back_lead(data: dict[str, Any], visit: Visit) -> str:
    before = data["before"]["ends_on"]
    last_day = date.fromisoformat(before) if before else None
    if last_day is None or last_day < visit.today:
        return _("The pause is over. Thank you for telling us.")
    return _("The pause ends with %(day)s. Thank you for telling us.") % {"day": _long(before, visit)}


# --- agreements -------------------------------------------------------------------------------------------------

RENEWAL: dict[str, tuple[str | Promise, str | Promise]] = {
    "unchanged": (
        gettext_lazy("Renew it unchanged"),
        gettext_lazy("Thank you. We prepare the new term and write to you."),
    ),
    "changes": (
        gettext_lazy("It needs changes"),
        gettext_lazy("Thank you. We look at it and write to you."),
    ),
    "talk": (gettext_lazy("Let us talk"), gettext_lazy("Thank you. We write to you about a day.")),
    "not_renewing": (gettext_lazy("You are not renewing"), gettext_lazy("Thank you for telling us.")),
    "not_me": (
        gettext_lazy("We ask somebody else"),
        gettext_lazy("Thank you. You get no more mail about this agreement."),
    ),
}
#: Whom we ask instead of somebody who is no longer the right person.
NEXT: dict[str, str | Promise] = {
    "notice": gettext_lazy("From now on we ask <b>whoever gets notices</b> at {organization}."),
    "signatory": gettext_lazy("From now on we ask <b>whoever signs</b> for {organization}."),
    "primary": gettext_lazy("From now on we ask <b>the main contact</b> of {organization}."),
    "contact": gettext_lazy("From now on we ask <b>a colleague of yours</b> at {organization}."),
    "mailbox": gettext_lazy("From now on we write to <b>the shared mailbox</b> of {organization}."),
    "nobody": gettext_lazy("We know nobody else at {organization} yet. <b>We look for</b> the right person."),
}


def _renewal(statement: Statement, visit: Visit) -> Told:
    title, lead = RENEWAL[statement.choice]
    return Told(str(title), str(lead), tuple(_renewal_facts(statement, visit)))


def _renewal_facts(statement: Statement, visit: Visit) -> Iterator[SafeString]:
    changed, proposed = statement.data["changed"], statement.data.get("proposed", ())
    discreet = visit.contact is not None and visit.contact.discreet
    name = _("Our agreement") if discreet else statement.data["title"]
    if statement.reference_on:
        day = long_day(statement.reference_on, visit.today)
        yield _words(_("<b>{agreement}</b> is valid through {day}."), agreement=name, day=day)
    if proposed:
        days = listed([_long(day, visit) for day in proposed])
        yield _words(_("<b>You proposed</b> {days}."), days=days)
    if stopped := changed.get("stopped"):
        sentence = ngettext(
            "<b>{count} reminder</b> does not come any more.",
            "<b>{count} reminders</b> do not come any more.",
            stopped,
        )
        yield _words(sentence, count=stopped)
    if statement.choice == "not_me" and changed.get("next"):
        yield _words(str(NEXT[changed["next"]]), organization=visit.organization.name)


def _end(data: dict[str, Any], visit: Visit) -> str:
    return _long(data["ends_on"], visit) if data.get("ends_on") else ""


def _long(iso: str, visit: Visit) -> str:
    return long_day(date.fromisoformat(iso), visit.today)
