"""What is learnt of a service's pages, and when a list is whole."""

from __future__ import annotations

from publer_sync.publer.listed import Page
from publer_sync.publer.paging import PageSize, ReadPages, read_pages
from tests.tables import each_of


def read(learnt: PageSize, *pages: tuple[str, int | None]) -> tuple[ReadPages, int]:
    """A list with these pages, each its ids and its total, the last one again and again; and how many were asked for."""
    asked: list[int] = []

    def ask(number: int) -> Page:
        asked.append(number)
        ids, total = pages[min(number, len(pages) - 1)]
        return Page((), frozenset((each, "a") for each in ids.split()), total)

    return read_pages(ask, learnt), len(asked)


@each_of(
    ("learnt", "full"),
    [
        (PageSize(), (True, True, True, True)),
        (PageSize(numbered=False), (False, False, False, False)),
        (PageSize(size=2), (False, False, True, True)),
        (PageSize(size=2, room=9), (False, False, True, True)),
        (PageSize(size=2, numbered=False), (False, False, False, False)),
        (PageSize(room=0), (False, True, True, True)),
        (PageSize(room=2), (False, False, True, True)),
        (PageSize(room=2, counts=True), (False, False, False, True)),
        (PageSize(room=2, numbered=False), (False, False, False, False)),
    ],
)
def test_a_page_is_full_by_what_was_seen_of_others(
    learnt: PageSize, full: tuple[bool, bool, bool, bool]
) -> None:
    assert tuple(map(learnt.is_full, range(4))) == full


@each_of(
    ("lists", "asked", "learnt"),
    [
        ([[("1 2 3", 3), ("", 3)], [("4 5", 2)]], (2, 1), PageSize(room=3, counts=True)),
        ([[("", None)], [("", 0)]], (2, 1), PageSize(room=0)),
        ([[("1 2 3", 4), ("4", 4)], [("5", 2), ("6", 2)]], (2, 2), PageSize(size=3, counts=True)),
        (
            [[("1 2 3", 4), ("4", 4)], [("5", 2), ("6", 2)], [("7 8", 2)]],
            (2, 2, 1),
            PageSize(size=3, counts=True),
        ),
        ([[("1 2", 2)], [("3 4", 2)]], (3, 1), PageSize(numbered=False)),
        ([[("1", None), ("2", None), ("2", None), ("2", None)]], (4,), PageSize(size=1)),
        ([[("1 2", 2), ("", 2)], [("3", 1)]], (2, 1), PageSize(room=2, counts=True)),
        ([[("1 2", 2), ("", 0)], [("3 4", 2), ("", 0)]], (3, 3), PageSize(room=2)),
        ([[("", 2), ("1 2", 2)], [("", 0)]], (4, 2), PageSize(room=0, counts=True)),
    ],
)
def test_what_one_list_shows_of_pages_shortens_the_next(
    lists: list[list[tuple[str, int | None]]], asked: tuple[int, ...], learnt: PageSize
) -> None:
    found = PageSize()
    assert tuple(read(found, *pages)[1] for pages in lists) == asked
    assert found == learnt


@each_of(
    ("pages", "total", "short"),
    [
        ([("1 2", 4), ("3", 4), ("", 4)], 4, 1),
        ([("1 2", None), ("", None)], None, 0),
        ([("1 2", 1), ("3 4", 9), ("", 9)], None, 0),
        ([("1 2", 5), ("3", 4), ("", 4)], 5, 2),
        ([("1 2", 5), ("3", None), ("", None)], 5, 2),
        ([("1 2", 2), ("3", 2), ("", 2)], None, 0),
    ],
)
def test_a_total_counts_until_more_than_that_are_listed(
    pages: list[tuple[str, int | None]], total: int | None, short: int
) -> None:
    found, _ = read(PageSize(), *pages)
    assert (found.total, found.short) == (total, short)
