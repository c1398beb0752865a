"""What Publer had before a ledger's first write, as a document beside it: nothing overwrites it, and nothing reads it but people."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Final

from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.model import iso

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from publer_sync.values.content import Json
    from publer_sync.values.model import LivePost


NAME: Final = "before-first-apply.json"
_NAMED: Final = re.compile(r"before-first-apply(-\d+)?\.json")


def is_backup(name: str) -> bool:
    """Whether a file beside the parts of a ledger is one."""
    return _NAMED.fullmatch(name) is not None


def free_name(taken: Callable[[str], bool]) -> str:
    """The first name that no file has."""
    name, number = NAME, 1
    while taken(name):
        number += 1
        name = f"before-first-apply-{number}.json"
    return name


def without_those_of_others(
    files: Mapping[str, bytes | None],
    before: Mapping[str, bytes | None],
    contents: Callable[[Iterable[str]], Mapping[str, bytes | None]],
) -> tuple[Mapping[str, bytes | None], Mapping[str, bytes | None]]:
    """What is to be written, without a backup in whose place another calendar's run has pushed one meanwhile: that is the ledger's."""
    mine = [file for file in files if is_backup(file.rpartition("/")[2])]
    there = contents(mine) if mine else {}
    drop = {file for file in mine if there[file] not in (None, files[file])}
    if not drop:
        return files, before
    files = {file: data for file, data in files.items() if file not in drop}
    return files, {file: data for file, data in before.items() if file not in drop}


@dataclass(frozen=True, slots=True)
class Backup:
    posts: Sequence[LivePost]
    workspace_id: str
    listed_at: datetime

    def document(self, *, whole: bool) -> bytes:
        """The posts in order of time; unless `whole`, ids, accounts, minutes and digests alone: a branch is read by many."""
        ordered = sorted(self.posts, key=lambda post: (iso(post.at) if post.at else "~", post.id))
        lines = ",\n  ".join(json.dumps(_row(post, whole=whole), ensure_ascii=False) for post in ordered)
        head = {"format_version": 1, "workspace": self.workspace_id, "listed_at": iso(self.listed_at)}
        text = f'{json.dumps(head)[:-1]},\n"posts": [\n  {lines}\n]\n}}\n'
        return text.encode(errors="replace")


def _row(post: LivePost, *, whole: bool) -> dict[str, Json]:
    words: dict[str, Json] = {"text": post.text, "title": post.title, "link": post.link}
    row: dict[str, Json] = {
        "id": post.id,
        "account": post.account_id,
        "scheduled_at": iso(post.at) if post.at else None,
    }
    if not whole:
        digest = hashlib.sha256(json.dumps(words).encode()).hexdigest()[:32]
        return {**row, "digest": digest}
    labels: Json = None if post.labels is None else list(post.labels)
    return {**row, "state": post.state, "type": post.type, **words, "labels": labels, "media": post.media}
