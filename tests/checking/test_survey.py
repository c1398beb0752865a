"""What a survey says of a workspace: as the stand-in has it, otherwise, or that nothing tells."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest

from publer_sync.checking.survey import SurveyAnswer, WorkspaceSurvey, text
from publer_sync.publer.listed import Page
from publer_sync.values.errors import Refused, Unreachable
from tests.builders import LINKEDIN, shown
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.publer.reader import PublerReader
    from publer_sync.values.model import LivePost

TODAY = date(2027, 3, 1)
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


class Service:
    """Lists posts as Publer's documents have it, page by page, with what a scene says is otherwise."""

    requests, requests_left, longest = 0, 80, 0

    def __init__(
        self, *posts: LivePost, size: int = 100, first: int = 0, ignores: bool = False, **otherwise: Any
    ) -> None:
        self.posts, self.size, self.first, self.ignores = posts, size, first, ignores
        self.otherwise = otherwise

    def page(self, number: int, *, states: Sequence[str], days: tuple[date, date] | None) -> Page:
        self.requests += 1
        span = (days[1] - days[0]).days if days is not None else 0
        if (error := self.otherwise.get("longest")) is not None and span > 366:
            raise error
        if (error := self.otherwise.get("halves")) is not None and 100 < span < 300:
            raise error
        if (error := self.otherwise.get("year")) is not None and 300 < span < 366:
            raise error
        if (error := self.otherwise.get("drafts")) is not None and states == ("draft",):
            raise error
        if (error := self.otherwise.get("all")) is not None and states == ("all",):
            raise error
        if (error := self.otherwise.get("undated")) is not None and days is None:
            raise error
        if (error := self.otherwise.get("third")) is not None and number == 2:
            raise error
        self.longest = max(self.longest, span)
        listed = [post for post in self.posts if self._fits(post, states, days)]
        if span > 366:
            listed = listed[self.otherwise.get("hides", 0) :]
        if days is not None and 300 < span < 366:
            listed = listed[self.otherwise.get("year_hides", 0) :]
        start = 0 if self.ignores else max(0, number - self.first) * self.size
        here = listed[start : start + self.size]
        total = {"none": None, "page": len(here)}.get(self.otherwise.get("total", ""), len(listed))
        unread = tuple(post for post in here if post.unread)
        return Page(tuple(here), frozenset((post.id, post.account_id) for post in here), total, unread)

    def _fits(self, post: LivePost, states: Sequence[str], days: tuple[date, date] | None) -> bool:
        undated = states == ("draft_undated",)
        if undated:
            return post.state == "draft" and (post.at is None or "dated" in self.otherwise)
        dated = days is None or (post.at is not None and days[0] <= post.at.date() <= days[1])
        hidden = "hides_repeating" in self.otherwise and post.state == "recurring" and days is not None
        hidden = hidden or (states == ("all",) and post.id == self.otherwise.get("all_lack"))
        return dated and not hidden and ("all" in states or post.state in states)


def surveyed(service: Service) -> dict[str, SurveyAnswer]:
    survey = WorkspaceSurvey(cast("PublerReader", service), TODAY)
    return {each.code: each for each in survey.answers()}


SOME = [shown(NOON + number * DAY, id=f"p-{number}", state="scheduled") for number in range(4)]
DRAFT = shown(None, id="d-1", state="draft")
REPEATS = shown(NOON + DAY, id="r-1", state="recurring")


def test_a_service_as_the_documents_have_it_differs_in_nothing() -> None:
    service = Service(*SOME, DRAFT, REPEATS)
    found = surveyed(service)
    assert (service.longest, service.requests) == (5 * 366, 15)
    assert [code for code, each in found.items() if each.expected is False] == []
    told = {code: each.shown for code, each in found.items()}
    assert told["states"] == "yes, for 5 posts"
    assert told["pages"] == "all are on one page: 5 posts"
    assert told["total"] == "yes"
    assert told["year"] == "yes, for 5 posts"
    assert told["five_years"] == "yes, 5 posts on the first page"
    assert told["rows"] == "yes"
    assert told["state_words"] == "4 scheduled, 1 recurring, 1 draft"
    assert told["repeated_ids"] == "yes, 6 of them"
    assert told["shown"] == "labels of 0, links of 0, media of 0 of 6 posts"
    assert told["undated"] == "1 on the first page"
    assert told["repeating"] == "0 of 1 are not in them"
    assert told["limit"] == "80 are left"
    assert text([*found.values()]).endswith("Publer is as publer-sync's stand-in has it.")


def test_an_empty_workspace_tells_nothing_of_lists() -> None:
    found = surveyed(Service())
    told = {code: each.shown for code, each in found.items() if each.expected is None}
    assert told == {"pages": "nothing is listed", "total": "nothing is listed", "repeating": "there are none"}
    assert found["state_words"].shown == "none"


@each_of(
    ("service", "code", "says", "expected"),
    [
        (Service(*SOME, size=2), "pages", "yes; a page has 2 posts", True),
        (Service(*SOME, size=2, first=1), "pages", "pages are counted from 1", False),
        (Service(*SOME, first=1), "pages", "pages are counted from 1", False),
        (Service(*SOME, ignores=True), "pages", "no: each page has the same posts", False),
        (Service(*SOME, total="none"), "total", "no", False),
        (Service(*SOME, size=2, total="page"), "total", "it counts the page alone", False),
        (Service(*SOME, size=2), "year", "a year has more posts than one page", None),
        (Service(*SOME, year_hides=1), "year", "no: the year lacks 1 post of its halves, and has 0 more", False),
        (Service(*SOME, halves=Unreachable("no")), "year", "not answered", None),
        (Service(*SOME, year=Unreachable("no")), "year", "not answered", None),
        (Service(*SOME, year=Unreachable("no")), "five_years", "yes, 4 posts on the first page", True),
        (Service(*SOME, hides=1), "five_years", "no: five years lack 1 post that their first year has", False),
        (Service(*SOME, hides=1, size=2), "five_years", "yes, 2 posts on the first page", True),
        (Service(*SOME, hides=1, total="none"), "five_years", "no: five years lack 1 post that their first year has", False),
        (Service(*SOME, longest=Unreachable("no")), "five_years", "not answered", False),
        (Service(*SOME, longest=Refused("no", status=422)), "five_years", "refused (422)", False),
        (Service(*SOME, drafts=Unreachable("no")), "states", "not answered", None),
        (Service(*SOME, all=Unreachable("no")), "states", "not answered", None),
        (Service(*SOME, size=1), "states", "there are more posts than this survey lists", None),
        (Service(*SOME, third=Unreachable("no")), "states", "yes, for 4 posts", True),
        (Service(*SOME, third=Unreachable("no")), "pages", "all are on one page: 4 posts", True),
        (Service(*SOME, third=Unreachable("no"), ignores=True), "pages", "no: each page has the same posts", False),
        (Service(*SOME, all_lack="p-1"), "states", "no: all states lack 1 post that one state has, and have 0 that no state has", False),
        (Service(*SOME, shown(NOON, id="o", state="odd")), "states", "no: all states lack 0 posts that one state has, and have 1 that no state has", False),
        (Service(*SOME, undated=Refused("no", status=422)), "undated", "not answered", None),
        (Service(*SOME, undated=Unreachable("no")), "repeating", "not answered", None),
        (Service(*SOME, shown(NOON, id="o", state="odd")), "state_words", "4 scheduled, 1 odd; not documented: odd", False),
        (Service(*SOME, shown(NOON, id="o", state="odd", unread="no time")), "state_words", "4 scheduled", True),
        (Service(*SOME, shown(NOON, id="o", unread="no time")), "rows", "no: 1 (no time)", False),
        (Service(*SOME, shown(NOON, id="p-1", account=LINKEDIN)), "repeated_ids", "no: 1 ids are on several accounts", False),
        (Service(DRAFT, shown(NOON, id="d-2", state="draft"), dated=True), "undated", "1 drafts with a time are among them", False),
        (Service(*SOME, REPEATS, hides_repeating=True), "repeating", "1 of 1 are not in them", False),
    ],
    ids=lambda service: str(service.otherwise),
)  # fmt: skip
def test_what_is_otherwise_is_told_with_what_this_workspace_shows(
    service: Service, code: str, says: str, expected: bool | None
) -> None:
    found = surveyed(service)[code]
    assert (found.shown, found.expected) == (says, expected)


def test_a_row_that_cannot_be_read_counts_once_however_many_lists_have_it() -> None:
    odd = [shown(NOON, id=name, unread="no time") for name in ("o-1", "o-2")]
    assert surveyed(Service(*SOME, *odd))["rows"].shown == "no: 2 (no time)"
    nameless = [shown(NOON, id="", unread="no id"), shown(NOON, id="", unread="no id")]
    assert surveyed(Service(*SOME, *nameless, odd[0]))["rows"].shown == "no: 2 (no id), 1 (no time)"
    alike = [shown(NOON, id="", unread="no time"), shown(NOON, id="", unread="no time")]
    assert surveyed(Service(*SOME, *alike, *odd))["rows"].shown == "no: 4 (no time)"


def test_a_survey_asks_twenty_requests_at_most() -> None:
    service = Service(*SOME, REPEATS)
    service.requests = 6
    assert (surveyed(service)["repeating"].shown, service.requests) == ("not answered", 20)


def test_a_key_that_may_not_read_ends_the_survey() -> None:
    with pytest.raises(Refused):
        surveyed(Service(*SOME, longest=Refused("no", status=403)))


def test_what_differs_is_counted_at_the_end() -> None:
    told = text([*surveyed(Service(*SOME, total="none")).values()])
    assert "1 answers differ from publer-sync's stand-in" in told
    assert "Does a list say how many posts there are?  otherwise\n  no\n" in told


def test_a_service_that_answers_nothing_is_told_as_that() -> None:
    class Silent(Service):
        def page(self, number: int, *, states: Sequence[str], days: tuple[date, date] | None) -> Page:
            raise Unreachable("no")

    told = {code: each.shown for code, each in surveyed(Silent()).items()}
    assert (told["states"], told["total"], told["undated"]) == (
        "not answered",
        "nothing is listed",
        "not answered",
    )
