"""Who holds a role on a day, and who is asked when nobody does (policy.md, "Audience")."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from prm.rules.facts import Colleague, Contact, People, Side

#: From whom a role's question passes on to whom, while nobody reachable holds it.
FALLBACK: dict[str, tuple[str, ...]] = {
    "notice": ("signatory", "primary"),
    "signatory": ("notice", "primary"),
    "training": ("primary",),
    "intake": ("primary",),
    "declarer": ("primary",),
    "invited": ("training", "primary"),
    "consenter": ("primary",),
    "primary": (),
}

#: On our side, when none of the roles asked for exists.
OUR_FALLBACK = ("deputy", "director", "owner", "superuser")

#: Audiences that point at one named person rather than at a role.
PERSONAL = frozenset({"declarer", "invited", "consenter"})


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address to write to, and whose it is (a contact, a user, or neither: the organization's mailbox)."""

    address: str
    name: str = ""
    contact: int | None = None
    user: int | None = None
    discreet: bool = False
    language: str = "en"


def reachable(contact: Contact, day: date, category: str) -> bool:
    """Return whether mail of this category may reach the contact on `day`; the last day is still inside."""
    gone = contact.left_on is not None and contact.left_on < day
    return bool(contact.address) and not (gone or contact.undeliverable or category in contact.unsubscribed)


def holders(people: People, role: str, day: date) -> list[Contact]:
    """Return the contacts who hold `role` on `day`, earliest entered first, reachable or not."""
    ids = {
        h.contact
        for h in people.holdings
        if h.role == role and h.since <= day and (h.until is None or day <= h.until)
    }
    return sorted((c for c in people.contacts if c.id in ids), key=lambda c: (c.entered, c.id))


def partner_recipients(
    people: People, audience: Iterable[str], day: date, category: str, person: int | None = None
) -> tuple[Recipient, ...]:
    """Return whom the partner's audience means on `day`, after fallback; empty where nobody is left."""

    def reach(role: str) -> list[Contact]:
        found = (
            [c for c in people.contacts if c.id == person] if role in PERSONAL else holders(people, role, day)
        )
        return [c for c in found if reachable(c, day, category)]

    asked = tuple(audience)
    found = [contact for role in asked for contact in reach(role)]
    if not found:
        found = next((contacts for role in _chain(asked) if (contacts := reach(role))), [])
    if not found:
        anyone = sorted(people.contacts, key=lambda c: (c.entered, c.id))
        found = [c for c in anyone if reachable(c, day, category)][:1]
    if found:
        return _each_once(_of_contact(contact) for contact in found)
    return (Recipient(people.mailbox),) if people.mailbox else ()


def invited(people: People, person: int | None, day: date, category: str) -> tuple[Recipient, ...]:
    """Return whom an invitation reaches on `day`: it is one person's and never passes on by itself."""
    return tuple(_of_contact(c) for c in people.contacts if c.id == person and reachable(c, day, category))


def our_recipients(
    people: People, audience: Iterable[str], day: date, *, stand_ins: bool = True
) -> tuple[Recipient, ...]:
    """Return whom our side's audience means on `day`, after fallback; after each who is away, who stands in for them.

    What lies in somebody's calendar stays there while they are away: for entries, ask without `stand_ins`.
    "promiser:5" is one person by number; while they have no access, the owner is asked in their place.
    """

    def keeping(kind: str) -> list[Colleague]:
        ids = {
            k.user
            for k in people.keepings
            if k.kind == kind and k.since <= day and (k.until is None or day <= k.until)
        }
        return [c for c in people.colleagues if c.id in ids]

    means: dict[str, Callable[[], list[Colleague]]] = {
        "owner": lambda: keeping("owner"),
        "deputy": lambda: keeping("deputy"),
        "director": lambda: [c for c in people.colleagues if c.role == "director"],
        "superuser": lambda: [c for c in people.colleagues if c.superuser],
    }

    def meant(role: str) -> list[Colleague]:
        kind, _colon, number = role.partition(":")
        if kind != "promiser":
            return means[role]()
        return [c for c in people.colleagues if c.id == int(number)] or keeping("owner")

    found = [colleague for role in audience for colleague in meant(role)]
    if not found:
        found = next((colleagues for role in OUR_FALLBACK if (colleagues := means[role]())), [])
    if stand_ins:
        found = _with_stand_ins(found, people.colleagues, day)
    return _each_once(Recipient(c.address, c.name, user=c.id) for c in found)


def _with_stand_ins(
    found: Iterable[Colleague], colleagues: Iterable[Colleague], day: date
) -> list[Colleague]:
    """Add who stands in for those who are away; for one who is away as well, their own stand-in follows."""
    known = {c.id: c for c in colleagues}
    told: dict[int, Colleague] = {}
    for colleague in found:
        following: Colleague | None = colleague
        while following is not None and following.id not in told:
            told[following.id] = following
            passes_on = following.stand_in is not None and following.is_away(day)
            following = known.get(following.stand_in or 0) if passes_on else None
    return list(told.values())


def works_for(colleagues: Iterable[Colleague], person: int, day: date) -> frozenset[int]:
    """Return for whom somebody looks after partners on a day: themselves, and whoever is away and left it to them.

    Who is away as well passes on what they were to stand in for.
    """
    away = [c for c in colleagues if c.is_away(day) and c.stand_in is not None]
    found = {person}
    while more := {c.id for c in away if c.stand_in in found} - found:
        found |= more
    return frozenset(found)


def recipients(
    people: People,
    side: Side,
    audience: Iterable[str],
    day: date,
    category: str,
    person: int | None = None,
    *,
    stand_ins: bool = True,
) -> tuple[Recipient, ...]:
    """Return whom an audience means on `day`, on either side, each address once."""
    if side is Side.OURS:
        return our_recipients(people, audience, day, stand_ins=stand_ins)
    return partner_recipients(people, audience, day, category, person)


def _chain(audience: tuple[str, ...]) -> Iterator[str]:
    seen = set(audience)
    for role in audience:
        for following in FALLBACK[role]:
            if following not in seen:
                seen.add(following)
                yield following


def _of_contact(contact: Contact) -> Recipient:
    return Recipient(
        contact.address,
        contact.name,
        contact=contact.id,
        discreet=contact.discreet,
        language=contact.language,
    )


def _each_once(found: Iterable[Recipient]) -> tuple[Recipient, ...]:
    by_address: dict[str, Recipient] = {}
    for recipient in found:
        by_address.setdefault(recipient.address.casefold(), recipient)
    return tuple(by_address.values())
