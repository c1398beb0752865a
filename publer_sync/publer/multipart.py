"""A file as a multipart form that is read as it is sent: the memory it takes does not grow with the file.

It knows its length, so that it is sent whole and not in chunks, and it can be rewound, so that a second attempt sends
the file again and not its empty end.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import BinaryIO


class FileForm:
    """A form of some short fields and one file. `progress` is told bytes sent and bytes in all."""

    def __init__(
        self,
        file: BinaryIO,
        *,
        size: int,
        name: str,
        mime: str,
        fields: Mapping[str, str],
        progress: Callable[[int, int], None],
    ) -> None:
        boundary = secrets.token_hex(16)
        self.content_type = f"multipart/form-data; boundary={boundary}"
        head = "".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in fields.items()
        )
        head += f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{_quoted(name)}"\r\n'
        head += f"Content-Type: {mime}\r\n\r\n"
        self._head = head.encode("utf-8", "replace")
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        self._file, self._size, self._progress = file, size, progress
        self._at = 0
        self.broken: str | None = None
        """Why the file could not be read to its end, where that happened."""

    def __len__(self) -> int:
        return len(self._head) + self._size + len(self._tail)

    def __iter__(self) -> Iterator[bytes]:
        """What makes it a stream to the HTTP library, which then calls `read`."""
        while block := self.read(64 * 1024):
            yield block

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int) -> None:
        self._at = offset

    def read(self, amount: int = -1) -> bytes:
        """Up to `amount` bytes, or all that are left. Raises OSError where the file has become shorter than it was."""
        if amount < 0:
            return b"".join(self)
        block = self._slice(self._at, amount)
        self._at += len(block)
        if block:
            self._progress(min(self._size, max(0, self._at - len(self._head))), self._size)
        return block

    def _slice(self, start: int, amount: int) -> bytes:
        """The next bytes from one of the three parts: never more than `amount`, and none only at the end."""
        head, size = len(self._head), self._size
        if start < head:
            return self._head[start : start + amount]
        if start < head + size:
            return self._from_file(start - head, min(amount, head + size - start))
        return self._tail[start - head - size :][:amount]

    def _from_file(self, start: int, amount: int) -> bytes:
        try:
            self._file.seek(start)
            block = self._file.read(amount)
        except OSError as error:
            self.broken = error.strerror or "it can't be read"
            raise
        if amount and not block:
            self.broken = "it became shorter while it was sent"
            raise OSError(self.broken)
        return block


def _quoted(name: str) -> str:
    """A file name as browsers put it into a form (WHATWG HTML, "multipart form data")."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
