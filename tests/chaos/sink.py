"""A relay in a bad mood, by a script that its seed writes, and a book of every mail that it took.

What it does to a mail follows from the seed, the mail and how often that mail came, never from the order in which
mails arrive: so two runs with one seed are as alike as processes that race can be.
"""

import asyncio
import hashlib
import threading
from collections import Counter
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from typing import cast

KIND_AFTER = 3  # whoever was put off as often as this is taken: every run comes to an end
LARGEST = 1 << 22
#: What happens at RCPT and after DATA, and to how many of ten thousand.
AT_RCPT = (("451 try later", 300), ("450 mailbox busy", 100), ("421 going down", 100), ("hang", 30))
AFTER_DATA = (
    ("451 try later", 300),
    ("421 going down", 100),
    ("cut untaken", 100),
    ("cut taken", 200),
    ("hang taken", 50),
)
#: Refused for good, whenever they come: some addresses, and some mails for what stands in them.
NO_SUCH_ADDRESS, NOT_WANTED = 150, 150
GREETED_WITH_421 = 20  # one connection of so many


@dataclass(frozen=True)
class Taken:
    """A mail whose DATA came whole. `place`: the how-manieth of its connection, from 0."""

    message_id: str
    recipient: str
    keys: str
    likeness: str
    connection: int
    place: int
    acknowledged: bool


@dataclass
class Line:
    """One connection: its number, the port of the other side, and how many mails it brought."""

    number: int
    port: int
    taken: int = 0


@dataclass
class Book:
    """What the sink knows in the end. Written by its own thread, read by others when it is quiet."""

    taken: list[Taken] = field(default_factory=list)
    refused: dict[tuple[str, str], str] = field(
        default_factory=dict
    )  # (recipient, Message-ID or "") -> answer
    moods: Counter[str] = field(default_factory=Counter)
    open: dict[int, Line] = field(default_factory=dict)
    connections: int = 0


def dice(*words: object) -> int:
    """A number below ten thousand that follows from the words."""
    octets = hashlib.sha256("\n".join(map(str, words)).encode()).digest()
    return int.from_bytes(octets[:8], "big") % 10_000


def mood(script: tuple[tuple[str, int], ...], number: int) -> str:
    """The line of the script that a number falls into; "" for a relay that does what it should."""
    for name, share in script:
        if number < share:
            return name
        number -= share
    return ""


def likeness(mail: Message) -> str:
    """What must be the same in every copy: all but the moment of sending and the names of MIME's borders."""
    kept = [f"{name}: {value}" for name, value in mail.items() if name not in ("Date", "Content-Type")]
    for part in mail.walk():
        if not part.is_multipart():
            kept += [part.get_content_type(), hashlib.sha256(part.get_payload(decode=True)).hexdigest()]
    return hashlib.sha256("\n".join(kept).encode("utf-8", "replace")).hexdigest()


class Sink:
    """An SMTP server in a thread of its own. `patience`: seconds that each mail takes it."""

    def __init__(self, seed: int, patience: float) -> None:
        self.seed, self.patience, self.book = seed, patience, Book()
        self._came: Counter[tuple[str, str]] = Counter()
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", 0, limit=LARGEST)
        )
        self.port: int = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.book.connections += 1
        line = Line(self.book.connections, writer.get_extra_info("peername")[1])
        self.book.open[line.number] = line
        try:
            await Talk(self, line, reader, writer).through()
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            del self.book.open[line.number]
            writer.close()

    def at_rcpt(self, recipient: str) -> str:
        if dice(self.seed, "no such address", recipient) < NO_SUCH_ADDRESS:
            self.book.refused[recipient, ""] = "550 no such mailbox"
            return "550 no such mailbox"
        return self._mood("rcpt", recipient, AT_RCPT)

    def after_data(self, recipient: str, message_id: str) -> str:
        if dice(self.seed, "not wanted", message_id) < NOT_WANTED:
            self.book.refused[recipient, message_id] = "554 not wanted here"
            return "554 not wanted here"
        return self._mood("data", message_id, AFTER_DATA)

    def _mood(self, where: str, what: str, script: tuple[tuple[str, int], ...]) -> str:
        self._came[where, what] += 1
        often = self._came[where, what]
        found = "" if often > KIND_AFTER else mood(script, dice(self.seed, where, what, often))
        if found:
            self.book.moods[found] += 1
        return found


@dataclass
class Talk:
    """One connection's conversation."""

    sink: Sink
    line: Line
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    recipient: str = ""

    def say(self, words: str) -> None:
        self.writer.write(f"{words}\r\n".encode())

    async def through(self) -> None:
        if dice(self.sink.seed, "greeting", self.line.number) < 10_000 // GREETED_WITH_421:
            self.sink.book.moods["421 at the door"] += 1
            return self.say("421 too many of you")
        self.say("220 sink")
        while words := (await self.reader.readline()).decode("utf-8", "replace").split():
            if await self.is_over(words[0].upper(), words):
                return None
        return None

    async def is_over(self, verb: str, words: list[str]) -> bool:
        """Answer one command; True when that ends the connection."""
        if verb == "QUIT":
            self.say("221 goodbye")
            return True
        if verb == "RCPT":
            self.recipient = words[1].partition("<")[2].rstrip(">")
            return await self.answers(self.sink.at_rcpt(self.recipient) or "250 OK")
        if verb == "DATA":
            return await self.data()
        self.say("250-sink\r\n250 8BITMIME" if verb == "EHLO" else "250 OK")
        return False

    async def answers(self, answer: str) -> bool:
        """Say it, or say nothing until the other side goes; True when the connection is over."""
        if answer.startswith("hang"):
            await self.reader.read()
            return True
        if not answer.startswith("cut"):
            self.say(answer)
        return answer.startswith(("421", "cut"))

    async def data(self) -> bool:
        self.say("354 go on")
        octets = await self.reader.readuntil(b"\r\n.\r\n")
        mail = message_from_bytes(octets[:-3].replace(b"\r\n..", b"\r\n."), policy=policy.default)
        await asyncio.sleep(self.sink.patience)
        answer = self.sink.after_data(self.recipient, str(mail["Message-ID"]))
        if not answer or answer.endswith(" taken"):
            self.take(cast("EmailMessage", mail), acknowledged=not answer)
        return await self.answers(answer or "250 taken")

    def take(self, mail: EmailMessage, *, acknowledged: bool) -> None:
        self.sink.book.taken.append(
            Taken(
                message_id=str(mail["Message-ID"]),
                recipient=self.recipient,
                keys=f"{mail['X-PRM-Key'] or mail['Subject']} {mail.get_content_type()}",
                likeness=likeness(mail),
                connection=self.line.number,
                place=self.line.taken,
                acknowledged=acknowledged,
            )
        )
        self.line.taken += 1
