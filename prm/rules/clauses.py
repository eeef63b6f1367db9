"""The checklist of clauses: which ones an agreement is warned about when they are missing or nobody has looked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: Keys of the list "clause" that an agreement should have when it is signed.
WATCHED = frozenset(
    {
        "parties",
        "purpose",
        "roles",
        "referral",
        "confidentiality",
        "need_to_know",
        "release",
        "term",
        "review",
        "amendment",
        "termination",
        "notices",
        "signatures",
    }
)


@dataclass(frozen=True, slots=True)
class Gaps:
    """Keys of watched clauses, in the order of the list: known to be missing, and not looked at by anyone."""

    missing: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.missing or self.unseen)


def gaps(words: Iterable[str], found: Mapping[str, str]) -> Gaps:
    """Return what to warn of: `words` are the keys in use, `found` the state of each that somebody looked at.

    A warning only; whether to sign is for people to decide. A word that staff added is never watched.
    """
    watched = [key for key in words if key in WATCHED]
    missing = tuple(key for key in watched if found.get(key) == "absent")
    return Gaps(missing, tuple(key for key in watched if key not in found))
