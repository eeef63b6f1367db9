"""What a sink has taken: how many mails, how many different ones, and when the last; told to whoever started it.

A sink is a process of its own that keeps nothing. It says its port on the first line. Then it reads from the one who
started it: `COUNT` is answered by three words (mails, different ones, when the last came: CLOCK_MONOTONIC, which is
one for the whole machine) and begins a new count; `WAIT n` by a line of its own, once so many have come. It ends with
its reader.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable
from time import monotonic

taken: list[bytes] = []
waiting: list[int] = []  # for how many mails somebody waits
last = 0.0


def enter(message_id: bytes) -> None:
    """One more mail has been taken, and the sender knows."""
    global last  # noqa: PLW0603 - one process, one book
    taken.append(message_id)
    last = monotonic()
    _tell_who_waits()


def told() -> str:
    """Mails, different ones, when the last came; the count begins anew."""
    words = f"{len(taken)} {len(set(taken))} {last}"
    taken.clear()
    return words


def _tell_who_waits() -> None:
    if waiting and len(taken) >= waiting[0]:
        _say(f"{waiting.pop()}")


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


async def _listen() -> None:
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(lines), sys.stdin.buffer
    )
    while words := (await lines.readline()).split():
        if words[0] == b"COUNT":
            _say(told())
        else:
            waiting[:] = [int(words[1])]
            _tell_who_waits()


async def _serve(protocol: Callable[[float], asyncio.Protocol], delay: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: protocol(delay), "127.0.0.1", 0, backlog=200)
    _say(f"{server.sockets[0].getsockname()[1]}")
    await _listen()


def keep(protocol: Callable[[float], asyncio.Protocol]) -> None:
    """Serve until the reader goes. `--delay` is what each answer takes, in seconds: so far away is the sink."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--delay", type=float, default=0.0)
    asyncio.run(_serve(protocol, parser.parse_args().delay))
