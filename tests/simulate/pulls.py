"""pull in a simulated world. It alone needs files: the calendar is written to a folder, pulled, and read again."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from publer_sync.calendar.load import read
from publer_sync.commands.pull import Options, pull_in
from tests.simulate.edits import changes_told
from tests.simulate.running import Running
from tests.simulate.steps import told
from tests.simulate.wants import ACCOUNTS, PICTURES, Want

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publer_sync.values.model import Post
    from tests.simulate.world import Book, World

SETTINGS = {
    "workspace": "My Primary Workspace",
    "timezone": "UTC",
    "accounts": {
        alias: {"name": account.name, "provider": account.provider} for alias, account in ACCOUNTS.items()
    },
}


@dataclass(frozen=True, slots=True)
class Pull:
    """`removed`: what is gone from Publer leaves the files. `prefer` decides conflicts."""

    book: int = 0
    removed: bool = False
    prefer: str | None = None

    def do(self, world: World) -> None:
        book = world.books[self.book % len(world.books)]
        if book.gone:
            return
        running = Running(world, book, "pull", book.wants)
        before = book.wants
        with TemporaryDirectory(prefix="simulated-") as folder:
            self._pull(world, running, Path(folder) / book.name)
        more = [
            *(["--removed"] if self.removed else []),
            *([f"--prefer {self.prefer}"] if self.prefer else []),
        ]
        told(world, running, "".join(f" {each}" for each in more))
        if book.wants != before:
            world.tell(changes_told(world, before, book.wants))

    def _pull(self, world: World, running: Running, top: Path) -> None:
        book = running.book
        top.mkdir()
        (top / "publer.yaml").write_text(
            json.dumps({**SETTINGS, "name": book.name, "edits": book.settings.edits})
        )
        (top / "posts.yaml").write_text(
            "posts:\n" + "".join(map(yaml_of, book.wants)) if book.wants else "posts: []\n"
        )
        with world.running(running), ExitStack():
            session = world.session(running)
            calendar = read(top)
            desired = calendar.bind(world.accounts).posts
            access = replace(session.access, calendar=calendar)
            options = Options(removed=self.removed, prefer=self.prefer)  # type: ignore[arg-type]  # publer or calendar
            pulled = pull_in(replace(session, access=access, desired=desired), options)
            running.code = 0
            if pulled.files:
                posts = read(top, instead=pulled.files).bind(world.accounts).posts
                book.write(tuple(_wants(world, book, posts)))


def yaml_of(want: Want) -> str:
    lines = [
        *([f"id: {want.id}"] if want.id else []),
        f"at: {want.at:%Y-%m-%d %H:%M}",
        f"accounts: {want.account}",
        *([f"text: {json.dumps(want.text)}"] if want.text else []),
        *(["draft: true"] if want.draft else []),
        *([f"labels: [{want.label}]"] if want.label else []),
        *([f"comments: [{{text: {want.comment}}}]"] if want.comment else []),
        *(["media:", *(f"- id: {each}" for each in PICTURES[: want.pictures])] if want.pictures else []),
    ]
    return "- " + "\n  ".join(lines) + "\n"


def _wants(world: World, book: Book, posts: Iterable[Post]) -> list[Want]:
    """The posts of the new files; each that was there before keeps its line."""
    known = [*book.wants]
    found = []
    for post in posts:
        want = Want(
            0,
            str(post.account.alias),
            post.at,
            post.content.text,
            id=post.id,
            label=next(iter(post.content.labels), None),
            comment=next((comment.text for comment in post.content.comments), None),
            pictures=len(post.content.media),
            draft=post.content.draft,
        )
        old = next((each for each in known if _same(each, want)), None)
        if old is not None:
            known.remove(old)
        found.append(replace(want, line=old.line if old else world.new_line()))
    return found


def _same(old: Want, new: Want) -> bool:
    if old.account != new.account:
        return False
    if old.id and new.id:
        return old.id == new.id
    return old.slot == new.slot or (old.face == new.face)
