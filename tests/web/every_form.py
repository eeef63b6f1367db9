"""A house in which every form of the product can be met, and the places where each of them stands."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from prm.accounts.actions import add_user, set_password
from prm.agreements.actions import Signer
from prm.continuity import leaving
from prm.desk import finding
from prm.desk.rows import Key
from prm.desk.views import save_view
from prm.partners.links import Holder, Wish, issue, token_of
from prm.partners.models import Purpose
from prm.reminders.actions import refresh
from prm.web.portal.correcting import FORMS as PROPOSALS
from prm.web.staff import organization_facts, person_facts
from tests.cast import NOW, TODAY, anna_reyes, ben, daniel, day, make_agreement, make_organization, rosa
from tests.web.addresses import KNOWN, House, address, client_of, house
from tests.web.importing import uploaded

PASSWORD = "a harbor without wind"
#: Where the form is another one, or nothing can be done with the agreement that is in force.
NOT_USUAL = {"account_logout", "agreement-send", "agreement-withdraw"}


@dataclass(frozen=True)
class Place:
    """An address of a route, and whose browser opens it."""

    route: str
    address: str
    who: str = "director"


@dataclass
class World:
    """Harbor House with one of everything, and the browsers of those who come by."""

    house: House
    browsers: dict[str, Client] = field(default_factory=dict)
    drafted: int = 0
    leaves: int = 0

    def at(self, route: str, **numbers: int) -> str:
        """Where a route stands, with other records than the usual ones."""
        before = self.house.numbers
        self.house.numbers = before | numbers
        try:
            return address(route, self.house)
        finally:
            self.house.numbers = before


def world() -> World:
    """A new one; the clock stands at NOW."""
    made = World(house("Harbor House"))
    harbor = made.house.organization
    anna_reyes(harbor, name="Bea Long", email="bea@harbor.example", roles=("intake",))
    lighthouse = make_organization("Lighthouse", owner=rosa())
    waiting = [Signer(harbor), Signer(lighthouse), Signer(None)]
    draft = make_agreement(harbor, parties=waiting, sent_on=TODAY, expires_on=day("2029-09-30"))
    holder = Holder(harbor.pk, made.house.numbers["contact"])
    [page] = issue([(holder, Wish(Purpose.PAGE))], now=NOW)
    made.drafted, made.leaves = draft.pk, leaving.announce(page, last_day=day("2027-07-31"), now=NOW).pk
    refresh(now=NOW)
    made.browsers = _browsers()
    chair = made.browsers["director"]
    view = save_view(daniel(), page="partners", name="Mine", query="kept=me", shared=False, now=NOW)
    made.house.numbers |= {"import": uploaded(chair).pk, "view": view.pk, "person": ben().pk}
    return made


def _row(made: House) -> str:
    """The key of a row of Today."""
    return finding.written(Key(made.organization.pk, "promise", f"promise:{made.numbers['promise']}", TODAY))


def _browsers() -> dict[str, Client]:
    """Daniel at work with an app for codes; Ben, who is to set one up; Rosa with a passkey; and those at the door."""
    TOTP.activate(daniel(password=PASSWORD), generate_totp_secret())
    set_password(rosa(), PASSWORD)
    new = add_user(email="new@example.org", name="New", role="viewer", now=NOW)
    found = {"nobody": Client(), "director": client_of(daniel()), "new": client_of(new)}
    for name, person in (("halfway", daniel()), ("again", ben(password=PASSWORD)), ("passkey", rosa())):
        found[name] = Client()
        found[name].post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
        found[name].post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return found


def places(made: World) -> list[Place]:
    """Every route where it stands for the house, and those that stand in several places or open from another side."""
    usual = [Place(name, address(name, made.house)) for name in KNOWN if name not in NOT_USUAL]
    return [*usual, *_of_staff(made), *_of_partners(made), *_at_the_door()]


def _of_staff(made: World) -> Iterator[Place]:
    for name in ("agreement-sign", "agreement-approval", "agreement-withdraw", "agreement-correct"):
        yield Place(name, made.at(name, agreement=made.drafted))
    yield Place("agreement", made.at("agreement", agreement=made.drafted))
    yield Place("agreement-join", made.at("agreement-join") + "?with=lighthouse")
    yield Place("agreement-send", made.at("agreement-send", agreement=made.drafted))
    yield Place("said-correct", made.at("said-correct", said=made.leaves))
    yield Place("today-put-off", f"{made.at('today-put-off')}?row={_row(made.house)}")
    slug, contact = made.house.organization.slug, made.house.numbers["contact"]
    yield Place("outbox-new", f"{made.at('outbox-new')}?contact={contact}")
    yield Place("outbox-new", f"{made.at('outbox-new')}?to=partners")
    for fact in organization_facts.FACTS:
        yield Place("partner-fact", reverse("partner-fact", args=[slug, fact]))
    for fact in person_facts.FACTS:
        yield Place("person-fact", reverse("person-fact", args=[slug, contact, fact]))


def _of_partners(made: World) -> Iterator[Place]:
    for about in PROPOSALS:
        yield Place("portal-correct", f"{made.at('portal-correct')}?about={about}", "nobody")
    yield Place("portal-leaving", f"{made.at('portal-leaving')}?change=yes", "nobody")
    about = Wish(Purpose.DESK, _row(made.house), organization=made.house.organization.pk)
    [link] = issue([(Holder(made.house.organization.pk, None, rosa().pk), about)], now=NOW)
    yield Place("portal", reverse("portal", kwargs={"token": token_of(link)}), "nobody")


def _at_the_door() -> Iterator[Place]:
    key = {"uidb36": user_pk_to_url_str(daniel()), "key": default_token_generator.make_token(daniel())}
    yield Place(
        "account_reset_password_from_key", reverse("account_reset_password_from_key", kwargs=key), "nobody"
    )
    yield Place("account_login", reverse("account_login"), "nobody")
    yield Place("account_reset_password", reverse("account_reset_password"), "nobody")
    yield Place("mfa_authenticate", reverse("mfa_authenticate"), "halfway")
    yield Place("account_set_password", reverse("account_set_password"), "new")
    passkey = Authenticator.objects.create(
        user=rosa(), type="webauthn", data={"name": "Mine", "credential": {}}
    )
    yield Place("mfa_edit_webauthn", reverse("mfa_edit_webauthn", args=[passkey.pk]), "passkey")
    yield Place("mfa_activate_totp", reverse("mfa_activate_totp"), "again")
    yield Place("mfa_add_webauthn", reverse("mfa_add_webauthn"), "again")


def passes(answer: Any) -> bool:
    """Whether what was sent was taken: it leads on."""
    return bool(300 <= answer.status_code < 400)
