"""What a sink has taken: how many mails, how many different ones, and when the last; told to whoever started it.

A sink is a process of its own that keeps nothing. It says its port on the first line. Then it reads from the one who
started it: `COUNT` is answered by three words (mails, different ones, when the last came: CLOCK_MONOTONIC, which is
one for the whole machine) and begins a new count; `WAIT n` by a line of its own, once so many have come. It ends with
its reader. Each connection has a thread that waits for it: nothing costs the machine less, and it is shared with
those who are measured.
"""

import argparse
import socket
import sys
from collections.abc import Callable
from threading import Lock, Thread
from time import monotonic

taken: list[bytes] = []
waiting: list[int] = []  # for how many mails somebody waits
last = [0.0]
writing = Lock()

Serve = Callable[[socket.socket, float], None]


def enter(message_id: bytes) -> None:
    """One more mail has been taken, and the sender knows."""
    with writing:
        taken.append(message_id)
        last[0] = monotonic()
        _tell_who_waits()


def told() -> str:
    """Mails, different ones, when the last came; the count begins anew."""
    with writing:
        words = f"{len(taken)} {len(set(taken))} {last[0]}"
        taken.clear()
    return words


def _tell_who_waits() -> None:
    if waiting and len(taken) >= waiting[0]:
        _say(f"{waiting.pop()}")


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _listen() -> None:
    for line in sys.stdin:
        if line.startswith("COUNT"):
            _say(told())
        else:
            with writing:
                waiting[:] = [int(line.split()[1])]
                _tell_who_waits()


def _accept(server: socket.socket, serve: Serve, delay: float) -> None:
    while True:
        line = server.accept()[0]
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        Thread(target=_served, args=(serve, line, delay), daemon=True).start()


def _served(serve: Serve, line: socket.socket, delay: float) -> None:
    with line:
        try:
            serve(line, delay)
        except ConnectionError:
            return


def keep(serve: Serve) -> None:
    """Serve until the reader goes. `--delay` is what each answer takes, in seconds: so far away is the sink."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--delay", type=float, default=0.0)
    server = socket.create_server(("127.0.0.1", 0), backlog=200)
    Thread(target=_accept, args=(server, serve, parser.parse_args().delay), daemon=True).start()
    _say(f"{server.getsockname()[1]}")
    _listen()
