"""An SMTP relay that takes everything and keeps nothing, in a process of its own: `python -m benchmarks.sink`.

With `--delay 0.02` each of its answers takes 20 ms, as if it stood so far away. The verb COUNT, which SMTP does not
have, tells what book.py tells.
"""

import asyncio
import re

from benchmarks import book

MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)
END = b"\r\n.\r\n"
ANSWERS = {
    b"EHLO": b"250-sink\r\n250 8BITMIME\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221 goodbye\r\n",
}


class Relay(asyncio.Protocol):
    """One connection."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.came = bytearray()
        self.in_mail = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.answer(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        seen = max(0, len(self.came) - len(END))
        self.came += data
        while (at := self.came.find(END if self.in_mail else b"\r\n", seen)) >= 0:
            if self.in_mail:
                self.take(bytes(self.came[:at]))
                at += 3
            else:
                self.obey(self.came[:at].partition(b" ")[0].upper())
            del self.came[: at + 2]
            seen = 0

    def obey(self, verb: bytes) -> None:
        """Say what a relay in a good mood says to one command."""
        if verb == b"COUNT":
            self.transport.write(f"250 {book.told()}\r\n".encode())
            return
        self.in_mail = verb == b"DATA"
        self.answer(ANSWERS.get(bytes(verb), b"250 OK\r\n"))

    def take(self, mail: bytes) -> None:
        self.in_mail = False
        found = MESSAGE_ID.search(mail)
        self.answer(b"250 taken\r\n", found[1] if found else b"?")

    def answer(self, words: bytes, message_id: bytes = b"") -> None:
        if self.delay:
            asyncio.get_running_loop().call_later(self.delay, self.say, words, message_id)
        else:
            self.say(words, message_id)

    def say(self, words: bytes, message_id: bytes) -> None:
        self.transport.write(words)
        if message_id:
            book.enter(message_id)
        if words is ANSWERS[b"QUIT"]:
            self.transport.close()


if __name__ == "__main__":
    book.keep(Relay)
