"""A mail service that takes everything and keeps nothing, in a process of its own: `python -m benchmarks.http_sink`.

It speaks HTTP/1.1 over kept connections and answers as Postmark does, after `--delay` seconds. Whoever speaks to it
waits for each answer before going on.
"""

import json
import re
from socket import socket
from time import sleep
from uuid import uuid4

from benchmarks import book

LENGTH = re.compile(rb"^Content-Length:\s*(\d+)", re.IGNORECASE | re.MULTILINE)
END = b"\r\n\r\n"
HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n"


def heard(line: socket) -> bytes:
    """The body of one request; nothing when the line is gone."""
    came = b""
    while more := line.recv(1 << 16):
        came += more
        head = came.find(END)
        found = LENGTH.search(came, 0, head + 2) if head >= 0 else None
        if found and len(came) >= head + len(END) + int(found[1]):
            return came[head + len(END) :]
    return b""


def serve(line: socket, delay: float) -> None:
    """Say yes to each mail, and enter it under its Message-ID."""
    while body := heard(line):
        mail = json.loads(body)
        said = {"ErrorCode": 0, "Message": "OK", "MessageID": str(uuid4()), "To": mail["To"]}
        words = json.dumps(said)
        sleep(delay)
        line.sendall((HEAD.format(len(words)) + words).encode())
        ids = [one["Value"] for one in mail["Headers"] if one["Name"].lower() == "message-id"]
        book.enter("".join(ids).encode())


if __name__ == "__main__":
    book.keep(serve)
