"""A form that is read piece by piece, whatever the pieces."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from publer_sync.publer.multipart import FileForm
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable

CONTENT = bytes(range(256)) * 40


def form(
    content: bytes = CONTENT,
    *,
    size: int | None = None,
    name: str = "a.png",
    progress: Callable[[int, int], None] = lambda _sent, _size: None,
) -> FileForm:
    return FileForm(
        io.BytesIO(content),
        size=len(content) if size is None else size,
        name=name,
        mime="image/png",
        fields={"in_library": "true"},
        progress=progress,
    )


@each_of("piece", [1, 7, 100, 4096, 1 << 20])
def test_pieces_of_any_size_add_up_to_the_promised_length(piece: int) -> None:
    whole = form()
    read = b"".join(iter(lambda: whole.read(piece), b""))
    assert len(read) == len(whole)
    assert CONTENT in read


def test_a_form_read_again_is_the_same() -> None:
    whole = form()
    first = whole.read()
    assert whole.read() == b""
    whole.seek(0)
    assert whole.tell() == 0
    assert b"".join(whole) == first


def test_progress_is_told_of_what_was_sent_alone() -> None:
    """Reading none, or beyond the end, is no part of the form, and no end of it either."""
    told: list[int] = []
    whole = form(progress=lambda sent, size: told.append(size - sent))
    sent = pieces = 0
    while block := whole.read(1000):
        sent, pieces = sent + len(block), pieces + 1
        assert (whole.read(0), whole.tell(), len(told)) == (b"", sent, pieces)
    assert (whole.read(1), len(told)) == (b"", pieces)
    assert (told[-1], told) == (0, sorted(told, reverse=True))


def test_an_empty_file_is_a_form_all_the_same() -> None:
    empty = form(b"")
    assert len(b"".join(empty)) == len(empty)


def test_a_file_that_grew_is_sent_as_long_as_it_was() -> None:
    grown = form(CONTENT, size=100)
    assert len(b"".join(grown)) == len(grown)


def test_a_file_that_shrank_is_an_error_and_no_short_form() -> None:
    shrunk = form(CONTENT, size=len(CONTENT) + 1)
    with pytest.raises(OSError, match="shorter"):
        b"".join(shrunk)
    assert shrunk.broken == "it became shorter while it was sent"


def test_a_file_name_cannot_end_its_header() -> None:
    head = form(name='a"\r\nX: 1\r\n\r\n.png').read().partition(b"\r\n\r\n")[2].partition(b"\r\n\r\n")[0]
    assert b'filename="a%22%0D%0AX: 1%0D%0A%0D%0A.png"' in head


def test_no_more_of_the_file_is_read_than_is_sent() -> None:
    """What is held of a film of 200 MB is one piece of it."""

    class Watched(io.BytesIO):
        most = 0

        def read(self, amount: int | None = -1, /) -> bytes:
            block = super().read(amount)
            self.most = max(self.most, len(block))
            return block

    file = Watched(CONTENT)
    watched = FileForm(
        file, size=len(CONTENT), name="a", mime="a/b", fields={}, progress=lambda _sent, _size: None
    )
    while watched.read(512):
        pass
    assert file.most == 512


def test_a_file_that_cannot_be_read_says_why() -> None:
    for error, why in (
        (OSError(5, "Input/output error"), "Input/output error"),
        (OSError("gone"), "it can't be read"),
    ):
        file = mock.Mock(io.BytesIO, read=mock.Mock(side_effect=error))
        broken = FileForm(file, size=9, name="a", mime="a/b", fields={}, progress=lambda _sent, _size: None)
        with pytest.raises(OSError, match=str(error.args[-1])):
            broken.read()
        assert broken.broken == why
