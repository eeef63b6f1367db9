"""Celery's transport for an installation without a broker: kombu's folder of messages, made hard to break.

kombu writes a message where readers already look for it, and ends the worker when it meets one that is half written
or when the folder is gone. Here a message appears whole or not at all, and a folder that is gone is made again.
"""

from pathlib import Path
from queue import Empty
from time import monotonic_ns
from typing import Any
from uuid import uuid4

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

from tasks.clock import make_folders


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]  # noqa: ARG002
        name = f"{monotonic_ns() // 1_000_000}_{uuid4()}.{queue}.msg"
        unfinished = Path(self.data_folder_out) / f".{name}.unfinished"
        make_folders(self.transport_options)
        unfinished.write_text(dumps(payload), encoding="utf-8")
        unfinished.rename(unfinished.with_name(name))

    def _get(self, queue: str, timeout: float | None = None) -> Any:  # noqa: ARG002 - it never waits
        try:
            return super()._get(queue)
        except FileNotFoundError:
            make_folders(self.transport_options)
            raise Empty from None


class Transport(filesystem.Transport):
    Channel = Channel


def use() -> None:
    """Let `filesystem://` mean this transport."""
    TRANSPORT_ALIASES["filesystem"] = "config.folder:Transport"
