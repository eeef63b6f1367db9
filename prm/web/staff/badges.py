"""Facts as badges: an icon, a word and a colour for what a partner can take and how its agreement stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from prm.agreements.models import Agreement, AgreementStatus, AgreementTerm, Party, Signature
from prm.agreements.queries import last_day, telling
from prm.capacity.models import Effect, Pause, Scope
from prm.rules.facts import Agreement as AgreementFacts
from prm.rules.facts import Pause as PauseFacts
from prm.rules.pausing import Openness, contains, openness
from prm.rules.renewal import review_date
from prm.web.words import near_day, short_day

SOON = 90


@dataclass(frozen=True, slots=True)
class Badge:
    """`look` is a class of the stylesheet, `icon` a name of the sprite, `words` what is said."""

    look: str
    icon: str
    words: str


# --- what they can take ---------------------------------------------------------------------------------------------


def runs(pause: Pause, today: date) -> bool:
    """Whether a pause is on."""
    return pause.withdrawn_on is None and contains(_fact(pause), today)


def _fact(pause: Pause) -> PauseFacts:
    return PauseFacts(
        id=pause.pk,
        scope=pause.scope,
        starts_on=pause.starts_on,
        ends_on=pause.ends_on,
        talk_on=pause.talk_on,
        entered_on=pause.entered_on,
        changed_on=pause.changed_on,
        answered_on=pause.answered_on,
        effect=pause.effect,
    )


def takes_referrals(pauses: Iterable[Pause], today: date) -> Openness:
    """What the rules say about new referrals today."""
    return openness([_fact(pause) for pause in pauses if pause.withdrawn_on is None], today)


def pause_badge(pause: Pause, today: date) -> Badge:
    """ "Referrals paused until 30 Nov"."""
    how = {
        Effect.CLOSED: _("%(what)s paused %(until)s"),
        Effect.LIMITED: _("%(what)s: ask first, %(until)s"),
        Effect.WAITING_LIST: _("%(what)s: waiting list, %(until)s"),
    }[Effect(pause.effect)]
    until = _("until %s") % short_day(pause.ends_on, today) if pause.ends_on else _("until we talk again")
    return Badge("paused", "pause-fill", how % {"what": pause_subject(pause), "until": until})


def pause_subject(pause: Pause) -> str:
    """What a pause is about: referrals, training, everything, or the one service."""
    words = {Scope.REFERRALS: _("Referrals"), Scope.TRAINING: _("Training"), Scope.SERVICE: pause.service}
    return words.get(Scope(pause.scope), _("Everything"))


TO_CONFIRM = "question-circle"


def capacity_badges(pauses: Iterable[Pause], today: date) -> list[Badge]:
    """What a partner can take today, each pause by itself; never empty."""
    known = list(pauses)
    found = [pause_badge(pause, today) for pause in known if runs(pause, today)]
    if takes_referrals(known, today) is Openness.TO_BE_CONFIRMED:
        found.append(Badge("due", TO_CONFIRM, _("To be confirmed: is the pause over?")))
    return found or [Badge("steady", "circle", _("Open"))]


def capacity_in_short(pauses: Iterable[Pause], today: date) -> Badge:
    """The one badge of a list row: "Paused to 30 Nov". A pause of training alone leaves a partner open."""
    known = list(pauses)
    match takes_referrals(known, today):
        case Openness.PAUSED:
            return Badge("paused", "pause-fill", _paused_to(known, today))
        case Openness.LIMITED:
            return Badge("due", TO_CONFIRM, _("Ask first"))
        case Openness.WAITING_LIST:
            return Badge("due", "hourglass-split", _("Waiting list"))
        case Openness.TO_BE_CONFIRMED:
            return Badge("due", TO_CONFIRM, _("To be confirmed"))
    services = [pause.service for pause in known if pause.scope == Scope.SERVICE and runs(pause, today)]
    if services:
        return Badge("paused", "pause-fill", _("%s paused") % services[0])
    return Badge("steady", "circle", _("Open"))


def no_longer() -> Badge:
    """What stands in a list row in place of capacity: nobody asks a former partner what it can take."""
    return Badge("planned", "slash-circle", _("Former partner"))


def _paused_to(pauses: Iterable[Pause], today: date) -> str:
    scopes = (Scope.REFERRALS, Scope.ALL)
    ends = [pause.ends_on for pause in pauses if pause.scope in scopes and runs(pause, today)]
    if None in ends:
        return _("Paused, end not known")
    return _("Paused to %s") % short_day(max(end for end in ends if end), today)


# --- how their agreement stands -------------------------------------------------------------------------------------


def next_review(agreement: Agreement) -> date:
    """The open review date of an agreement without end; needs its `reviews` prefetched to cost nothing."""
    reviewed = tuple(sorted(review.reviewed_on for review in agreement.reviews.all()))
    facts = AgreementFacts(
        id=agreement.pk,
        entered_on=agreement.entered_on,
        signed_on=agreement.signed_on,
        review_every=agreement.review_every_months,
        reviews=reviewed,
    )
    return review_date(facts)[0]


def agreement_badge(party: Party, today: date) -> Badge:
    """ "Agreement ends in 30 days (16 Dec)": for a page's head, where nothing around it says what it is about."""
    state, last = agreement_state(party, today), last_day(party)
    if party.agreement.status != AgreementStatus.IN_FORCE:
        return state
    if last is None:
        return replace(state, words=_("Agreement in force, no end date"))
    if party.agreement.notice_given_on is not None:
        return replace(state, words=_("Notice given: agreement ends %s") % near_day(last, today))
    if last < today:
        return replace(state, words=_("Agreement ended %s, still cooperating") % short_day(last, today))
    ending = _("Agreement ends %s") % near_day(last, today)
    return replace(state, words=ending if state.look == "due" else _("Agreement in force"))


def stale_badge() -> Badge:
    """Agreement notices reach nobody by name any more; the agreement itself stays in force."""
    return Badge("due", "person-x", _("Notice contact is out of date"))


def agreement_state(party: Party, today: date) -> Badge:
    """ "In force": beside the facts of the agreement, which tell the days."""
    status, last = AgreementStatus(party.agreement.status), last_day(party)
    by_notice = party.agreement.notice_given_on is not None
    if status in (AgreementStatus.AWAITING, AgreementStatus.DRAFT) and with_body(party):
        return Badge("waiting", "hourglass-split", _("With %s") % party.approval_body)
    if status == AgreementStatus.AWAITING:
        return Badge("waiting", "hourglass-split", _("Waiting for signatures"))
    if status == AgreementStatus.DRAFT:
        return Badge("planned", "pencil", _("Draft"))
    if status != AgreementStatus.IN_FORCE:
        ended = status == AgreementStatus.ENDED and by_notice
        return Badge("planned", "slash-circle", _("Ended by notice") if ended else str(status.label))
    if by_notice:
        return Badge("due", "clock", _("Ends by notice"))
    if last is not None and last < today:
        return Badge("late", "exclamation-triangle", _("Ended, still cooperating"))
    if last is not None and (last - today).days <= SOON:
        return Badge("due", "clock", _("Ends soon"))
    return Badge("steady", "check-lg", _("In force"))


def with_body(party: Party) -> bool:
    """Whether the paper lies before a party's council, board or head office."""
    asked = party.before_body_on is not None and party.approved_on is None
    return asked and party.signature == Signature.WAITING


def agreement_in_short(parties: Iterable[Party], today: date) -> str:
    """The words of a list row under "Agreement ends"."""
    party = telling(parties)
    if party is None:
        return _("No agreement")
    if party.agreement.status != AgreementStatus.IN_FORCE:
        return _("Not signed yet") if party.agreement.status == AgreementStatus.AWAITING else _("Draft")
    if party.agreement.term == AgreementTerm.EVERGREEN and party.agreement.notice_given_on is None:
        return _("No end, review %s") % short_day(next_review(party.agreement), today)
    last = last_day(party)
    if last is not None and last < today:
        return _("Ended %s") % short_day(last, today)
    return near_day(last, today)
