"""Reports what was published: in an issue for each run, or in a file of the repository."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import quote

from publer_sync.action import pages
from publer_sync.action.github import GitHubError
from publer_sync.render.layout.markdown_page import fitting
from publer_sync.render.layout.measure import cut
from publer_sync.render.layout.wording import count
from publer_sync.render.past.results import span_of, unpublished
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from publer_sync.action.github import GitHub
    from publer_sync.action.pages import Place
    from publer_sync.action.runs import CalendarOutcome

_PAGE = 600
"""Characters that a calendar gets at least. Of very many, the last ones are left out."""


def title(told: Sequence[tuple[CalendarOutcome, Place]]) -> str:
    """The title of an issue or a commit, with the bad news if there is any."""
    found = [done.results for done, _ in told if done.results is not None]
    names = {one_line(done.name) for done, _ in told}
    name = "Social calendar" if names == {"calendar"} or len(names) != 1 else cut(names.pop(), 80)
    missing = sum(map(unpublished, found))
    unknown = len(told) - len(found)
    news = [f"{count(missing, 'post')} not published"] if missing else []
    news += [f"{count(unknown, 'calendar')} without results"] if unknown else []
    ending = f" ({', '.join(news)})" if news else ""
    days = f", {span_of(found[0])}" if found else ""
    return f"{name}: results{days}{ending}"


def text(told: Sequence[tuple[CalendarOutcome, Place]]) -> str:
    """A page for each calendar; together they fit into an issue."""
    limit = max(pages.LIMIT // max(len(told), 1), _PAGE)
    text = "\n".join(pages.page(done, place, limit=limit) for done, place in told)
    return fitting(text, pages.LIMIT, pages.MORE)


def keep_issue(github: GitHub, key: Iterable[str], title: str, text: str) -> str:
    """Open an issue and close the one before it; a run that is repeated edits its own. Returns what was done.

    Raises GitHubError.
    """
    mark = pages.mark("results", "\n".join(key))
    before = github.issues(mark)
    now = {"title": title, "body": f"{mark}\n{text}"}
    same = next((item for item in before if item["title"] == title), None)
    if same is not None:
        github.send("PATCH", f"/issues/{same['number']}", now)
        return f"The issue {same['number']} is up to date"
    happened = github.open(now)
    for item in before:
        github.close(item)
    return happened


def keep_file(github: GitHub, path: str, title: str, text: str, branch: str) -> str:
    """Commit the page to a branch, and return what was done. Raises GitHubError."""
    address = f"/contents/{quote(path)}"
    content = base64.b64encode(text.encode()).decode()
    try:
        there = github.get(address, ref=branch)
    except GitHubError as error:
        if error.status != 404:
            raise
        there = {}
    sha = {"sha": there["sha"]} if "sha" in there else {}
    body = {"message": title, "content": content, "branch": branch, **sha}
    github.send("PUT", address, body)
    return f"Wrote {path} to {branch}"
