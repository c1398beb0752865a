"""The one SQLite file the sandbox keeps everything in, or memory where no file is given.

Rows in, rows out; what they mean is decided elsewhere. A process may die at any moment, and several may share a file.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from publer_sync.sandbox.file_errors import SandboxFileError, unusable
from publer_sync.sandbox.records import Record, Stored
from publer_sync.sandbox.slots import Taken, occupy, words_on_x
from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from publer_sync.sandbox.search import Search

VERSION = 1
UNDATED_LAST = "at IS NULL, at, rowid"

SCHEMA = """
CREATE TABLE IF NOT EXISTS workspaces (id TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS accounts (id TEXT PRIMARY KEY, workspace TEXT NOT NULL, provider TEXT, name TEXT);
CREATE TABLE IF NOT EXISTS posts (id TEXT PRIMARY KEY, workspace TEXT NOT NULL, account_id TEXT,
    state TEXT NOT NULL, at REAL, visible REAL NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS posts_by_time ON posts (workspace, at);
CREATE INDEX IF NOT EXISTS posts_by_state ON posts (state, at);
CREATE TABLE IF NOT EXISTS jobs (id TEXT PRIMARY KEY, workspace TEXT NOT NULL, kind TEXT NOT NULL,
    ready REAL NOT NULL, visible REAL NOT NULL, asked REAL NOT NULL, runs REAL NOT NULL,
    request TEXT NOT NULL, result TEXT, polls INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS jobs_waiting ON jobs (ready) WHERE result IS NULL;
CREATE TABLE IF NOT EXISTS media (id TEXT PRIMARY KEY, workspace TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS hits (at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS hits_by_time ON hits (at);
CREATE TABLE IF NOT EXISTS numbers (last INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS reached (at REAL NOT NULL);
"""
TABLES = frozenset({"workspaces", "accounts", "posts", "jobs", "media", "hits", "numbers"})
"""What every file of the sandbox has, also of earlier versions."""
DRIFT = timedelta(minutes=1)
"""How far a clock may be behind the file: two runs with one --now start a moment apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedJob:
    """A row of `jobs`. `ready` and `visible` are wall clock, `asked` and `runs` the service's; `result` is None until it ran."""

    id: str
    workspace: str
    kind: str
    ready: float
    visible: float
    asked: float
    runs: float
    request: Record
    result: Record | None = None
    polls: int = 0


class Database:
    """All methods but `transaction` and `close` are to be called inside a transaction."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._lock = threading.RLock()
        self._inside = False
        try:
            if file is not None:
                file.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(
                file or ":memory:", timeout=30, isolation_level=None, check_same_thread=False
            )
            self._db.row_factory = sqlite3.Row
        except (OSError, sqlite3.Error) as error:
            raise unusable(file, error) from error
        try:
            self._prepare(file)
        except BaseException:
            self._db.close()
            raise

    def _prepare(self, file: Path | None) -> None:
        try:
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            tables = {
                name for (name,) in self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            }
            if tables and not tables >= TABLES:
                raise SandboxFileError(f"{file} is another program's database, not a sandbox file")
            if version > VERSION:
                raise SandboxFileError(f"{file} was written by a newer version of publer-sync")
            self._share()
            with self.transaction():
                for statement in SCHEMA.split(";"):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version = {VERSION}")
        except sqlite3.DatabaseError as error:
            raise unusable(file, error) from error

    def _share(self) -> None:
        """A log next to the file: a commit survives kill -9 without waiting for the disk, readers need no lock.

        Where several processes switch to it at once, SQLite does not always wait: try again for some seconds.
        """
        attempts = 100
        while True:
            try:
                self._db.execute("PRAGMA journal_mode = WAL")
                break
            except sqlite3.OperationalError:
                attempts -= 1
                if not attempts:
                    raise
                time.sleep(0.02)
        self._db.execute("PRAGMA synchronous = NORMAL")

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One thread of one process at a time; everything inside is kept, or nothing. May be nested."""
        with self._lock:
            if self._inside:
                yield
                return
            self._db.execute("BEGIN IMMEDIATE")
            self._inside = True
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            else:
                self._db.execute("COMMIT")
            finally:
                self._inside = False

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """What is written inside is taken back where it raises, and the transaction around it goes on."""
        self._db.execute("SAVEPOINT attempt")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK TO attempt")
            raise
        finally:
            self._db.execute("RELEASE attempt")

    # the service's clock

    def start_at(self, now: datetime) -> None:
        """Take up the service's clock. Raises SandboxFileError where the file has seen a later time already.

        Posts would be published, or be in the past, before their time.
        """
        reached = self._reached()
        if reached is not None and now < reached - DRIFT:
            raise SandboxFileError(
                f"the sandbox has reached {reached:%Y-%m-%d %H:%M} UTC, and its clock can't go back to "
                f"{now:%Y-%m-%d %H:%M} UTC",
                fix=f"Remove {self._file} to start over, or give a later time.",
            )
        self.reach(now)

    def reach(self, at: datetime) -> None:
        """Note that the service's clock has come so far."""
        reached = self._reached()
        if reached is None or at > reached:
            self._db.execute("DELETE FROM reached")
            self._db.execute("INSERT INTO reached VALUES (?)", (at.timestamp(),))

    def _reached(self) -> datetime | None:
        """In a file of an earlier version: when the last job was asked for."""
        (at,) = self._db.execute(
            "SELECT COALESCE((SELECT MAX(at) FROM reached), (SELECT MAX(asked) FROM jobs))"
        ).fetchone()
        return None if at is None else datetime.fromtimestamp(at, UTC)

    # workspaces and accounts

    def add_workspace(self, id: str, name: str) -> None:
        self._db.execute(
            "INSERT INTO workspaces VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name",
            (id, name),
        )

    def add_account(self, workspace: str, account: Record) -> None:
        """Add it, or take over its new name."""
        self._db.execute(
            "INSERT INTO accounts VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
            " workspace = excluded.workspace, provider = excluded.provider, name = excluded.name",
            (account["id"], workspace, account["provider"], account["name"]),
        )

    def remove_account(self, account: str) -> None:
        """Its posts stay."""
        self._db.execute("DELETE FROM accounts WHERE id = ?", (account,))

    def workspaces(self) -> list[Record]:
        rows = self._db.execute("SELECT id, name FROM workspaces ORDER BY rowid")
        return [{"id": key, "name": name} for key, name in rows]

    def accounts(self, workspace: str) -> list[Record]:
        rows = self._db.execute(
            "SELECT id, provider, name FROM accounts WHERE workspace = ? ORDER BY rowid", (workspace,)
        )
        return [{"id": key, "provider": provider, "name": name} for key, provider, name in rows]

    def workspace_of(self, account: str) -> str | None:
        row = self._db.execute("SELECT workspace FROM accounts WHERE id = ?", (account,)).fetchone()
        return row and str(row[0])

    # posts

    def save_posts(self, posts: Iterable[Stored]) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO posts VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    post.id,
                    post.workspace,
                    post.account_id,
                    post.state,
                    post.at.timestamp() if post.at else None,
                    post.visible,
                    json.dumps(post.body),
                )
                for post in posts
            ],
        )

    def remove_posts(self, ids: Iterable[str]) -> None:
        self._db.executemany("DELETE FROM posts WHERE id = ?", [(one,) for one in ids])

    def post(self, id: str) -> Stored | None:
        return next(self._posts("id = ?", [id]), None)

    def posts(self) -> list[Stored]:
        return list(self._posts("1", []))

    def ahead(self, workspace: str) -> list[Stored]:
        """What is scheduled or a draft."""
        where = "workspace = ? AND (state GLOB 'scheduled*' OR state GLOB 'draft*')"
        return list(self._posts(where, [workspace]))

    def due(self, before: datetime) -> list[Stored]:
        """Scheduled posts that nothing holds back and whose time is `before` or earlier."""
        where = "state IN ('scheduled', 'scheduled_approved') AND at <= ?"
        return list(self._posts(where, [before.timestamp()]))

    def published_with_first_id(self, before: datetime) -> list[Stored]:
        """Posts that were published here by that time and still have the id they were made with."""
        where = "state = 'published' AND at <= ? AND length(id) = 24 AND json_extract(body, '$.post_link') NOT NULL"
        return list(self._posts(where, [before.timestamp()]))

    def to_take_down(self) -> list[Stored]:
        """Published posts that are to be deleted or hidden some time after."""
        where = "state = 'published' AND json_extract(body, '$.sent.account.delete') NOT NULL"
        return list(self._posts(where, []))

    def search(self, search: Search, *, limit: int, offset: int) -> tuple[list[Stored], int]:
        """One page, in order of time, and how many there are in all."""
        where, values = search.where()
        total = self._db.execute(f"SELECT COUNT(*) FROM posts WHERE {where}", values).fetchone()[0]  # noqa: S608 - `where` is written in this package; what a request says is bound
        # With a window there are no undated posts, and the index has the order already.
        order = "at, rowid" if search.window else UNDATED_LAST
        return list(self._posts(where, values, f"{order} LIMIT {int(limit)} OFFSET {int(offset)}")), total

    def taken(self, workspace: str, since: datetime, *, drafts: bool = False) -> dict[str, Taken]:
        """What holds minutes and counts for the day on each account, from `since` on."""
        found: dict[str, Taken] = {}
        states = ("scheduled*", "published*", *(["draft*"] if drafts else []))
        where = f"workspace = ? AND at >= ? AND ({' OR '.join(['state GLOB ?'] * len(states))})"
        for post in self._posts(where, [workspace, since.timestamp(), *states]):
            occupy(found, post)
        return found

    def words_on_x(self, workspace: str, since: datetime) -> set[str]:
        """What posts on X say that are scheduled or were published from `since` on."""
        where = "workspace = ? AND at >= ? AND (state GLOB 'scheduled*' OR state GLOB 'published*')"
        return {
            said for post in self._posts(where, [workspace, since.timestamp()]) for said in words_on_x(post)
        }

    def _posts(self, where: str, values: list[Any], order: str = UNDATED_LAST) -> Iterator[Stored]:
        rows = self._db.execute(
            f"SELECT * FROM posts WHERE {where} ORDER BY {order}",  # noqa: S608 - `where` is written in this package; what a request says is bound
            values,
        )
        for row in rows:
            at = None if row["at"] is None else datetime.fromtimestamp(row["at"], UTC)
            yield Stored(**{**row, "at": at, "body": json.loads(row["body"])})

    def next_number(self) -> str:
        """A nine-digit id, never given before in this file."""
        row = self._db.execute("SELECT last FROM numbers").fetchone()
        number = row[0] + 1 if row else 100_000_001
        self._db.execute("DELETE FROM numbers")
        self._db.execute("INSERT INTO numbers VALUES (?)", (number,))
        return str(number)

    # jobs

    def add_job(self, job: QueuedJob) -> None:
        self._db.execute(
            "INSERT INTO jobs VALUES (:id, :workspace, :kind, :ready, :visible, :asked, :runs, :request, NULL, 0)",
            asdict(job) | {"request": json.dumps(job.request)},
        )

    def job(self, id: str) -> QueuedJob | None:
        return next(self._jobs("id = ?", [id]), None)

    def waiting_jobs(self, before: float | None = None) -> list[QueuedJob]:
        """Jobs that have not run, those that are due `before` that wall clock, or all."""
        return list(self._jobs("result IS NULL AND ready <= ?", [before if before is not None else 1e308]))

    def finish_job(self, id: str, result: Record) -> None:
        """Its request is not kept any longer."""
        self._db.execute(
            "UPDATE jobs SET result = ?, request = 'null' WHERE id = ?", (json.dumps(result), id)
        )

    def count_poll(self, id: str) -> None:
        self._db.execute("UPDATE jobs SET polls = polls + 1 WHERE id = ?", (id,))

    def _jobs(self, where: str, values: list[Any]) -> Iterator[QueuedJob]:
        rows = self._db.execute(f"SELECT * FROM jobs WHERE {where} ORDER BY ready, rowid", values)  # noqa: S608 - `where` is written in this package; what a request says is bound
        for row in rows:
            read = {key: json.loads(row[key] or "null") for key in ("request", "result")}
            yield QueuedJob(**{**row, **read})

    # media

    def add_media(self, workspace: str, media: Record) -> None:
        self._db.execute("INSERT INTO media VALUES (?, ?, ?)", (media["id"], workspace, json.dumps(media)))

    def remove_media(self, media_id: str) -> None:
        self._db.execute("DELETE FROM media WHERE id = ?", (media_id,))

    def media(self, workspace: str) -> dict[str, Record]:
        rows = self._db.execute("SELECT id, body FROM media WHERE workspace = ? ORDER BY rowid", (workspace,))
        return {key: json.loads(body) for key, body in rows}

    # the request limit, counted over all processes that share the file

    def hit(self, now: float, window: float, limit: int) -> tuple[bool, int, float]:
        """Whether one more request fits into the last `window` seconds, how many are left, when one is freed."""
        self._db.execute("DELETE FROM hits WHERE at <= ?", (now - window,))
        count, oldest = self._db.execute("SELECT COUNT(*), MIN(at) FROM hits").fetchone()
        if count < limit:
            self._db.execute("INSERT INTO hits VALUES (?)", (now,))
        return count < limit, max(limit - count - 1, 0), (oldest or now) + window
