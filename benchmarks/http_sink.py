"""A mail service that takes everything and keeps nothing, in a process of its own: `python -m benchmarks.http_sink`.

It speaks HTTP/1.1 over kept connections and answers as Postmark does, after `--delay` seconds.
"""

import asyncio
import json
import re
from uuid import uuid4

from benchmarks import book

LENGTH = re.compile(rb"^Content-Length:\s*(\d+)", re.IGNORECASE | re.MULTILINE)
END = b"\r\n\r\n"
HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n"


class Service(asyncio.Protocol):
    """One connection."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.came = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.came += data
        while (head := self.came.find(END)) >= 0:
            found = LENGTH.search(self.came, 0, head)
            begin = head + len(END)
            end = begin + (int(found[1]) if found else 0)
            if len(self.came) < end:
                return
            mail = json.loads(self.came[begin:end])
            del self.came[:end]
            asyncio.get_running_loop().call_later(self.delay, self.answer, mail)

    def answer(self, mail: dict[str, object]) -> None:
        """Say yes to one mail, and enter it under its Message-ID."""
        answer = {"ErrorCode": 0, "Message": "OK", "MessageID": str(uuid4()), "To": mail["To"]}
        body = json.dumps(answer)
        self.transport.write((HEAD.format(len(body)) + body).encode())
        ids = [str(one["Value"]) for one in mail["Headers"] if one["Name"].lower() == "message-id"]  # type: ignore[attr-defined]
        book.enter("".join(ids).encode())


if __name__ == "__main__":
    book.keep(Service)
