"""The people of one row: a first contact, a second one, and whoever a column names for a role."""

import re
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from prm.exchange.heading_people import PLACES
from prm.exchange.headings import NAME
from prm.exchange.row import Row
from prm.exchange.words import phone_key, plain

# What the first contact of a row does for the partner, unless a column names somebody else for it.
PARTNER_ROLES = ("primary", "notice", "signatory", "training", "intake")
LONGEST_NAME, LONGEST_PHONE, LONGEST_EMAIL = 200, 60, 254
ADDRESS = re.compile(r"[^\s<>;,|()\[\]\"'/]+@[^\s<>;,|()\[\]\"'/]+")
# Words that a house has before the @, and no person.
MAILBOXES = frozenset(
    "info office intake intakes referral referrals admin administration contact contacts help helpdesk "
    "hello mail email team staff director program programs desk front outreach support services service "
    "main general house shelter center centre volunteer volunteers training trainings legal billing hr "
    "jobs advocate advocates case cases crisis hotline manager coordinator community partner partners "
    "partnerships agency client clients care no reply noreply mou grants events media press victim "
    "survivor police sheriff church parish county city department dept".split()
)
LANGUAGES = {
    name: code
    for code, names in {
        "en": "english ingles",
        "es": "spanish espanol castellano",
        "ar": "arabic",
        "fa": "farsi persian dari",
        "fr": "french",
        "ht": "haitian creole kreyol",
        "hi": "hindi",
        "ko": "korean",
        "pl": "polish",
        "ps": "pashto",
        "pt": "portuguese",
        "ru": "russian",
        "so": "somali",
        "sw": "swahili",
        "tl": "tagalog filipino",
        "ti": "tigrinya",
        "uk": "ukrainian",
        "ur": "urdu",
        "vi": "vietnamese",
        "zh": "chinese mandarin cantonese",
        "am": "amharic",
        "de": "german",
        "ase": "asl",
    }.items()
    for name in [code, *names.split()]
}


@dataclass(frozen=True, slots=True)
class Person:
    """A contact as one row tells of them. `place` is the columns' place (`primary`, `second`, a role), `roles` what
    they hold; an empty text says nothing, and `languages` is None where no column tells them. `guessed`: the name is
    only read from the address."""

    place: str
    name: str
    email: str = ""
    phone: str = ""
    title: str = ""
    roles: tuple[str, ...] = ()
    languages: tuple[str, ...] | None = None
    discreet: bool | None = None
    guessed: bool = False

    def is_same(self, other: "Person") -> bool:
        """One person named in two places: the same address, or the same name where not both have one."""
        if self.email and other.email:
            return self.email == other.email and (
                self.name == self.email or plain(self.name) == plain(other.name)
            )
        return plain(self.name) == plain(other.name)


def read_people(row: Row) -> tuple[Person, ...]:
    """Everyone named in the row, the first contact first, each with their roles."""
    people: list[Person] = []
    named: dict[str, int] = {}
    for place in PLACES:
        person = _person(row, place)
        if person is None:
            continue
        same = next((at for at, known in enumerate(people) if person.is_same(known)), None)
        if same is None:
            people.append(person)
        else:
            people[same] = _joined(row, people[same], person)
        if place not in {"primary", "second"}:
            named[place] = len(people) - 1 if same is None else same
    if not people:
        return ()
    roles = {role: named.get(role, 0) for role in dict.fromkeys((*PARTNER_ROLES, *named))}
    languages, discreet = (
        _languages(row),
        row.yes("discreet"),
    )
    return tuple(
        replace(
            person,
            roles=tuple(role for role, holder in roles.items() if holder == at),
            languages=languages if at == 0 else None,
            discreet=discreet,
        )
        for at, person in enumerate(people)
    )


def _person(row: Row, place: str) -> Person | None:
    first, last = row.value(f"{place}.first"), row.value(f"{place}.last")
    name = _short(row, f"{place}.name", LONGEST_NAME)
    inside = ADDRESS.search(name)
    email = ""
    if row.cells.get(f"{place}.email"):
        email = read_address(row, f"{place}.email")
    elif inside and _is_address(inside[0]):
        email = inside[0].lower()
        name = name.replace(inside[0], "").strip(" <>()[],;:-/") or email
    if not name and (first or last):
        name = " ".join(part for part in (first, last) if part)
    elif first or last:
        for part in (first and "first", last and "last"):
            if part:
                row.note(f"{place}.{part}")
    guessed = "" if name or place != "primary" else name_in(email, row.cells.get(NAME, ""))
    if guessed:
        reason = _("stands without a name: the contact is called %(name)s after the address")
        row.odd("primary.email", reason % {"name": guessed})
    name = name or guessed
    if not name and place == "primary":
        _nobody(row, email)
        return None
    if not name and not email:
        return None
    phone, title = (
        read_phone(row, f"{place}.phone"),
        _short(row, f"{place}.title", LONGEST_NAME),
    )
    return Person(place, name or email, email, phone, title, guessed=bool(guessed))


def _nobody(row: Row, email: str) -> None:
    """The first contact has no name: the address and the phone are the organization's own."""
    if email and not row.cells.get("mailbox"):
        row.odd(
            "primary.email",
            _("stands without a name: kept as the organization's shared mailbox"),
        )
        row.cells["mailbox"], row.headings = (
            email,
            {**row.headings, "mailbox": row.headings["primary.email"]},
        )
    elif email and row.cells["mailbox"].lower() != email:
        row.note("primary.email", _("stands without a name, and a shared mailbox is told: kept in the notes"))
    if row.cells.get("primary.phone") and not row.cells.get("phone"):
        row.cells["phone"] = row.cells["primary.phone"]
        row.headings = {**row.headings, "phone": row.headings["primary.phone"]}
        row.taken.add("primary.phone")


def _joined(row: Row, known: Person, again: Person) -> Person:
    """What a second place adds to a person already named; a different phone or title stays as a note."""
    for what in ("phone", "title"):
        one, two = getattr(known, what), getattr(again, what)
        differ = phone_key(one) != phone_key(two) if what == "phone" else plain(one) != plain(two)
        if one and two and differ:
            row.note(f"{again.place}.{what}")
    nameless = known.name == known.email
    return Person(
        known.place,
        again.name if nameless else known.name,
        known.email or again.email,
        known.phone or again.phone,
        known.title or again.title,
        guessed=again.guessed if nameless else known.guessed,
    )


def name_in(address: str, house: str) -> str:
    """ "Anna Reyes" for anna.reyes@...; "" where the part before the @ does not read like a first and a last name, or
    only repeats words of the organization's name."""
    local = address.partition("@")[0]
    parts = re.fullmatch(r"([^\W\d_]{2,})[._](?:[^\W\d_][._])?([^\W\d_]{2,})", local)
    if not parts or {*parts.groups()} & MAILBOXES or {*parts.groups()} <= {*plain(house).split()}:
        return ""
    return " ".join(part.title() for part in parts.groups())


def read_address(row: Row, meaning: str) -> str:
    """The first e-mail address of the cell in lower case; "" where it is empty. None at all, or a broken one, is an
    error; what stands beside the first stays as a note."""
    text = row.strict(meaning)
    if not text:
        return ""
    found: list[str] = ADDRESS.findall(re.sub(r"(?i)\bmailto:", "", text))
    good = [address.rstrip(".").lower() for address in found if _is_address(address.rstrip("."))]
    if not good or len(good) < len(found):
        row.wrong(meaning, _("is not an e-mail address"))
        return ""
    if _beside(text, good):
        row.note(meaning, _("holds more than one address: the first is used, all stay in the notes"))
    return good[0]


def _beside(text: str, good: list[str]) -> bool:
    return len(set(good)) > 1 or bool(plain(ADDRESS.sub("", re.sub(r"(?i)\bmailto:", "", text))))


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= LONGEST_EMAIL


def read_phone(row: Row, meaning: str) -> str:
    """The phone as written; a cell without seven digits is no phone and stays as a note.

    An apostrophe in front is not part of it: it keeps a spreadsheet from computing "+1-555-0100".
    """
    text = row.value(meaning).removeprefix("'")
    if text and (not phone_key(text) or len(text) > LONGEST_PHONE):
        row.note(meaning, _("is not a phone number: kept in the notes"))
        return ""
    return text


def _languages(row: Row) -> tuple[str, ...] | None:
    text = row.value("languages")
    words = [word for word in re.split(r"[,;/&+]|\band\b", text) if word.strip()]
    codes = [LANGUAGES.get(plain(word).replace(" only", "")) for word in words]
    if not text:
        return None
    if None in codes:
        row.note("languages", _("holds a language that is not known here: kept in the notes"))
    return tuple(dict.fromkeys(code for code in codes if code)) or None


def _short(row: Row, meaning: str, longest: int) -> str:
    text = row.value(meaning)
    if len(text) > longest:
        row.note(meaning, _("is too long for its place: kept in the notes"))
        return ""
    return text
