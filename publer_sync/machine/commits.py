"""Commits made without work tree, index, identity, signature or hook: what `git fast-import` reads."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def commit_stream(
    parent: str | None,
    files: Mapping[str, bytes | None],
    message: str,
    *,
    author: str,
    committer: str,
    at: int,
    beside: str | None = None,
) -> bytes:
    """A commit on top of `parent` with these `files`, None for one to remove, in which all others are as they were.

    `beside` is a second parent, none of whose files come along.

    `author` and `committer` are a name and an address each, `at` is in seconds since 1970. `git fast-import --done`
    prints the new commit.
    """
    subject = message.encode()
    return b"".join(
        (
            f"commit refs/publer-sync/next-{os.urandom(8).hex()}\nmark :1\n".encode(),
            f"author {author} {at} +0000\ncommitter {committer} {at} +0000\n".encode(),
            b"data %d\n%s\n" % (len(subject), subject),
            f"from {parent}\n".encode() if parent else b"",
            f"merge {beside}\n".encode() if beside else b"",
            *(_file_command(file, data) for file, data in files.items()),
            b"get-mark :1\ndone\n",
        )
    )


def _file_command(file: str, data: bytes | None) -> bytes:
    name = file.replace("\\", "\\\\").replace('"', '\\"')
    if data is None:
        return f'D "{name}"\n'.encode()
    return f'M 100644 inline "{name}"\n'.encode() + b"data %d\n%s\n" % (len(data), data)
