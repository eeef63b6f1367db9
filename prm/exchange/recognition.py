"""Which organization of ours a row speaks of: by name, together with address, e-mail and phone.

Two rows (or a row and an organization) of one name are the same agency unless their places contradict each other and
nothing else agrees. So "Food Pantry" in Joliet and "Food Pantry" in Yakima stay two, and an agency whose contact person
changed stays one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain

from prm.exchange.reading import Reading
from prm.exchange.words import name_key, phone_key, place_key
from prm.partners.models import Contact, Entry, Organization

EVENT = "imported"


@dataclass(frozen=True, slots=True)
class Traits:
    """What tells two agencies of one name apart."""

    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    city: str = ""
    county: str = ""
    state: str = ""
    postal_code: str = ""

    def weigh(self, other: "Traits") -> int:
        """How much speaks for one agency; below 0 they are two."""
        shared = len(self.emails & other.emails) + len(self.phones & other.phones)
        places = [
            (one, two)
            for one, two in (
                (self.city, other.city),
                (self.county, other.county),
                (self.postal_code[:5], other.postal_code[:5]),
            )
            if one and two
        ]
        elsewhere = bool(self.state and other.state and self.state != other.state)
        near = any(one == two for one, two in places) and not elsewhere
        if not shared and not near and (places or elsewhere):
            return -1
        return 2 * shared + near


@dataclass(slots=True)
class Remembered:
    """An organization of ours as an import meets it: `cells` are the digests of what earlier files said, by meaning,
    `others` what further rows of a file said beside it (meaning, digest), `noted` the lines put into its notes."""

    organization: Organization
    traits: Traits
    cells: dict[str, str] = field(default_factory=dict)
    others: set[tuple[str, str]] = field(default_factory=set)
    noted: set[str] = field(default_factory=set)


class Directory:
    """Every organization by the key of its name, made once; the rest is fetched for a batch of rows at a time."""

    def __init__(self) -> None:
        self.ids: dict[str, list[int]] = {}
        self.batch: dict[int, Remembered] = {}
        known = Organization.objects.filter(is_demo=False).order_by("id").values_list("id", "name")
        for number, name in known.iterator(chunk_size=5000):
            self.ids.setdefault(name_key(name), []).append(number)

    def prepare(self, keys: Iterable[str]) -> None:
        """Fetch whatever the coming rows may mean, and forget the batch before."""
        self.batch = remembered(set(chain.from_iterable(self.ids.get(key, ()) for key in keys)))

    def find(self, reading: Reading) -> Remembered | None:
        """The organization that the row speaks of, or None."""
        numbers = self.ids.get(reading.key, [])
        missing = {number for number in numbers if number not in self.batch}
        if missing:
            self.batch |= remembered(missing)
        traits = traits_of_reading(reading)
        found = [
            (self.batch[number].traits.weigh(traits), -number) for number in numbers if number in self.batch
        ]
        best = max(found, default=(-1, 0))
        return self.batch[-best[1]] if best[0] >= 0 else None

    def add(self, reading: Reading, organization: Organization) -> None:
        self.ids.setdefault(reading.key, []).append(organization.pk)

    def forget(self, organization: Organization) -> None:
        """Read this organization anew when it is met again: it was just written."""
        self.batch.pop(organization.pk, None)


def remembered(numbers: set[int]) -> dict[int, Remembered]:
    """Organizations with their traits and what earlier imports said of them: three queries."""
    if not numbers:
        return {}
    found: dict[int, Remembered] = {}
    people: dict[int, list[tuple[str, str]]] = {number: [] for number in numbers}
    for number, email, phone in Contact.objects.filter(organization__in=numbers).values_list(
        "organization_id", "email", "phone"
    ):
        people[number].append((email, phone))
    for organization in Organization.objects.filter(pk__in=numbers):
        found[organization.pk] = Remembered(organization, _traits(organization, people[organization.pk]))
    entries = Entry.objects.filter(organization__in=numbers, event=EVENT).order_by("id")
    for number, data in entries.values_list("organization_id", "data"):
        found[number].cells |= dict(cell.split(":") for cell in data.get("cells", ()))
        found[number].others |= {tuple(cell.split(":")) for cell in data.get("others", ())}
        found[number].noted |= set(data.get("noted", ()))
    return found


def _traits(organization: Organization, people: list[tuple[str, str]]) -> Traits:
    return Traits(
        frozenset(email for email in (organization.role_mailbox, *(email for email, _ in people)) if email),
        frozenset(
            filter(
                None, (phone_key(phone) for phone in (organization.phone, *(phone for _, phone in people)))
            )
        ),
        place_key(organization.city),
        place_key(organization.county),
        place_key(organization.state),
        place_key(organization.postal_code),
    )


def traits_of_reading(reading: Reading) -> Traits:
    """The same of a row."""
    fields = {name: str(value) for name, value in reading.fields.items()}
    phones = (fields.get("phone", ""), *(person.phone for person in reading.people))
    emails = (fields.get("role_mailbox", ""), *(person.email for person in reading.people))
    places = (place_key(fields.get(name, "")) for name in ("city", "county", "state", "postal_code"))
    return Traits(frozenset(filter(None, emails)), frozenset(filter(None, map(phone_key, phones))), *places)
