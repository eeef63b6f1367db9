"""An SMTP relay that takes everything and keeps nothing, in a process of its own: `python -m benchmarks.sink`.

With `--delay 0.02` each of its answers takes 20 ms, as if it stood so far away. The verb COUNT, which SMTP does not
have, tells what book.py tells. Whoever speaks to it waits for each answer before going on.
"""

import re
from socket import socket
from time import sleep

from benchmarks import book

MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)
END = b"\r\n.\r\n"
ANSWERS = {
    b"EHLO": b"250-sink\r\n250 8BITMIME\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221 goodbye\r\n",
}


def heard(line: socket, end: bytes) -> bytes:
    """What is said up to `end`; nothing when the line is gone."""
    words = line.recv(1 << 16)
    while words and not words.endswith(end):
        more = line.recv(1 << 16)
        if not more:
            return b""
        words += more
    return words


def answer(line: socket, words: bytes, delay: float) -> None:
    if delay:
        sleep(delay)
    line.sendall(words)


def serve(line: socket, delay: float) -> None:
    """Say what a relay in a good mood says, until the line is gone."""
    answer(line, b"220 sink\r\n", delay)
    verb = b""
    while verb != b"QUIT" and (words := heard(line, b"\r\n")):
        verb = words[:5].strip().upper()
        if verb == b"COUNT":
            line.sendall(f"250 {book.told()}\r\n".encode())
            continue
        answer(line, ANSWERS.get(verb, b"250 OK\r\n"), delay)
        if verb == b"DATA" and (mail := heard(line, END)):
            found = MESSAGE_ID.search(mail)
            answer(line, b"250 taken\r\n", delay)
            book.enter(found[1] if found else b"?")


if __name__ == "__main__":
    book.keep(serve)
