"""Who learns what of a run: the person who merged what failed, and whoever reads the output `notify`.

GitHub mails a new comment, and nobody an edited one. So each problem gets a comment once; a hidden line in it, or in the drift
issue, says which problems were told.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from publer_sync.action import comments, pages
from publer_sync.action.github import GitHubError
from publer_sync.render import data, notice
from publer_sync.render.layout import documents
from publer_sync.render.layout.escaping import escaped_line
from publer_sync.render.layout.markdown_page import fitting
from publer_sync.render.layout.wording import count
from publer_sync.values.problems import errors_in, path_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from publer_sync.action.github import GitHub
    from publer_sync.action.pages import Place
    from publer_sync.action.runs import CalendarOutcome
    from publer_sync.render.layout.documents import Document
    from publer_sync.render.notice import Notice, TroubleData

BODY: Final = 65_000
"""Characters of a comment or an issue; GitHub takes 65,536."""
OUTPUT_BYTES: Final = 100_000
"""Of the output `notify`: a step reads it from the environment, where Linux takes 131,072 bytes for each variable."""
_TOLD: Final = re.compile(r"<!-- publer-sync told:((?: [0-9a-f]{16})*)( \+)? -->")
_MOST_TOLD: Final = 1_500
"""Names in a hidden line, so that there is room for the text."""
_LOGIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,100}")
_MOST: Final = 20
"""Problems that a comment lists."""
_LASTS: Final = timedelta(days=35)
"""How long after a comment was written or edited last something of it may be over."""
_MOST_FILES: Final = 5
"""Files whose last pull request is looked up."""


def digest(*key: str) -> str:
    """A name for a problem that says nothing of it."""
    return hashlib.sha256("\n".join(key).encode(errors="replace")).hexdigest()[:16]


def told_line(digests: Iterable[str]) -> str:
    """A hidden line that names problems. Of very many it names the first, and says so with a +."""
    names = sorted(set(digests))
    more = " +" if len(names) > _MOST_TOLD else ""
    return f"<!-- publer-sync told:{''.join(f' {each}' for each in names[:_MOST_TOLD])}{more} -->"


def told_in(text: str, now: Iterable[str] = ()) -> frozenset[str] | None:
    """The problems that a comment or an issue says were told; None if it says nothing of the kind.

    Where its line had no room for all of them, those of `now` that would follow its last one count as told, too.
    """
    found = _TOLD.search(text)
    if found is None:
        return None
    names = frozenset(found[1].split())
    if not found[2]:
        return names
    last = max(names, default="")
    return names.union(each for each in now if each > last)


def found_in(told: Sequence[tuple[CalendarOutcome, Place]], *, run: str) -> Notice:
    """What somebody has to look at, of all calendars of the run."""
    listed = [
        {"calendar": place.folder or ".", "exit_code": done.code, "result": _document(done)}
        for done, place in told
    ]
    return notice.notice({"calendars": listed}, {}, run_url=run)


def _document(done: CalendarOutcome) -> Document:
    if done.report is not None:
        return data.report(done.report)
    if done.error is not None or done.plan is None:
        error = done.error
        code, message = (error.code, error.message) if error else ("calendar.invalid", "")
        if error is not None or done.errors:
            hint = error.hint if error else None
            return documents.error(code, message, errors_in(done.problems), hint=hint)
        return {"results": [], "requests": 0}
    return data.plan(done.plan, version="")


def without(found: Notice, known: frozenset[str]) -> Notice:
    """The same, where some were told before."""
    before = {each["key"]: "" for each in found.troubles if digest(each["key"]) in known}
    return notice.Notice(found.troubles, told=before, run_url=found.run_url)


# --- the person who merged --------------------------------------------------------------------------------------------


def call(github: GitHub, found: Notice, places: Mapping[str, Place]) -> frozenset[str]:
    """Comment on the pull requests that brought what failed, with a mention of who merged each; return what was told before.

    `places` are those of the calendars, by their folders. Raises GitHubError.
    """
    by_pull: defaultdict[tuple[int, str], list[TroubleData]] = defaultdict(list)
    brought: dict[str, int | None] = {}
    for each in found.troubles:
        place = places[_folder(each)]
        merged = next(iter(place.pulls), None)
        # A post may fail in the night after it was merged, or in the run for somebody else's merge.
        file = path_in(place.folder, each["source"]["file"]) if each["source"] else place.folder
        asks = each["source"] is not None or merged is None
        if asks and file not in brought and len(brought) < _MOST_FILES:
            brought[file] = _brought_by(github, file, place.sha)
        number = brought.get(file) or merged or next(filter(None, brought.values()), None)
        if number is not None:
            by_pull[number, place.folder].append(each)
    known: set[str] = set()
    for (number, folder), troubles in by_pull.items():
        known |= _comment(github, number, places[folder], troubles)
    return frozenset(known)


def end_what_is_over(github: GitHub, found: Notice, places: Iterable[Place]) -> None:
    """Take what the run no longer found out of the hidden lines of comments, so that it is told again should it come back.

    `places` are those of calendars that ended without an error: of others nobody knows. An edited comment is mailed to nobody. A
    token that may not do this is skipped silently. Raises GitHubError.
    """
    names: dict[str, set[str]] = {pages.mark("failed", place.folder): set() for place in places}
    for each in found.troubles:
        names.get(pages.mark("failed", _folder(each)), set()).add(digest(each["key"]))
    if not names:
        return
    try:
        for item in [*comments.lately(github, datetime.now(UTC) - _LASTS)]:
            now = names.get(item["body"].partition("\n")[0])
            told = told_in(item["body"], now or ())
            if now is not None and told and not told <= now:
                body = _TOLD.sub(told_line(told & now), item["body"], count=1)
                github.send("PATCH", f"/issues/comments/{item['id']}", {"body": body})
    except GitHubError as error:
        if not error.forbidden:
            raise


def _folder(trouble: TroubleData) -> str:
    name = trouble["calendar"] or "."
    return "" if name == "." else name


def _comment(github: GitHub, number: int, place: Place, troubles: Sequence[TroubleData]) -> frozenset[str]:
    mark = pages.mark("failed", place.folder)
    names = {digest(each["key"]) for each in troubles}
    known = frozenset[str]().union(
        *(told_in(body, names) or () for body in comments.all_written(github, number, mark))
    )
    new = [each for each in troubles if digest(each["key"]) not in known]
    if new:
        who = _merged_by(github.get(f"/pulls/{number}"))
        head = f"{mark}\n{told_line(digest(each['key']) for each in new)}\n"
        text = call_text(who, new, folder=place.folder, sha=place.sha, run=place.event.run)
        text = fitting(text, BODY - len(head), f"… and more: see [the run]({place.event.run}).")
        github.send("POST", f"/issues/{number}/comments", {"body": f"{head}{text}"})
    return known


def call_text(who: str, new: Sequence[TroubleData], *, folder: str, sha: str, run: str) -> str:
    """The comment, which GitHub mails; `who` is "" where nobody is known."""
    head = f"{'@' + who + ': ' if who else ''}**{count(len(new), 'problem')} after the merge**"
    bare: list[TroubleData] = [{**each, "calendar": None} for each in new[:_MOST]]
    lines = [f"- {escaped_line(notice.line_of(each))}" for each in bare]
    if len(new) > _MOST:
        lines.append(f"- … and {len(new) - _MOST:,} more")
    foot = f"<code>{escaped_line(folder or 'the top folder')}</code> at <code>{sha[:7]}</code> · [the run]({run})"
    told = "Each problem is told once here. The job fails until all of them are solved."
    return "\n\n".join((f"⚠️ {head}", "\n".join(lines), told, f"<sub>{foot}</sub>"))


def _merged_by(pull: Any) -> str:
    """The person who merged it, or who opened it where that was a queue or another program; "" where there is none."""
    for key in ("merged_by", "user"):
        found = pull.get(key) or {}
        login = str(found.get("login") or "")
        if found.get("type", "User") == "User" and _LOGIN.fullmatch(login):
            return login
    return ""


def _brought_by(github: GitHub, file: str, sha: str) -> int | None:
    """The pull request that changed a file last; None where none did."""
    [*commits] = github.get("/commits", path=file, sha=sha, per_page=1)
    for commit in commits[:1]:
        for pull in github.get(f"/commits/{commit['sha']}/pulls"):
            if pull.get("merged_at"):
                return int(pull["number"])
    return None
