"""Mail for an installation without a mail route: one `.eml` file per message in EMAIL_FILE_PATH."""

import hashlib
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Writes each message whole or not at all, named by the time of writing and a hash of its Message-ID.

    A repeat of the same message within one second replaces its file; at any other time it makes a second one, as a
    second delivery does in a real mailbox. Several backends in one process or many may write to the same folder.
    """

    def __init__(self, *args: Any, file_path: str | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.folder = Path(file_path or settings.EMAIL_FILE_PATH)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            self._write(message.message())
        return len(email_messages)

    def _write(self, mail: Any) -> None:
        octets = mail.as_bytes(linesep="\r\n")
        mark = hashlib.sha256((mail["Message-ID"] or octets.decode("ascii", "replace")).encode()).hexdigest()[
            :16
        ]
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{mark}.eml"
        unfinished = self.folder / f".{name}.{os.getpid()}"
        with unfinished.open("wb") as file:
            file.write(octets)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self.folder / name)
