"""Writing to Publer, in one workspace: posts scheduled, edited and removed, media uploaded and imported."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

from publer_sync.networks.media import BadMedia, inspect
from publer_sync.networks.table import ITEMS_PER_JOB
from publer_sync.publer import jobs, listed
from publer_sync.publer.answers import TO_DELETE, TO_IMPORT, TO_SCHEDULE
from publer_sync.publer.multipart import FileForm
from publer_sync.publer.reader import PublerReader
from publer_sync.values.errors import Refused, Unclear, UnrequestedDelete
from publer_sync.values.printable import printable_line
from publer_sync.values.service import fits_address

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from publer_sync.publer.transport import Connection
    from publer_sync.values.content import Json
    from publer_sync.values.model import LivePost

T = TypeVar("T")

_TWICE = "Run again; that is safe. The media library may then have the file twice; no post is doubled."


def _nothing(_sent: int, _size: int) -> None:
    """Show no progress."""


class Publer(PublerReader):
    """Reads and changes one Publer workspace.

    Besides what reading raises, its methods raise Unclear where the write may or may not have been done; Refused,
    Unreachable and Interrupted mean that it was not.
    """

    _connection: Connection
    before_write: Callable[[], None] = staticmethod(lambda: None)
    """Called just before each write leaves, whatever it waited for until then; what it raises keeps it from leaving."""

    @staticmethod
    def _connection_type() -> type[Connection]:
        from publer_sync.publer.transport import Connection

        return Connection

    def schedule(self, items: Sequence[Mapping[str, Json]], *, draft: bool) -> str | None:
        """Hand over up to 500 posts and return the id of the job that makes them; None where Publer names none.

        Acceptance says nothing of the posts: networks, times and media are judged in the job.
        Raises ServiceError, and ValueError for more than 500.
        """
        if not 1 <= len(items) <= ITEMS_PER_JOB:
            raise ValueError(f"1 to {ITEMS_PER_JOB} posts fit in one request, not {len(items)}")
        bulk = {"bulk": {"state": "draft" if draft else "scheduled", "posts": [dict(item) for item in items]}}
        body = json.dumps(bulk).encode()
        return self._sender.write(
            self._connection.post("/posts/schedule", body),
            jobs.job_id,
            doing=TO_SCHEDULE,
            before=self.before_write,
        )

    def update(self, post_id: str, *, text: str, title: str | None) -> LivePost:
        """Change text and title in place and return the post as Publer echoes it; title None leaves the title out.

        Publer answers 200 and ignores what it cannot change, so the caller compares.
        """
        fields = {"text": text} if title is None else {"text": text, "title": title}
        body = json.dumps({"post": fields}).encode()
        path = f"/posts/{_post_id(post_id)}"
        return self._sender.write(
            self._connection.put(path, body),
            lambda data: listed.echo(data, post_id=post_id),
            doing="to edit a post",
            before=self.before_write,
        )

    def delete(self, post_ids: Sequence[str]) -> frozenset[str]:
        """Delete these posts and return the ids of those that Publer says it deleted.

        A DELETE whose ids are not understood is not refused by Publer: it was seen to delete every scheduled post of
        a workspace. So the ids are sent in the one form that is known to work, bare brackets in the query, nothing else
        is sent with them, and the answer is checked: UnrequestedDelete where it names a post that was not asked for.
        Where the one that is asked for does not exist any more (404), the set is empty. Raises ServiceError: a 404 to
        several, too, as any of them may be meant.
        """
        path = delete_path(post_ids)
        try:
            gone = self._sender.write(
                self._connection.delete(path),
                jobs.deleted_ids,
                doing=TO_DELETE,
                before=self.before_write,
            )
        except Refused as refused:
            if refused.status != 404 or len(post_ids) > 1:
                raise
            return frozenset()
        if unrequested := gone - set(post_ids):
            some = ", ".join(printable_line(post_id, 40) for post_id in sorted(unrequested)[:5])
            number = f"{len(unrequested)} posts" if len(unrequested) > 1 else "a post"
            raise UnrequestedDelete(
                f"Publer deleted {number} that publer-sync did not ask it to delete: {some}",
                hint="Nothing more is sent. Check the workspace in Publer first; the next plan shows which posts of "
                "this calendar are missing.",
            )
        return gone

    def upload(
        self,
        path: Path,
        *,
        digest: str = "",
        direct: bool = False,
        progress: Callable[[int, int], None] = _nothing,
    ) -> Mapping[str, Json]:
        """Send a file to the media library and return Publer's answer: id, type, validity and more.

        `direct` takes longer, and the path in the answer is the final one, for where Publer wants the path.

        `digest` is that of the file as it was planned: another one is refused.
        `progress` is told bytes sent and bytes in all, from the start again where the file is sent again. Refused also
        where the file cannot be read. It goes into the library, since nobody knows how long Publer keeps other files.
        """
        try:
            import hashlib

            with path.open("rb") as file:
                if digest and digest != f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}":
                    raise _unreadable(path.name, "it has changed since this was planned")
                form = FileForm(
                    file,
                    size=os.fstat(file.fileno()).st_size,
                    name=path.name,
                    mime=inspect(path).mime,
                    fields={"direct_upload": "true" if direct else "false", "in_library": "true"},
                    progress=progress,
                )
                return self._upload(form, path.name)
        except BadMedia as bad:
            raise Refused(printable_line(bad.message), code=bad.code, hint=str(bad.help)) from bad
        except OSError as error:
            raise _unreadable(path.name, error.strerror or "it can't be read") from error

    def _upload(self, form: FileForm, name: str) -> Mapping[str, Json]:
        try:
            return self._sender.write(
                self._connection.upload("/media", form),
                jobs.media,
                doing=f"to take {printable_line(name, 100)}",
                before=self.before_write,
                announced=False,
            )
        except Unclear as unclear:
            if form.broken is None:
                unclear.hint = _TWICE
                raise
        raise _unreadable(name, form.broken)

    def import_url(self, url: str, *, name: str, direct: bool = False) -> str:
        """Have Publer fetch a picture or video and return the id of the job that does it; `direct` as in `upload`.

        One import at a time: a second one is Refused with the code media.busy, as is whatever else may be that.
        """
        item = {"url": url, "name": name}
        body = json.dumps(
            {"media": [item], "type": "single", "direct_upload": direct, "in_library": True}
        ).encode()
        job_id = self._sender.write(
            self._connection.post("/media/from-url", body),
            jobs.job_id,
            doing=TO_IMPORT,
            before=self.before_write,
        )
        if job_id is None:
            # Seen where the request was not understood: nothing is fetched then.
            raise Refused(
                f"Publer accepted the address of {printable_line(name, 100)} but started no job to fetch it",
                code="media.import",
                hint="Save the file next to the calendar and name it with `file:` instead of `url:`.",
            )
        return job_id


class UrgentPubler(Publer):
    """For posts that must not be published: it spends the request limit without saving any for later, and never waits long."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._sender.hurry()


def delete_path(post_ids: Sequence[str]) -> str:
    """The path and query that delete exactly these posts. Raises ValueError for no ids, and for one that is not an id."""
    ids = tuple(dict.fromkeys(_post_id(post_id) for post_id in post_ids))
    path = "/posts?" + "&".join(f"post_ids%5B%5D={post_id}" for post_id in ids)
    if not ids or parse_qsl(urlsplit(path).query) != [("post_ids[]", post_id) for post_id in ids]:
        raise ValueError("a DELETE without ids is never sent: Publer would take it for all posts")
    return path


def _post_id(post_id: str) -> str:
    if not fits_address(post_id):
        raise ValueError(f"not a post's id: {printable_line(repr(post_id), 60)}")
    return post_id


def _unreadable(name: str, why: str) -> Refused:
    return Refused(
        f"{printable_line(name, 100)} could not be sent: {why}",
        code="media.unreadable",
        hint="Check that the file can be read and is not being written to, then run again; that is safe.",
    )
