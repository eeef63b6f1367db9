"""The running product as those who audit it are given it."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Where the tools are put; nothing of it is committed.
TOOLS = ROOT / "var" / "audit"


@dataclass(frozen=True)
class House:
    """Its address without a slash at the end, a manager's session, one partner with the link to its page, and those
    who are like it."""

    address: str
    session: str
    token: str
    slug: str
    others: list[str]
