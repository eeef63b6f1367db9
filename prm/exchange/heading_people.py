"""Headings that speak of a person: whose they are ("Alt.", "Signatory") and what they tell ("e-mail", "cell").

A meaning reads `<place>.<what>`: `primary.email`, `signatory.name`. `primary` and `second` are the two contacts of a
row, every other place is a role.
"""

from dataclasses import dataclass

from prm.exchange.heading_words import GROUPS


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NOUNS = _words(
    "contact contacts poc rep reps representative liaison person people contacto enlace persona "
    "representante designee champion"
)
PEOPLE = _words("contacts reps people")  # "Number of contacts" is a count
LEADS = _words("coordinator coordinador lead manager supervisor")
EMAIL = _words("email emails correo correos")
PHONE = _words("phone phones telephone tel telefono cell cellphone mobile celular movil ph landline")
NUMBER = _words("number numbers num numero")
NAME = _words("name names nombre nombres full")
PRIMARY = _words("primary main principal key lead first 1 1st designated coalition")
# what -> a heading has one of these words; what else may stand beside it without saying whose it is
WHAT: tuple[tuple[str, frozenset[str], frozenset[str]], ...] = (
    (
        "email",
        EMAIL,
        _words("address addresses id electronico direccion work direct best preferred personal"),
    ),
    (
        "phone",
        PHONE,
        NUMBER | _words("direct work office business line ext extension best preferred daytime"),
    ),
    ("first", _words("forename forenames firstname"), NAME),
    ("last", _words("surname surnames apellido apellidos lastname"), NAME),
    ("title", _words("title titles position job cargo puesto titulo"), _words("role job")),
    ("name", NAME, frozenset()),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Whose a heading is: one of `core` must stand in it, and beside a bare "name" or nothing one of `nouns`;
    `beside` may stand there too."""

    core: frozenset[str]
    nouns: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()

    def fits(self, words: frozenset[str], bare: bool) -> bool:
        allowed = self.core | self.nouns | self.beside
        named = not bare or not self.nouns or bool(words & self.nouns)
        return bool(words & self.core) and words <= allowed and named


ORG = GROUPS["org"]
AGREEMENT = GROUPS["agreement"]
WORKERS = NOUNS | LEADS
# In the order in which a row's people are read: the two contacts first. Recognised the other way round: roles first.
PLACES: dict[str, Place] = {
    "primary": Place(NOUNS, beside=PRIMARY | ORG),
    "second": Place(GROUPS["second"] - {"deputy"}, NOUNS, ORG | PRIMARY - {"first", "1", "1st"}),
    "signatory": Place(
        _words("signatory signatories signer firmante"),
        beside=AGREEMENT | NOUNS | ORG | _words("authorized official"),
    ),
    "notice": Place(AGREEMENT | _words("notice notices legal"), NOUNS, ORG),
    "training": Place(GROUPS["training"], WORKERS, ORG),
    "intake": Place(_words("intake intakes referral referrals admissions admission"), WORKERS, ORG),
    "executive": Place(
        _words("executive director directora ceo chief sheriff pastor ed"),
        beside=NOUNS | ORG | _words("executive director police"),
    ),
    "programme_lead": Place(_words("program"), LEADS, _words("director")),
    "front_desk": Place(_words("reception receptionist recepcion"), beside=NOUNS),
    "board_liaison": Place(_words("board"), NOUNS),
    "after_hours": Place(_words("afterhours"), beside=NOUNS | ORG),
    "survivor_consultant": Place(_words("survivor"), _words("consultant")),
    "emergency": Place(_words("emergency emergencia"), NOUNS, ORG),
}
ROLES = tuple(place for place in PLACES if place not in {"primary", "second"})
# Alone they are a person; with more words the rules decide.
ALONE = {"primary": "primary", "secondary": "second", "alternate": "second", "alt": "second", "alternative": "second",
         "backup": "second", "second": "second"}  # fmt: skip
# "Partner e-mail": of the person there, not of the house.
THEIRS = _words("partner partners member provider person contact")


def role_of(words: frozenset[str]) -> str | None:
    """The meaning of a heading about somebody's role, or None."""
    what, rest = _split(words)
    for place in ROLES:
        if rest and PLACES[place].fits(rest, bare=what in {"", "name", "title"}):
            return f"{place}.{what or 'name'}"
    return None


def contact_of(words: frozenset[str]) -> str | None:
    """The meaning of a heading about the first or the second contact, or None."""
    if len(words) == 1 and (alone := ALONE.get(next(iter(words)))):
        return f"{alone}.name"
    what, rest = _split(words)
    if not what and words & NUMBER and words & NOUNS - PEOPLE:
        what, rest = "phone", words - NUMBER
    if what and not rest:
        return f"primary.{what}"
    for place in ("second", "primary"):
        if PLACES[place].fits(rest, bare=what in {"", "name", "title"}):
            return f"{place}.{what or 'name'}"
    if (
        what in {"email", "phone", "title", "first", "last"}
        and rest
        and (rest <= PRIMARY - {"lead"} or rest <= THEIRS)
    ):
        return f"primary.{what}"
    return None


def _split(words: frozenset[str]) -> tuple[str, frozenset[str]]:
    """What is told ("" where no word says so) and the words that say whose it is."""
    if words & NAME and words & EMAIL:  # "Contact (name, e-mail)": one cell holds both
        return "name", words - NAME - EMAIL
    for what, needed, beside in WHAT:
        if words & needed:
            return what, words - needed - beside
    return "", words
