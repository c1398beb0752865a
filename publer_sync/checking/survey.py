"""What a workspace shows of the questions that Publer's documents leave open, asked with nothing but GET.

docs/unknowns.md has the questions, and how publer-sync protects itself whatever the answers are.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import field
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, TypedDict

from publer_sync.checking.check import counted
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import Refused, ServiceError
from publer_sync.values.model import Family
from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from publer_sync.publer.listed import Page
    from publer_sync.publer.reader import PublerReader
    from publer_sync.values.content import Json
    from publer_sync.values.documented import Version
    from publer_sync.values.model import LivePost

MOST_REQUESTS = 20
NEAR = timedelta(days=45)
"""A span of twice that is the longest of which somebody published a list."""
YEAR = timedelta(days=365)
FIVE_YEARS = timedelta(days=5 * 366)
FAMILIES = ("scheduled", "published", "draft", "failed", "recycling", "recurring")


@dataclass(frozen=True, slots=True)
class SurveyAnswer:
    """`code` names the question, `shown` what this workspace shows, `protects` what publer-sync does about it.

    `expected` is False where it is otherwise than publer-sync's own stand-in has it; None where nothing tells.
    """

    code: str
    question: str
    shown: str
    protects: str
    expected: bool | None = True


@dataclass(slots=True)
class WorkspaceSurvey:
    """Asks at most `MOST_REQUESTS` requests in all. A question that is not answered is told as such."""

    publer: PublerReader
    today: date
    _failed: dict[str, str] = field(default_factory=dict)

    def answers(self) -> tuple[SurveyAnswer, ...]:
        near = (self.today - NEAR, self.today + NEAR)
        pages = [page for number in range(3) if (page := self._page(number, ("all",), near)) is not None]
        families = {name: self._page(0, (name,), near) for name in FAMILIES}
        year = (self.today, self.today + YEAR)
        half = self.today + YEAR / 2
        whole = self._page(0, ("all",), year)
        halves = [self._page(0, ("all",), days) for days in ((year[0], half), (half, year[1]))]
        longest = self._page(0, ("all",), (self.today, self.today + FIVE_YEARS))
        undated = self._page(0, ("draft_undated",), None)
        repeating = self._page(0, ("recurring", "recycling"), None)
        everything = [
            page for page in (*pages, *families.values(), whole, longest, undated, repeating) if page
        ]
        return (
            *self._states(pages, families),
            self._next_page(pages),
            self._total(pages),
            self._year(whole, halves),
            self._five_years(longest, whole),
            _rows(everything),
            *_posts(everything),
            _undated(undated),
            _repeating(repeating, pages),
            self._limit(),
        )

    def _page(self, number: int, states: Sequence[str], days: tuple[date, date] | None) -> Page | None:
        if self.publer.requests >= MOST_REQUESTS:
            return None
        try:
            return self.publer.page(number, states=states, days=days)
        except Refused as refused:
            if refused.status in {401, 403}:
                raise
            self._failed[f"{'+'.join(states)} {days and (days[1] - days[0]).days}"] = (
                f"refused ({refused.status})"
            )
        except ServiceError:
            self._failed[f"{'+'.join(states)} {days and (days[1] - days[0]).days}"] = "not answered"
        return None

    def _states(self, pages: list[Page], families: dict[str, Page | None]) -> Iterator[SurveyAnswer]:
        question = "Is the list of all states the sum of the lists of each state?"
        protects = "publer-sync lists all states, and never takes a post for deleted before a second list, by other days and states"
        if not pages or None in families.values():
            yield SurveyAnswer("states", question, "not answered", protects, None)
            return
        every = frozenset().union(*(page.keys for page in pages))
        each = frozenset().union(*(page.keys for page in families.values() if page))
        missing, more = len(each - every), len(every - each)
        if len(pages) > 2 and pages[2].keys - pages[1].keys - pages[0].keys:
            yield SurveyAnswer(
                "states", question, "there are more posts than this survey lists", protects, None
            )
        elif missing or more:
            shown = f"no: all states lack {counted(missing, 'post')} that one state has, and have {more} that no state has"
            yield SurveyAnswer("states", question, shown, protects, expected=False)
        else:
            yield SurveyAnswer("states", question, f"yes, for {counted(len(every), 'post')}", protects)

    @staticmethod
    def _next_page(pages: list[Page]) -> SurveyAnswer:
        question = "Does the next page follow the last one?"
        protects = "after a page that may be full, or that repeats another one, one more is asked for"
        if len(pages) < 2 or not pages[0].keys:
            return SurveyAnswer("pages", question, "nothing is listed", protects, None)
        first, second = pages[0].keys, pages[1].keys
        if not second:
            return SurveyAnswer(
                "pages", question, f"all are on one page: {counted(len(first), 'post')}", protects
            )
        if second == first:
            later = len(pages) > 2 and pages[2].keys != first
            shown = "pages are counted from 1" if later else "no: each page has the same posts"
            return SurveyAnswer("pages", question, shown, protects, expected=False)
        return SurveyAnswer("pages", question, f"yes; a page has {counted(len(first), 'post')}", protects)

    @staticmethod
    def _total(pages: list[Page]) -> SurveyAnswer:
        question = "Does a list say how many posts there are?"
        protects = (
            "a total is believed only where it says that posts are missing: then publer-sync asks again"
        )
        totals = [page.total for page in pages]
        if not totals or not pages[0].keys:
            return SurveyAnswer("total", question, "nothing is listed", protects, None)
        if totals[0] is None:
            return SurveyAnswer("total", question, "no", protects, expected=False)
        listed = len(frozenset().union(*(page.keys for page in pages)))
        if totals[0] < listed:
            return SurveyAnswer("total", question, "it counts the page alone", protects, expected=False)
        return SurveyAnswer("total", question, "yes", protects)

    @staticmethod
    def _year(whole: Page | None, halves: list[Page | None]) -> SurveyAnswer:
        question = "Is a year the sum of its halves?"
        protects = "posts far ahead that a list lacks are looked for once more, in lists of at most 90 days"
        known = [half for half in halves if half is not None]
        if whole is None or len(known) < 2:
            return SurveyAnswer("year", question, "not answered", protects, None)
        parts = frozenset().union(*(half.keys for half in known))
        if whole.total is not None and whole.total > len(whole.keys):
            return SurveyAnswer("year", question, "a year has more posts than one page", protects, None)
        if parts == whole.keys:
            return SurveyAnswer("year", question, f"yes, for {counted(len(parts), 'post')}", protects)
        shown = f"no: the year lacks {counted(len(parts - whole.keys), 'post')} of its halves, and has {len(whole.keys - parts)} more"
        return SurveyAnswer("year", question, shown, protects, expected=False)

    def _five_years(self, longest: Page | None, year: Page | None) -> SurveyAnswer:
        question = "Can five years be listed at once?"
        protects = "a span that is refused, or not answered in time, is asked for in halves, and what was answered first next time"
        if longest is None:
            how = self._failed.get(f"all {FIVE_YEARS.days}", "not asked")
            return SurveyAnswer("five_years", question, how, protects, expected=False)
        if year is not None and not year.keys <= longest.keys and (longest.total or 0) <= len(longest.keys):
            lacking = len(year.keys - longest.keys)
            shown = f"no: five years lack {counted(lacking, 'post')} that their first year has"
            return SurveyAnswer("five_years", question, shown, protects, expected=False)
        return SurveyAnswer(
            "five_years", question, f"yes, {counted(len(longest.keys), 'post')} on the first page", protects
        )

    def _limit(self) -> SurveyAnswer:
        question = "How many requests does Publer take?"
        protects = "publer-sync goes by what Publer's answers say, and waits"
        return SurveyAnswer("limit", question, f"{self.publer.requests_left} are left", protects)


# --- what posts are like ------------------------------------------------------------------------------------------------


def _all_posts(pages: Sequence[Page]) -> list[LivePost]:
    return list({(post.id, post.account_id): post for page in pages for post in page.posts}.values())


def _rows(pages: Sequence[Page]) -> SurveyAnswer:
    question = "Can every row of a list be read?"
    protects = "a row that can't be is set aside and named, and only what it may concern is blocked"
    nameless = Counter[str | None]()
    for page in pages:  # what has no id is told apart on its page alone
        nameless |= Counter(post.unread for post in page.unread if not post.id)
    if why := nameless + Counter(post.unread for post in _all_posts(pages) if post.unread and post.id):
        reasons = ", ".join(f"{count} ({reason})" for reason, count in why.most_common(3))
        return SurveyAnswer("rows", question, f"no: {reasons}", protects, expected=False)
    return SurveyAnswer("rows", question, "yes", protects)


def _posts(pages: Sequence[Page]) -> Iterator[SurveyAnswer]:
    posts = _all_posts(pages)
    states = Counter(post.state for post in posts if not post.unread)
    unknown = sorted({post.state for post in posts if post.family is Family.OTHER and not post.unread})
    found = ", ".join(f"{count} {printable_line(state, 40)}" for state, count in states.most_common(8))
    odd = f"; not documented: {', '.join(printable_line(state, 40) for state in unknown)}" if unknown else ""
    yield SurveyAnswer(
        "state_words",
        "Which words are there for states?",
        f"{found or 'none'}{odd}",
        "a post in a state that no document names is blocked with that word, and never sent again",
        expected=not unknown,
    )
    repeated = sum(count > 1 for count in Counter(post.id for post in posts).values())
    yield SurveyAnswer(
        "repeated_ids",
        "Has each post an id of its own?",
        f"no: {repeated} ids are on several accounts" if repeated else f"yes, {len(posts)} of them",
        "a post is known by its id and its account",
        expected=not repeated,
    )
    shown = {
        "labels": sum(post.labels is not None for post in posts),
        "links": sum(post.link is not None for post in posts),
        "media": sum(post.media is not None for post in posts),
    }
    yield SurveyAnswer(
        "shown",
        "What do lists show of a post?",
        ", ".join(f"{name} of {count}" for name, count in shown.items())
        + f" of {counted(len(posts), 'post')}",
        "what Publer does not show is compared with what was sent; a plan names what it can't see",
    )


def _undated(page: Page | None) -> SurveyAnswer:
    question = "Are there drafts without a time?"
    protects = "a draft that was accepted and never listed is not sent again"
    if page is None:
        return SurveyAnswer("undated", question, "not answered", protects, None)
    dated = sum(post.at is not None for post in page.posts)
    if dated:
        return SurveyAnswer(
            "undated", question, f"{dated} drafts with a time are among them", protects, expected=False
        )
    return SurveyAnswer("undated", question, f"{len(page.posts)} on the first page", protects)


def _repeating(page: Page | None, pages: Sequence[Page]) -> SurveyAnswer:
    question = "Do lists by days show posts that repeat?"
    protects = "a minute that Publer says is taken is taken, whatever lists show"
    if page is None:
        return SurveyAnswer("repeating", question, "not answered", protects, None)
    if not page.keys:
        return SurveyAnswer("repeating", question, "there are none", protects, None)
    listed = frozenset().union(*(one.keys for one in pages))
    hidden = len(page.keys - listed)
    return SurveyAnswer(
        "repeating", question, f"{hidden} of {len(page.keys)} are not in them", protects, expected=not hidden
    )


# --- the document -------------------------------------------------------------------------------------------------------


class AnswerData(TypedDict):
    """What this workspace shows of a question that Publer's documents leave open."""

    code: Annotated[
        str,
        "the question: `states`, `pages`, `total`, `year`, `five_years`, `rows`, `state_words`, `repeated_ids`, `shown`, "
        "`undated`, `repeating`, `limit`",
    ]
    expected: Annotated[
        bool | None, "whether it is as in publer-sync's own stand-in; null where nothing tells"
    ]


class SurveyDocument(TypedDict):
    """What publer-sync doctor --survey prints, to share: without names, ids and texts."""

    format_version: Version
    publer_sync: Annotated[str, "its version"]
    answers: list[AnswerData]
    requests: Annotated[
        list[dict[str, Json]],
        "each request and its answer, as [a trace](trace.md) has them: `publer-sync sandbox --like FILE` reads them",
    ]


def document(answers: Sequence[SurveyAnswer], lines: list[dict[str, Any]], version: str) -> SurveyDocument:
    return {
        "format_version": 1,
        "publer_sync": version,
        "answers": [{"code": one.code, "expected": one.expected} for one in answers],
        "requests": lines,
    }


def text(answers: Sequence[SurveyAnswer]) -> str:
    lines: list[str] = []
    for one in answers:
        mark = {True: "as expected", False: "otherwise", None: "not known"}[one.expected]
        lines += [f"{one.question}  {mark}", f"  {one.shown}", f"  Either way: {one.protects}.", ""]
    odd = sum(one.expected is False for one in answers)
    end = (
        "Publer is as publer-sync's stand-in has it."
        if not odd
        else (
            f"{odd} answers differ from publer-sync's stand-in. To help, share what --format json prints: it has no words, names or ids."
        )
    )
    return "\n".join([*lines, end])
