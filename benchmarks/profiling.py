"""Where the time of one drain goes: own time of every function, and shares of building, mail client and database."""

import cProfile
import pstats
from typing import Any

from django.test.utils import override_settings

from benchmarks import relays
from benchmarks.counting import expect
from benchmarks.delivering import send_from_outbox
from benchmarks.mails import NOW, draft
from prm.outbox import actions

Function = tuple[str, int, str]  # file, line, name
Shares = dict[str, float]

#: What a file's own time counts as; the first that fits. What Python has built in counts as who calls it does.
GROUPS = {
    "mail client": "smtplib.py socket.py ssl.py django/core/mail/backends/ outbox/posts",
    "building": "/email/ django/core/mail/ quoprimime base64mime outbox/letters outbox/printing outbox/enclosed",
    "database": "django/db/ psycopg sqlite3 outbox/actions outbox/queries outbox/models",
}
OTHER = "other"
TOP = 25
DEEP = 8  # calls up from what is built in


def measure(messages: int) -> dict[str, Any]:
    """Profile one drain of so many mails to a relay on this machine, over one connection and so in one thread."""
    with relays.running() as relay, override_settings(PRM_CONNECTIONS=1, **relays.route(relay.port)):
        actions.write(map(draft, range(messages)), now=NOW)
        profile = cProfile.Profile()
        profile.runcall(send_from_outbox)
        relay.wait(messages, 30)
        expect(relay.count()[:2], (messages, messages), "mails that arrived, different ones")
    stats = pstats.Stats(profile)
    return {"messages": messages, "shares": shares(stats), "text": text(stats, messages)}


def _group(function: Function) -> str:
    file = function[0].replace("\\", "/")
    return next((name for name, parts in GROUPS.items() if any(part in file for part in parts.split())), "")


def _weights(stats: Any, function: Function, depth: int = DEEP) -> Shares:
    """To which groups a function's own time belongs: its own group, or in parts those of its callers."""
    if name := _group(function):
        return {name: 1.0}
    callers = stats.stats[function][4] if depth and function in stats.stats else {}
    total = sum(times[2] for times in callers.values())
    if not total or function[0] not in ("~", "<string>"):
        return {OTHER: 1.0}
    found: Shares = {}
    for caller, times in callers.items():
        for name, part in _weights(stats, caller, depth - 1).items():
            found[name] = found.get(name, 0) + part * times[2] / total
    return found


def shares(stats: Any) -> Shares:
    """Own time by groups, in percent of all."""
    found: Shares = {}
    for function, (_, _, own, _, _) in stats.stats.items():
        for name, part in _weights(stats, function).items():
            found[name] = found.get(name, 0) + part * own
    whole = sum(found.values()) or 1
    return {
        name: round(100 * part / whole, 1) for name, part in sorted(found.items(), key=lambda one: -one[1])
    }


def _called(function: Function) -> str:
    file, line, name = function
    if file == "~":
        return name.strip("<>")
    return f"{'/'.join(file.replace(chr(92), '/').split('/')[-3:])}:{line} {name}"


def text(stats: Any, messages: int) -> str:
    """The shares, and the functions with the most own time."""
    whole = sum(times[2] for times in stats.stats.values()) or 1
    lines = [
        f"One drain of {messages:,} mails over one connection to a relay on this machine, watched (which is slower).",
        "",
    ]
    lines += [f"{part:5.1f} %  {name}" for name, part in shares(stats).items()]
    lines += ["", "share of own time, calls, function:"]
    most = sorted(stats.stats.items(), key=lambda one: -one[1][2])[:TOP]
    lines += [
        f"{100 * own / whole:5.1f} %  {calls:>9,}  {_called(name)}" for name, (_, calls, own, _, _) in most
    ]
    return "\n".join(lines)
