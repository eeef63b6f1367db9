"""Django's SMTP backend as it meets a relay that takes few connections at a time from one sender."""

import smtplib
from typing import Any, ClassVar

from django.core.mail.backends import smtp


class EmailBackend(smtp.EmailBackend):
    allowed: ClassVar[int] = 2
    now_open: ClassVar[int] = 0

    def open(self) -> Any:
        if self.connection is None:
            if EmailBackend.now_open >= EmailBackend.allowed:
                raise smtplib.SMTPConnectError(421, b"4.7.0 too many connections from you")
            EmailBackend.now_open += 1
            self.meanwhile()
        return super().open()

    def meanwhile(self) -> None:
        """What happens while a line opens: nothing, unless a test wants it."""

    def close(self) -> None:
        if self.connection is not None:
            EmailBackend.now_open -= 1
        super().close()
