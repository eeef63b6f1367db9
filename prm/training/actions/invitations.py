"""Asking people to a session, and what they say."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.partners.edits import data_of, edited, made, standing_of
from prm.partners.models import Contact, Organization
from prm.rules.refusal import Refusal
from prm.training.actions.sessions import lock
from prm.training.models import Answer, Invitation, Session, SessionStatus
from prm.training.queries import local_start
from prm.training.timeline import record_for


@transaction.atomic
def invite(
    session: Session,
    contacts: Iterable[Contact],
    *,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
) -> list[Invitation]:
    """Invite contacts to a session and return the new invitations; who is invited already is left as they are.

    Somebody whose invitation was withdrawn is asked anew. Refused for a session that is cancelled or has begun, and
    for people who have left by its day.
    """
    day = today or local_today(now)
    lock(session)
    starts_on = local_start(session)
    if session.status != SessionStatus.SCHEDULED or session.starts_at <= now:
        raise Refusal(_("Nobody can be invited to this session any more."))
    known = {invitation.contact_id: invitation for invitation in session.invitations.all()}
    asked: dict[int, Invitation] = {}
    edits = []
    organizations: dict[int, Organization] = {}
    for contact in contacts:
        if contact.left_on is not None and contact.left_on < starts_on:
            raise Refusal(_("%(name)s has left by then.") % {"name": contact.name}, field="contacts")
        invitation = known.get(contact.pk) or asked.get(contact.pk)
        if invitation is not None and invitation.withdrawn_on is None:
            continue
        was = standing_of(invitation) if invitation else None
        asked[contact.pk] = _ask(session, contact, invitation, day)
        edits.append(edited(asked[contact.pk], was) if was else made(asked[contact.pk]))
        organizations[contact.organization_id] = contact.organization
    data = data_of(*edits) if by and len(edits) == 1 else {}  # of many nobody takes back one
    record_for(session, organizations.values(), "session_invited", now=now, by=by, today=day, data=data)
    return list(asked.values())


@transaction.atomic
def withdraw_invitation(
    invitation: Invitation,
    *,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
) -> Invitation:
    """Take an invitation back, because the person left or their agency takes a pause. Twice is once."""
    lock(invitation.session)
    invitation.refresh_from_db()
    if invitation.withdrawn_on is None:
        was = standing_of(invitation, ["withdrawn_on"])
        invitation.withdrawn_on = today or local_today(now)
        invitation.save(update_fields=["withdrawn_on"])
        organizations, data = ([invitation.organization], {"contact": invitation.contact.name})
        back = (
            data_of(edited(invitation, was)) if by else {}
        )  # what passes by itself has a way back of its own
        record_for(
            invitation.session,
            organizations,
            "invitation_withdrawn",
            now=now,
            by=by,
            today=today,
            data=data | back,
        )
    return invitation


@transaction.atomic
def pass_on(
    invitation: Invitation,
    successor: Contact | None,
    *,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
) -> Invitation | None:
    """Take an invitation back from somebody who leaves and ask whoever follows; return the new one, if there is one.

    Who follows and is invited already keeps their own invitation and answer: then, too, there is no new one.
    """
    withdraw_invitation(invitation, now=now, today=today, by=by)
    if successor is None:
        return None
    return next(iter(invite(invitation.session, [successor], now=now, today=today, by=by)), None)


@transaction.atomic
def pass_back(
    invitation: Invitation,
    passed: Invitation | None,
    *,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
) -> Invitation:
    """Undo `pass_on`: `invitation` stands again with its answer, `passed` is taken back.

    A session that has begun, or is off, stays as it is. Refused where either was answered or changed since.
    """
    lock(invitation.session)
    invitation.refresh_from_db()
    if invitation.session.starts_at <= now or invitation.session.status != SessionStatus.SCHEDULED:
        return invitation
    if passed is not None:
        passed.refresh_from_db()
    answered = passed is not None and (passed.answer != Answer.NONE or passed.withdrawn_on is not None)
    if answered or invitation.withdrawn_on is None:
        sentence = _("The invitation to %(title)s changed since. Please change it on the session's page.")
        raise Refusal(sentence % {"title": invitation.session.title})
    if passed is not None:
        withdraw_invitation(passed, now=now, today=today, by=by)
    invitation.invited_on, invitation.withdrawn_on = today or local_today(now), None
    invitation.save(update_fields=["invited_on", "withdrawn_on"])
    organizations = [invitation.organization]
    record_for(invitation.session, organizations, "session_invited", now=now, by=by, today=today)
    return invitation


@transaction.atomic
def answer_invitation(
    invitation: Invitation,
    *,
    answer: str,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
) -> Invitation:
    """Write down what a person said: accepted, tentative or declined. The same answer again changes nothing."""
    if answer not in Answer.values or answer == Answer.NONE:
        raise Refusal(_("Choose coming, maybe or not coming."), field="answer")
    lock(invitation.session)
    invitation.refresh_from_db()
    if invitation.withdrawn_on is not None:
        raise Refusal(_("This invitation was taken back."))
    if invitation.answer != answer:
        invitation.answer, invitation.answered_on = answer, today or local_today(now)
        invitation.save(update_fields=["answer", "answered_on"])
        organizations, data = (
            [invitation.organization],
            {"contact": invitation.contact.name, "answer": answer},
        )
        record_for(
            invitation.session, organizations, "invitation_answered", now=now, by=by, today=today, data=data
        )
    return invitation


def _ask(session: Session, contact: Contact, before: Invitation | None, day: datetime.date) -> Invitation:
    if before is None:
        return Invitation.objects.create(
            session=session, contact=contact, organization_id=contact.organization_id, invited_on=day
        )
    before.invited_on, before.answer, before.answered_on, before.withdrawn_on = (day, Answer.NONE, None, None)
    before.save()
    return before
