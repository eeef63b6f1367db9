"""What must hold when the dust has settled. Pure: what the sink took, what the product says, and what was struck."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.chaos.sink import Taken

TAKEN_BACK = "cancelled"


@dataclass(frozen=True)
class Struck:
    """A connection that was open when its process was killed, or stopped past its lease: `place` mails into it.

    The mail in hand at that moment was the one just taken, or is the one on its way: only that one may come twice.
    """

    connection: int
    place: int

    def may_repeat(self, taken: Taken) -> bool:
        return taken.connection == self.connection and taken.place in (self.place - 1, self.place)


@dataclass(frozen=True)
class Row:
    """A message as the product tells of it. `shown` is the reason that stands beside it in the outbox."""

    message_id: str
    recipient: str
    state: str
    shown: str


@dataclass(frozen=True)
class Evidence:
    """All that is known in the end.

    `expected`: (recipient, piece of the touch's key) of every mail that the facts call for. `refused`: (recipient,
    Message-ID or "" for all of the recipient's) -> the sink's words. `queue`: `manage.py queue --json`.
    """

    expected: frozenset[tuple[str, str]]
    taken: tuple[Taken, ...]
    refused: Mapping[tuple[str, str], str]
    struck: tuple[Struck, ...]
    rows: tuple[Row, ...]
    keys: Mapping[str, str]  # Message-ID -> the keys of the touches in it
    messages: Mapping[str, int]
    expired_leases: int

    @property
    def standing(self) -> list[Row]:
        """The rows without those that a newer plan took back before anybody had them, and wrote again as they were."""
        again = {row.message_id for row in self.rows if row.state != TAKEN_BACK}
        return [row for row in self.rows if row.state != TAKEN_BACK or row.message_id not in again]

    def words_for(self, row: Row) -> str:
        """What the sink said when it refused this message for good, or ""."""
        return self.refused.get((row.recipient, "")) or self.refused.get((row.recipient, row.message_id), "")


def complaints(found: Evidence) -> list[str]:
    """Everything that does not hold, in plain words; nothing when the promise was kept."""
    return [
        *never_written(found),
        *never_accepted(found),
        *came_too_often(found),
        *not_the_same(found),
        *not_shown_as_refused(found),
        *queue_disagrees(found),
    ]


def some(what: str, which: Iterable[object]) -> list[str]:
    """One complaint for many of a kind: how many, and the first few."""
    all_of_them = sorted(map(str, which))
    return [f"{len(all_of_them)} {what}: {', '.join(all_of_them[:3])}"] if all_of_them else []


def never_written(found: Evidence) -> list[str]:
    written: defaultdict[str, str] = defaultdict(str)
    for row in found.rows:
        written[row.recipient] += f"{found.keys[row.message_id]}, "
    return some(
        "reminders never became a message",
        (
            f"{piece} for {recipient}"
            for recipient, piece in found.expected
            if f"{piece}:" not in written[recipient]
        ),
    )


def never_accepted(found: Evidence) -> list[str]:
    """Every message that was not refused for good was accepted, and the sink said so to the sender."""
    accepted = {one.message_id for one in found.taken if one.acknowledged}
    wanting = [row for row in found.standing if not found.words_for(row)]
    return some(
        "messages were never accepted",
        (f"{row.message_id} ({row.state})" for row in wanting if row.message_id not in accepted),
    ) + some(
        "accepted messages do not read sent",
        (f"{row.message_id} ({row.state})" for row in wanting if row.state != "sent"),
    )


def extra_copies(taken: Iterable[Taken]) -> int:
    numbers = Counter(one.message_id for one in taken)
    return numbers.total() - len(numbers)


def came_too_often(found: Evidence) -> list[str]:
    """Each copy too many needs an excuse of its own: one not acknowledged, or a struck connection not used up yet."""
    copies: defaultdict[str, list[Taken]] = defaultdict(list)
    for one in found.taken:
        copies[one.message_id].append(one)
    needy: list[tuple[str, int, set[Struck]]] = []
    for message_id, came in copies.items():
        unexplained = len(came) - 1 - sum(not one.acknowledged for one in came)
        strucks = {struck for struck in found.struck for one in came if struck.may_repeat(one)}
        if unexplained > 0:
            needy.append((message_id, unexplained, strucks))
    used: set[Struck] = set()
    without = []
    for message_id, unexplained, strucks in sorted(needy, key=lambda one: len(one[2])):
        free = sorted(strucks - used, key=lambda struck: (struck.connection, struck.place))
        used.update(free[:unexplained])
        if len(free) < unexplained:
            without.append(f"{message_id} ({unexplained - len(free)} too many)")
    return some("messages came more often than the faults excuse", without)


def not_the_same(found: Evidence) -> list[str]:
    """One message, one Message-ID, the same words in every copy."""
    ids: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    looks: defaultdict[str, set[str]] = defaultdict(set)
    for one in found.taken:
        ids[one.recipient, one.keys].add(one.message_id)
        looks[one.message_id].add(one.likeness)
    known = {row.message_id for row in found.rows}
    return (
        some("mails had several Message-IDs", (whose for whose, names in ids.items() if len(names) > 1))
        + some("mails differ between copies", (name for name, seen in looks.items() if len(seen) > 1))
        + some("mails are of no message", (name for name in looks if name not in known))
    )


def not_shown_as_refused(found: Evidence) -> list[str]:
    wrong = []
    for row in found.standing:
        words = found.words_for(row)
        if words and (row.state != "failed" or words not in row.shown):
            wrong.append(f"{row.message_id} ({row.state}: {row.shown!r})")
    return some("refused messages are not shown as failed with the relay's reason", wrong)


def queue_disagrees(found: Evidence) -> list[str]:
    accepted = len({one.message_id for one in found.taken if one.acknowledged})
    standing = found.standing
    refused = sum(bool(found.words_for(row)) for row in standing)
    wanted = dict.fromkeys(found.messages, 0) | {"sent": accepted, "failed": refused}
    wanted[TAKEN_BACK] = len(found.rows) - len(standing)
    wrong = [
        f"{state} {number}, the sink says {wanted[state]}"
        for state, number in found.messages.items()
        if number != wanted[state]
    ]
    if found.expired_leases:
        wrong.append(f"{found.expired_leases} leases that nobody keeps")
    return [f"queue --json disagrees: {'; '.join(wrong)}"] if wrong else []
