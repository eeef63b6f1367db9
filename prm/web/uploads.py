"""An upload that is too large is refused before it is read: no memory and no disk is filled by it."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from prm.exchange.imports import LARGEST

#: What a form holds beside its file.
AROUND = 64 * 1024
#: Up to here the rest is read and thrown away, so that the browser hears the answer; beyond, the line is cut.
PATIENCE = 10 * LARGEST


class NoLargerThan(FileUploadHandler):
    """The first of the upload handlers. What it refuses is missing in the form, and `request.too_large` says so."""

    length = 0

    def handle_raw_input(self, *args: Any, **_named: Any) -> None:
        """Note how much is announced: the third of Django's arguments."""
        self.length = args[2]

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Stop at the first file of a form that is too large as a whole."""
        super().new_file(*args, **kwargs)
        if self.length > LARGEST + AROUND:
            self.request.too_large = True  # type: ignore[union-attr]
            raise StopUpload(connection_reset=self.length > PATIENCE)

    def receive_data_chunk(self, raw_data: bytes, _start: int) -> bytes:
        """Leave the data to the next handler."""
        return raw_data

    def file_complete(self, _file_size: int) -> None:
        """Leave the file to the next handler."""
