"""Pages of a website that announce themselves: posts in their front matter, as files of posts.

Only files that git tracks are read. Nothing writes into them.
"""

from __future__ import annotations

import os
import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from publer_sync.calendar.document import Document, SitePage
from publer_sync.calendar.files import decoded
from publer_sync.calendar.outside import place, relative, repository_of
from publer_sync.calendar.places import problem_at
from publer_sync.calendar.website.front_matter import front_matter, scalars
from publer_sync.calendar.website.page_dates import date_of
from publer_sync.calendar.website.page_patterns import folders_of, is_page, patterns_of
from publer_sync.calendar.website.placeholders import UnknownNameError, filled
from publer_sync.calendar.website.site_files import site_file
from publer_sync.calendar.when.sums import PAGE_DATE, read_sum
from publer_sync.calendar.when.zones import TimeError
from publer_sync.calendar.yaml.nodes import Map, Mark, Seq, last_line
from publer_sync.calendar.yaml.scalars import scalar
from publer_sync.machine.tracked import tracked_files, untracked_files
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.starting.late_modules import late_module
from publer_sync.starting.late_patterns import late_pattern
from publer_sync.values.latin import in_latin
from publer_sync.values.post_keys import PROSE
from publer_sync.values.problems import Help, Location, Problem

if TYPE_CHECKING:
    import difflib
    import shlex
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from publer_sync.calendar.website.front_matter import FrontMatter
    from publer_sync.calendar.website.page_patterns import Pattern
    from publer_sync.calendar.yaml.reader import Budget
else:
    difflib = late_module("difflib")
    shlex = late_module("shlex")

_DATED: Final = late_pattern(r"(\d{4}-\d{2}-\d{2})[-_]?(.*)")
_NO_ID: Final = late_pattern(r"[^A-Za-z0-9._-]+")
_LONGEST_ID: Final = 100
_TEXTS: Final = PROSE | {"append", "options", "link", "url", "text"}
"""Keys of a post whose values are texts with names in braces."""
_NEAR: Final = 0.8
"""Of `social` and `sosial`, not of `social` and `socials_by`."""
_UNQUOTED: Final = late_pattern(r"\s*(?:- +)?([a-z_]+):\s+(\{\s*[\w-]+\s*\}.*?)\s*")


@dataclass(slots=True)
class FoundPages:
    """The pages of a calendar. `files` are all that the patterns match, with posts or without, from the calendar's top."""

    documents: list[Document]
    files: frozenset[str]


def read_pages(
    settings: Map | None,
    top: Path,
    budget: Budget,
    instead: Mapping[str, bytes | None],
    problems: list[Problem],
) -> FoundPages:
    """The pages that `pages` in the settings names, tracked by git; what is wrong goes to `problems`. `instead` as for `read_all`."""
    patterns = patterns_of(settings)
    if not patterns:
        return FoundPages([], frozenset())
    if (repository := repository_of(top)) is None or (names := tracked_files(repository)) is None:
        message = "pages are files that git tracks, and git knows no repository here"
        problems.append(
            problem_at(patterns[0].mark, "page.git", message, "Run it in the repository of the website")
        )
        return FoundPages([], frozenset())
    for each in patterns:
        if not each.is_inside(top):
            say = "Name files of the repository, from here, such as ../blog/**/*.md"
            message = f"{each.files} leads out of the repository"
            problems.append(problem_at(each.files_mark, "page.outside", message, say))
    documents, files = [], set()
    new = untracked_files(repository, folders_of(patterns, repository, top))
    for number, name in enumerate((*names, *new)):
        file = relative(repository / name, top)
        pattern = next((each for each in patterns if each.matches(file)), None)
        if pattern is None or not is_page(name):
            continue
        if tracked := number < len(names):
            files.add(file)
        if (path := place(file, top)) is None:
            continue  # its real path is outside the repository
        page = _Reading(file, path, top, pattern, budget, problems, tracked=tracked)
        if (document := page.document(instead.get(file))) is not None and tracked:
            documents.append(document)
    return FoundPages(documents, frozenset(files))


def _nearly(front: Map, key: str) -> str:
    """The key of a list of posts that is nearly the one of these pages; "" if there is none."""
    for other, value in front.items():
        items = value if isinstance(value, Seq) else [value]
        has_posts = any(isinstance(item, Map) and {"at", "text"} & item.keys() for item in items)
        if has_posts and difflib.SequenceMatcher(None, other.lower(), key.lower()).ratio() >= _NEAR:
            return str(other)
    return ""


def _counts_from_page(data: object) -> bool:
    """Whether a post, at any level, counts its time from the date of its page."""
    if isinstance(data, Map):
        return any(
            _is_of_page(value) if key in ("at", "not_before") else _counts_from_page(value)
            for key, value in data.items()
        )
    return isinstance(data, Seq) and any(map(_counts_from_page, data))


def _is_of_page(written: object) -> bool:
    try:
        found = read_sum(written) if isinstance(written, str) else None
    except TimeError:
        return False
    return found is not None and found.name == PAGE_DATE


@dataclass(slots=True)
class _Reading:
    """Makes a file of posts of one page."""

    file: str
    path: Path
    top: Path
    pattern: Pattern
    budget: Budget
    of_settings: list[Problem]
    """What is wrong in the settings."""
    tracked: bool = True
    toml: bool = False

    def document(self, raw: bytes | None) -> Document | None:
        """None for a page without posts."""
        found: list[Problem] = []
        text, raw = decoded(self.path, self.file, raw, found)
        lines = text.split("\n")
        self.toml = lines[0].startswith("+++")
        front = front_matter(self.file, lines, self.budget)
        if front is None:
            return None
        if front.data is None:
            return self._unreadable(front, lines, raw)
        posts = front.data.get(self.pattern.key)
        if self._is_draft(front.data):
            return None
        if posts is None:
            if self.pattern.key not in front.data and (other := _nearly(front.data, self.pattern.key)):
                self.of_settings.append(self._other_key(other, front.data.marks[other]))
            return None
        mark = front.data.marks[self.pattern.key]
        if not self.tracked:
            self.of_settings.append(self._untracked(mark))
            return None
        span = range(mark.key_line, max(last_line(posts, mark), mark.key_line) + 1)
        kept = [each for each in (*found, *front.problems) if each.location and each.location.line in span]
        if not isinstance(posts, Seq):
            message = f"`{self.pattern.key}` must be a list of posts"
            example = f"{self.pattern.key}:\n- at: date + 1d 09:00\n  text: Words"
            kept = [problem_at(mark, "page.list", message, Help("Write it as a list", example=example))]
            return self._made(None, lines, raw, kept)
        page = self._page(front.data, posts, kept)
        values = dict(scalars(front.data, lines)) | {"slug": page.slug}
        values["url"] = self._url(values)
        linked = False
        for number, post in enumerate(posts):
            if isinstance(post, Map):
                linked |= self._complete(post, posts, number, page, values, kept)
        if linked and not page.picture and (unknown := self._no_picture(front.data)) is not None:
            kept.append(unknown)
        whole = Map(mark)
        whole.put("posts", posts, mark)
        return self._made(whole, lines, raw, kept, page)

    def _other_key(self, key: str, mark: Mark) -> Problem:
        message = f"`{key}` has posts, but posts of pages stand under `{self.pattern.key}`: this page announces nothing"
        say = f"Write `{self.pattern.key}`, or set `key` of these pages in publer.yaml"
        return problem_at(mark, "page.key", message, say, key=key, severity="warning")

    def _untracked(self, mark: Mark) -> Problem:
        message = "git does not track this page yet, so it announces nothing"
        name = shlex.quote(os.path.relpath(self.path).replace(os.sep, "/"))
        return problem_at(
            mark,
            "page.untracked",
            message,
            f"Run: git add {name}",
            key=self.pattern.key,
            severity="warning",
        )

    def _made(
        self,
        data: Map | None,
        lines: Sequence[str],
        raw: bytes,
        problems: Sequence[Problem],
        page: SitePage | None = None,
    ) -> Document:
        written = tuple(lines)
        return Document(
            self.file, self.path, "posts", written, data, tuple(problems), written, raw, page or SitePage()
        )

    def _unreadable(self, front: FrontMatter, lines: Sequence[str], raw: bytes) -> Document | None:
        """A page that cannot be read is wrong only if it may have posts."""
        has_posts = any(
            re.match(rf"(?:\[\[)?\s*[\"']?{re.escape(self.pattern.key)}\b", line) for line in lines
        )
        if not has_posts:
            return None
        if front.error is None:
            return self._made(None, lines, raw, front.problems)
        words, line, column = front.error
        for number in dict.fromkeys((line, line - 1)):
            if found := _UNQUOTED.fullmatch(lines[number - 1]):
                return self._made(None, lines, raw, [self._unquoted(number, found[1], found[2])])
        here = Location(self.file, line, column)
        say = (
            f"Correct it, as the website needs it too; the posts of this page are under `{self.pattern.key}`"
        )
        problem = Problem("error", "page.front", f"the front matter cannot be read: {words}", here, Help(say))
        return self._made(None, lines, raw, [problem])

    def _unquoted(self, line: int, key: str, value: str) -> Problem:
        message = f"YAML reads {value.partition('}')[0]}}} as a map, not as words"
        quoted = value.replace("\\", "\\\\").replace('"', '\\"')
        return Problem(
            "error",
            "page.quotes",
            message,
            Location(self.file, line),
            Help("Put the text in quotes", f'{key}: "{quoted}"'),
        )

    # --- what a page is

    def _is_draft(self, front: Map) -> bool:
        drafts = "_drafts" in self.file.split("/")[:-1]
        return drafts or front.get("draft") is True or front.get("published") is False

    def _page(self, front: Map, posts: Seq, problems: list[Problem]) -> SitePage:
        name = posixpath.basename(self.file).rpartition(".")[0]
        if name in ("index", "_index"):
            name = posixpath.basename(posixpath.dirname(self.file))
        dated = _DATED.fullmatch(name)
        slug = front.get("slug")
        slug = slug.strip().strip("/") if isinstance(slug, str) else ""
        bare = dated[2] if dated and dated[2] else name
        written, mark = front.get(self.pattern.date_key), front.marks.get(self.pattern.date_key)
        if not isinstance(written, str):
            written, mark = (dated[1], Mark(self.file, 1, 1, 1, 1, 1, 1)) if dated else ("", None)
        picture = self._picture(front)
        try:
            return SitePage(slug or bare, date_of(written), mark, written, picture)
        except TimeError as error:
            if mark is not None and _counts_from_page(posts):  # otherwise it is the website's alone
                example = f"{self.pattern.date_key}: {error.written or '2027-04-06'}"
                say = Help(error.help.say, example=example)
                message = f"{error.message}, and a post here counts from it"
                problems.append(problem_at(mark, "page.date", message, say))
            return SitePage(slug or bare, None, mark, written, picture, undated=True)

    def _picture(self, front: Map) -> str:
        """The picture of its card, from the calendar's top; "" if `image` is neither a file beside the page nor one of its site."""
        image = front.get("image")
        if not isinstance(image, str) or "://" in image or image.startswith("//"):
            return ""
        if image.startswith("/"):
            return site_file(image.strip(), self.path, self.top) or ""
        inner = posixpath.normpath(posixpath.join(posixpath.dirname(self.file), image.strip()))
        path = place(inner, self.top)
        return inner if path is not None and path.is_file() else ""

    def _no_picture(self, front: Map) -> Problem | None:
        """Of a page whose `image` is an address of its site, and no file that is certain."""
        image = front.get("image")
        if not isinstance(image, str) or not image.startswith("/") or image.startswith("//"):
            return None
        message = f"it is not certain which file {image} is, so the card has no picture of its own"
        say = "Name the folder that has it under `media` in publer.yaml, and the file in the post"
        paste = 'link: {url: "{url}", image: ' + scalar(image.lstrip("/")) + "}"
        problem = problem_at(front.marks["image"], "page.image", message, Help(say, paste))
        return replace(problem, severity="warning")

    def _url(self, values: Mapping[str, str]) -> str:
        safe = {key: quote(value, safe="/%") for key, value in values.items()}
        try:
            return filled(self.pattern.url, safe)
        except UnknownNameError as error:
            message = f"{self.file} has no `{error.name}`, which its address needs"
            say = "Use slug or a key that the front matter of every page has"
            self.of_settings.append(problem_at(self.pattern.url_mark, "page.name", message, say))
            return ""

    # --- what its posts say

    def _complete(
        self,
        post: Map,
        posts: Seq,
        number: int,
        page: SitePage,
        values: Mapping[str, str],
        problems: list[Problem],
    ) -> bool:
        """Add what a post does not say, and return whether that is the card of the page."""
        mark = posts.marks[number]
        self._fill(post, values, problems)
        if "id" not in post and "id" not in post.broken:
            if len(posts) == 1:
                post.put("id", _id_of(page.slug), mark)
            else:
                message = f"this page has {len(posts)} posts, so each needs an `id`"
                name = f"{_id_of(page.slug)}-{number + 1}"
                paste = f'id = "{name}"' if self.toml else f"id: {name}"
                problems.append(problem_at(mark, "page.id", message, Help("Name it", paste)))
                post.broken |= {"id"}
        if not values["url"]:
            return False
        linked = not {"link", "media", "poll"} & (post.keys() | post.broken)
        if linked:
            link = Map(mark)
            link.put("url", values["url"], mark)
            if page.picture:
                image = posixpath.relpath(page.picture, posixpath.dirname(self.file))
                link.put("image", image, mark._replace(style="page"))
            post.put("link", link, mark)
        if "when_live" not in post and "when_live" not in post.broken:
            post.put("when_live", values["url"], mark)
        return linked

    def _fill(self, data: Any, values: Mapping[str, str], problems: list[Problem], key: str = "") -> None:
        items: Iterator[tuple[Any, Any, Mark]]
        if isinstance(data, Map):
            items = ((name, value, data.marks[name]) for name, value in [*data.items()])
        elif isinstance(data, Seq):
            items = ((number, value, data.marks[number]) for number, value in enumerate([*data]))
        else:
            return
        for name, value, mark in items:
            inner = name if isinstance(data, Map) else key
            if not isinstance(value, str):
                self._fill(value, values, problems, str(inner))
            elif inner in _TEXTS and "{" in value:
                try:
                    data[name] = filled(value, values)
                except UnknownNameError as error:
                    message = f"this page has no `{error.name}` to fill in"
                    names = ", ".join(sorted(values))
                    say = f"{f'Did you mean {error.near}? ' if error.near else ''}The names are: {names}. For a brace, write {{{{ or }}}}"
                    problems.append(problem_at(mark, "page.name", message, say))


def _id_of(slug: str) -> str:
    """A slug as an id, which has letters from a to z alone: one of another script is spelled as host names spell it."""
    latin = in_latin(slug)
    plain = latin if latin.isascii() else latin.encode("punycode").decode()
    return _NO_ID.sub("-", plain).lstrip("._-")[:_LONGEST_ID] or "page"
