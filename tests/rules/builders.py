"""Posts and files for the tests of rules, and what is found wrong with them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from publer_sync.networks.media import MediaInfo
from publer_sync.rules.judging import judge
from publer_sync.values.content import Content
from publer_sync.values.model import Account, Post
from publer_sync.values.problems import Help, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publer_sync.values.content import Json

AT = datetime(2027, 3, 2, 8, 0, tzinfo=UTC)
MB = 1_000_000
URL = "https://e.com"
PHOTO = MediaInfo("image/jpeg", "photo", 400_000, 1080, 1080, 1)
VIDEO = MediaInfo("video/mp4", "video", 9 * MB, 1080, 1920, None, 30.0)
GIF = MediaInfo("image/gif", "gif", 400_000, 480, 480, 20)
PDF = MediaInfo("application/pdf", "document", 400_000)
PLACE = Location("a.yaml", 9)


def post(
    provider: str,
    at: datetime = AT,
    *,
    alias: str | None = None,
    line: int = 6,
    kind: str | None = None,
    **content: Any,
) -> Post:
    return write(provider, content, at=at, alias=alias, line=line, kind=kind)


def write(
    provider: str,
    content: Mapping[str, Json],
    *,
    at: datetime = AT,
    alias: str | None = None,
    line: int = 6,
    kind: str | None = None,
    ignore: Mapping[str, str] | None = None,
) -> Post:
    name = alias or ("x" if provider == "twitter" else provider or "somewhere")
    account = Account(f"id-{name}", name, provider, alias=name, type=kind)
    return Post(account, at, Content.from_json(content), Location("may.yaml", line), ignore=ignore or {})


def media(number: int = 1, **more: Json) -> list[Json]:
    return [{"file": f"sha256:{index}", "alt": "A lamp on a table", **more} for index in range(number)]


def poll(*options: str, days: int = 3, **more: Json) -> dict[str, Json]:
    return {"options": list(options), "duration": {"duration": days, "unit": "Day"}, **more}


def hours(number: float) -> datetime:
    return AT + timedelta(hours=number)


def found(
    *posts: Post, infos: tuple[MediaInfo, ...] = (), later: MediaInfo | None = None
) -> dict[str, Problem]:
    """The problems by code; `infos` are the files of the post's own media, `later` that of each other medium."""
    files = {medium: info for one in posts for medium, info in zip(one.content.media, infos, strict=False)}
    problems = judge(posts, inspector=lambda _, medium: files.get(medium, later))
    return {problem.code: problem for problem in problems}


def told(*posts: Post, infos: tuple[MediaInfo, ...] = (), later: MediaInfo | None = None) -> list[str]:
    """The severity and the code of each problem."""
    problems = found(*posts, infos=infos, later=later).values()
    return [f"{problem.severity} {problem.code}" for problem in problems]


def advice(problem: Problem) -> Help:
    assert isinstance(problem.help, Help)
    return problem.help


def says(rule: str, message: str, *posts: Post, infos: tuple[MediaInfo, ...] = ()) -> Problem:
    """The problem of a rule, given as `error code` or `warning code`; it has this message, and help."""
    severity, code = rule.split()
    problem = found(*posts, infos=infos)[code]
    assert (problem.message, problem.severity) == (message, severity)
    assert problem.help
    return problem
