"""Timeline entries in words: one sentence per event, from the values that were recorded with it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from prm.partners.models import Entry, PromiseSide, RoleKind, Status

Words = str | Promise

#: Where an entry about an agreement names a party, which may be another partner than the one whose timeline it is.
PARTIES = ("party", "notice_by")
#: event -> sentence; values that an entry does not have make way for the shorter one in PLAINER.
SENTENCES: dict[str, Words] = {
    "organization_entered": _("Entered into the list of partners"),
    "organization_changed": _("Details changed: %(fields)s"),
    "imported": _("Read from a spreadsheet"),
    "import_undone": _("An import was undone: everything is as it was before"),
    "standing_set": _("%(status)s from %(since_on)s"),
    "contact_entered": _("%(contact)s added"),
    "contact_changed": _("Details of %(contact)s changed: %(fields)s"),
    "contact_replaced": _("%(successor)s follows %(contact)s, whose last day is %(last_on)s"),
    "contact_left": _("%(contact)s leaves; last day %(last_on)s. Nobody follows yet"),
    "leaving_undone": _("%(contact)s stays: the leaving was undone"),
    "link_sent": _("A link was sent to %(contact)s"),
    "mail_sent_again": _("Mail to %(recipient)s was sent again: %(subject)s"),
    "mail_held": _("Mail to %(recipient)s is held back: %(subject)s"),
    "mail_let_go": _("Mail to %(recipient)s was released: %(subject)s"),
    "mail_stopped": _("Mail to %(recipient)s was stopped before it left: %(subject)s"),
    "mail_changed": _("The words of a mail to %(recipient)s were changed before it left: %(subject)s"),
    "contact_unsubscribed": _("%(contact)s asked for less mail"),
    "said_pause": _("%(contact)s told us by link that they are full"),
    "said_talk": _("%(contact)s answered by link about the pause: %(choice)s"),
    "said_renewal": _("%(contact)s answered by link about the agreement: %(choice)s"),
    "said_leaving": _("%(contact)s told us by link: leaving"),
    "said_correction": _("%(contact)s told us by link that something is not right"),
    "said_taken_back": _("%(contact)s: what was said by link was taken back"),
    "said_settled": _("What %(contact)s said by link: %(outcome)s"),
    "said_reopened": _("What %(contact)s said by link is open again"),
    "link_revoked": _("A link of %(contact)s was ended"),
    "consent_given": _("%(contact)s agreed to be listed until %(ends_on)s"),
    "consent_withdrawn": _("%(contact)s does not want to be listed any more"),
    "contact_subscribed": _("%(contact)s wants this mail again"),
    "role_given": _("%(contact)s: %(role)s from %(since_on)s"),
    "role_ended": _("%(contact)s: no longer %(role)s after %(last_on)s"),
    "address_undeliverable": _("Mail to %(contact)s came back"),
    "address_works": _("The address of %(contact)s works again"),
    "person_elsewhere": _("%(contact)s serves another partner too"),
    "owner_assigned": _("%(user)s is owner from %(since_on)s, after %(before)s"),
    "deputy_assigned": _("%(user)s is deputy from %(since_on)s, after %(before)s"),
    "owner_ended": _("%(user)s is no longer owner after %(last_on)s"),
    "deputy_ended": _("%(user)s is no longer deputy after %(last_on)s"),
    "talked": _("Talked with %(contact)s"),
    "tried_to_talk": _("Tried to reach %(contact)s"),
    "noted": _("Note"),
    "row_put_off": _("Put off until %(until_on)s: %(matter)s"),
    "row_back": _("Not put off any more: %(matter)s"),
    "by_desk_link": _("By a link in the morning mail"),
    "promise_made": _("%(side)s: %(what)s, by %(due_on)s"),
    "promise_kept": _("Promise kept: %(what)s"),
    "promise_dropped": _("Promise let go: %(what)s"),
    "promise_moved": _("Promise moved to %(due_on)s (was %(was_on)s): %(what)s"),
    "promise_reopened": _("Promise open again, due %(due_on)s: %(what)s"),
    "agreement_entered": _("Agreement entered: %(title)s, valid through %(expires_on)s"),
    "agreement_sent": _("Sent for signature: %(title)s"),
    "agreement_signed": _("%(party)s signed: %(title)s"),
    "agreement_joined": _("%(party)s joined: %(title)s"),
    "agreement_renewed": _("Renewed: %(title)s, valid through %(expires_on)s"),
    "agreement_renewal_sent": _("Renewal sent for signature: %(title)s"),
    "agreement_renewal_taken_back": _("Renewal taken back: %(title)s, valid through %(expires_on)s"),
    "agreement_end_corrected": _("Last day of %(title)s corrected to %(expires_on)s (was %(was_until_on)s)"),
    "agreement_ended": _("Ended with %(ended_on)s: %(title)s"),
    "agreement_notice": _("%(notice_by)s gave notice: %(title)s ends with %(ended_on)s"),
    "agreement_notice_taken_back": _("Notice taken back: %(title)s goes on"),
    "agreement_ended_by_notice": _("Ended with %(ended_on)s, after notice by %(notice_by)s: %(title)s"),
    "agreement_clauses": _("Clauses gone through, %(looked_at)s so far: %(title)s"),
    "agreement_before_body": _("%(title)s went before %(body)s of %(party)s on %(before_body_on)s"),
    "agreement_approved": _("%(body)s of %(party)s agreed on %(approved_on)s: %(title)s"),
    "agreement_undone": _("Undone for %(title)s: %(undone)s"),
    "agreement_withdrawn": _("Given up before it was in force: %(title)s"),
    "agreement_reviewed": _("Looked through: %(title)s"),
    "pause_recorded": _(
        "Paused: %(paused)s, from %(starts_on)s through %(ends_on)s; talk again on %(talk_on)s"
    ),
    "pause_extended": _("Paused: %(paused)s, now through %(ends_on)s; talk again on %(talk_on)s"),
    "pause_followed": _(
        "After that %(paused)s: %(effect)s, from %(starts_on)s through %(ends_on)s; talk again on %(talk_on)s"
    ),
    "pause_start_moved": _("What follows the pause now begins on %(starts_on)s"),
    "pause_let_go": _("What was to follow the pause was taken back"),
    "pause_undone": _("Undone; the pause is as it was: %(paused)s, from %(starts_on)s through %(ends_on)s"),
    "pause_resumed": _("Open again: %(paused)s"),
    "pause_answered": _("Answered about the pause: %(answer)s"),
    "pause_unanswered": _("The answer about the pause was taken back"),
    "pause_explained": _("The reason of a pause was written down"),
    "pause_withdrawn": _("A pause entered by mistake was taken back"),
    "rhythm_set": _("Training every %(months)s months"),
    "rhythm_none": _("No regular training wanted"),
    "session_invited": _("Invited to %(title)s on %(starts_on)s"),
    "session_moved": _("%(title)s changed: now on %(starts_on)s"),
    "session_cancelled": _("%(title)s on %(starts_on)s was cancelled"),
    "session_hosted": _("Host of %(title)s on %(starts_on)s"),
    "invitation_withdrawn": _("%(contact)s is no longer invited to %(title)s"),
    "invitation_answered": _("%(contact)s answered about %(title)s: %(answer)s"),
    "training_attended": _("Came to %(title)s"),
    "training_missed": _("Nobody came to %(title)s"),
    "training_known": _("Last training before this list began: %(attended_on)s"),
}

PLAINER: dict[str, Words] = {
    "owner_assigned": _("%(user)s is owner from %(since_on)s"),
    "deputy_assigned": _("%(user)s is deputy from %(since_on)s"),
    "talked": _("Talked"),
    "tried_to_talk": _("Tried to reach them"),
    "agreement_entered": _("Agreement entered: %(title)s"),
    "agreement_notice": _("Notice was given: %(title)s"),
    "agreement_signed": _("We signed: %(title)s"),
    "agreement_before_body": _("%(title)s went before %(body)s on %(before_body_on)s"),
    "agreement_approved": _("%(body)s agreed on %(approved_on)s: %(title)s"),
    "agreement_renewed": _("Renewed: %(title)s"),
    "agreement_renewal_taken_back": _("Renewal taken back: %(title)s"),
    "agreement_end_corrected": _("Last day of %(title)s corrected to %(expires_on)s"),
    "pause_recorded": _("Paused: %(paused)s, from %(starts_on)s, end not known; talk again on %(talk_on)s"),
    "pause_extended": _("Paused: %(paused)s, end not known; talk again on %(talk_on)s"),
    "pause_followed": _(
        "After that %(paused)s: %(effect)s, from %(starts_on)s, end not known; talk again on %(talk_on)s"
    ),
    "pause_undone": _("Undone; the pause is as it was: %(paused)s, from %(starts_on)s, end not known"),
    "said_pause": _("Told us by link that they are full"),
    "said_talk": _("Answered by link about the pause: %(choice)s"),
    "said_renewal": _("Answered by link about the agreement: %(choice)s"),
    "said_leaving": _("Told us by link: leaving"),
    "said_correction": _("Told us by link that something is not right"),
    "said_taken_back": _("What was said by link was taken back"),
    "said_settled": _("What was said by link: %(outcome)s"),
    "said_reopened": _("What was said by link is open again"),
    "link_revoked": _("A link was ended"),
    "link_sent": _("A link was sent to the shared mailbox"),
}

#: What was taken back, and what was then put in force again: around the sentence of what it was.
TURNED: dict[str, Words] = {
    "edit_undone": _("Undone: %(what)s"),
    "edit_redone": _("In force again: %(what)s"),
}
PAUSED: dict[str, Words] = {
    "referrals": _("referrals"),
    "training": _("training"),
    "all": _("everything"),
    "service": _("one service"),
}
EFFECTS: dict[str, Words] = {
    "closed": _("closed"),
    "limited": _("ask first"),
    "waiting_list": _("waiting list"),
}
ANSWERS: dict[str, Words] = {
    "accepted": _("coming"),
    "tentative": _("maybe"),
    "declined": _("not coming"),
    "resumed": _("open again"),
    "back": _("back as planned"),
    "longer": _("it takes longer"),
    "call": _("please call"),
    "unchanged": _("renew it unchanged"),
    "changes": _("it needs changes"),
    "talk": _("let us talk"),
    "not_renewing": _("not renewing"),
    "not_me": _("not me any more"),
    "confirmed": _("confirmed"),
    "corrected": _("corrected"),
    "seen": _("seen"),
}
#: What was done to an agreement and taken back again.
UNDONE: dict[str, Words] = {
    "agreement_sent": _("sent for signature"),
    "agreement_signed": _("a signature"),
    "agreement_joined": _("joining it"),
    "agreement_ended": _("ending it"),
    "agreement_notice": _("the notice"),
    "agreement_withdrawn": _("giving it up"),
    "agreement_end_corrected": _("correcting its last day"),
    "agreement_reviewed": _("looking it through"),
    "agreement_before_body": _("the step before its approval"),
    "agreement_approved": _("its approval"),
}
FIELDS: dict[str, Words] = {
    "name": _("name"),
    "sector": _("sector"),
    "partnership_kind": _("kind of partnership"),
    "direction": _("direction"),
    "city": _("town"),
    "county": _("county"),
    "state": _("state"),
    "postal_code": _("ZIP code"),
    "zone": _("time zone"),
    "approval_body": _("who approves"),
    "approval_lead_days": _("days approval takes"),
    "role_mailbox": _("shared mailbox"),
    "phone": _("phone"),
    "website": _("website"),
    "notes": _("notes"),
    "is_demo": _("demo mark"),
    "confidential": _("confidential mark"),
    "visibility": _("who may see it"),
    "partner_since": _("partner since"),
    "title": _("title"),
    "email": _("e-mail"),
    "languages": _("languages"),
    "discreet": _("discreet mail"),
    "may_commit": _("may commit the agency"),
}


def sentence(entry: Entry) -> str:
    """Return an entry in one sentence of the reader's language, without its note.

    An event that this version does not know is named as it is, so that nothing that happened goes unseen.
    """
    if "undone" in entry.data and entry.event in TURNED:
        before = Entry(event=entry.data["undone"], data=entry.data)
        return str(TURNED[entry.event]) % {"what": sentence(before)}
    values = {name: said(name, value) for name, value in entry.data.items() if value not in (None, "", [])}
    if "scope" in entry.data:
        scope = entry.data["scope"]
        values["paused"] = values.get("service") or str(PAUSED.get(scope, scope))
    for sentences in (SENTENCES, PLAINER):
        try:
            return str(sentences[entry.event]) % values
        except KeyError:
            continue
    return entry.event.replace("_", " ").capitalize()


def said(name: str, value: Any) -> str:
    """Return one recorded value as people read it."""
    known: dict[str, Callable[[Any], str]] = {
        "fields": lambda fields: ", ".join(str(FIELDS.get(field, field)) for field in fields),
        "role": lambda kind: str(dict(RoleKind.choices).get(kind, kind)).lower(),
        "side": lambda side: str(dict(PromiseSide.choices).get(side, side)),
        "status": lambda status: str(dict(Status.choices).get(status, status)),
        "answer": lambda answer: str(ANSWERS.get(answer, answer)),
        "choice": lambda choice: str(ANSWERS.get(choice, choice)),
        "effect": lambda effect: str(EFFECTS.get(effect, effect)),
        "undone": lambda event: str(UNDONE.get(event, event)),
        "outcome": lambda outcome: str(ANSWERS.get(outcome, outcome)),
    }
    if name in known:
        return known[name](value)
    return day(value) if name.endswith("_on") else str(value)


def day(iso: str) -> str:
    """Return a recorded day as "30 Sep 2027", with spaces that do not break."""
    return date_format(datetime.date.fromisoformat(iso), "j M Y").replace(" ", "\u00a0")
