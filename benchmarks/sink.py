"""An SMTP relay that takes everything and keeps nothing, in a process of its own: `python -m benchmarks.sink`.

It says its port on the first line and then only counts. The verb COUNT, which SMTP does not have, tells how many
mails came and how many different Message-IDs were among them, and starts anew.
"""

import asyncio
import re
import sys

MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)
END = b"\r\n.\r\n"
LARGEST = 1 << 22

taken: list[bytes] = []


def answer(verb: bytes) -> bytes:
    """What a relay in a good mood says to one command."""
    if verb == b"COUNT":
        counted = f"250 {len(taken)} {len(set(taken))}\r\n".encode()
        taken.clear()
        return counted
    return {
        b"EHLO": b"250-sink\r\n250 8BITMIME\r\n",
        b"DATA": b"354 go on\r\n",
        b"QUIT": b"221 goodbye\r\n",
    }.get(verb, b"250 OK\r\n")


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 sink\r\n")
    try:
        while words := (await reader.readline()).split():
            verb = words[0].upper()
            writer.write(answer(verb))
            if verb == b"DATA":
                mail = await reader.readuntil(END)
                found = MESSAGE_ID.search(mail)
                taken.append(found[1] if found else b"")
                writer.write(b"250 taken\r\n")
            elif verb == b"QUIT":
                break
    except (ConnectionError, asyncio.IncompleteReadError):
        return
    finally:
        writer.close()


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=LARGEST)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
