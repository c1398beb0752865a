"""What a sandbox learns from a trace of what became of the posts that were sent: refused, drafted, reworded, relabelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publer_sync.sandbox.tables import COMPOSER_TEXT, GAP_TEXT, TYPE_TEXT, WORDS_TEXT, not_modelled
from publer_sync.sandbox.tempers import TEMPERS
from tests.sandbox.traces import HOUR, START, Line, asked, item, learnt, listed, row, told, words
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

AFTER = HOUR - 60
"""When a post is whose row is read a minute after it was sent for an hour ahead."""
THERE = listed(row(at=AFTER))
MADE = "makes posts and says that it refused them"
NONE = "refuses every post"
OTHER = not_modelled("The post was refused")


def no(said: Any, *more: Any, job: str = "job-1") -> Line:
    """A job that says this of its posts."""
    shown = [{"said": each} if isinstance(each, str) else each for each in (said, *more)]
    return told({"account-1": [failure(message=each) for each in shown]}, job=job)


def failure(**said: Any) -> Line:
    return {"account_id": "account-1", "account_name": words("My Page"), "provider": "facebook", **said}


def of(found: Any) -> tuple[list[str], Any, Any]:
    return found.says, found.switches.get("untrue_refusal"), found.refuses


@each_of(
    "lines, says, untrue, refuses",
    [
        ([asked(item()), THERE], [], None, None),
        ([asked(item()), told(), listed()], [], None, None),
        # What was refused and is there all the same, by its account and its minute.
        ([asked(item()), no("one minute gap"), THERE], [MADE], GAP_TEXT, None),
        ([asked(item()), no(words("?")), listed(row(at=AFTER + 29))], [MADE], OTHER, None),
        ([asked(item()), no(words("?")), listed(row(at=AFTER - 30))], [NONE], None, OTHER),
        ([asked(item()), no(words("?")), listed(row("account-2", at=AFTER))], [NONE], None, OTHER),
        # Without a time, by its words.
        ([asked(item(at=None)), no(words("?")), listed(row())], [MADE], OTHER, None),
        ([asked(item(at=None)), no(words("?")), listed(row(text="others"))], [NONE], None, OTHER),
        ([asked(item()), no(words("?")), listed(row(at=None))], [MADE], OTHER, None),
        ([asked(item(text=None)), no(words("?")), listed(row(at=None, text=None))], [MADE], OTHER, None),
        ([asked(item(text=None)), no(words("?")), listed(row(at=None))], [NONE], None, OTHER),
        ([asked(item()), no(words("?")), listed(row(at=None, text=None))], [NONE], None, OTHER),
        # What nothing says of: one of two, none at all.
        ([asked(item(), item("account-2")), no(words("?")), listed()], [], None, None),
        ([asked(item(), item("account-2")), no(words("?"), words("?")), THERE], [], None, None),
        ([asked(item(), item("account-2")), no(words("?"), words("?")), listed()], [NONE], None, OTHER),
        # Another command's job and post.
        ([asked(item()), START, no(words("?")), listed()], [], None, None),
        ([asked(item()), no(words("?")), START, THERE], [NONE], None, OTHER),
        ([asked(item()), no(words("?"), job="job-2"), listed()], [], None, None),
        # The sentences that have a name.
        ([asked(item()), no("composer is in a bad state"), listed()], [NONE], None, COMPOSER_TEXT),
        ([asked(item()), no("post type is not valid"), listed()], [NONE], None, TYPE_TEXT),
        ([asked(item()), told([failure(error={"said": "one minute gap"})]), THERE], ["lists a job's failures", MADE], GAP_TEXT, None),
        ([asked(item()), told([words("?")]), listed()], ["lists a job's failures", NONE], None, OTHER),
    ],
)  # fmt: skip
def test_what_was_refused_is_looked_for(
    tmp_path: Path, lines: list[Line], says: list[str], untrue: str | None, refuses: str | None
) -> None:
    assert of(learnt(tmp_path, *lines)) == (says, untrue, refuses)


SAME = "duplicative or substantially similar"
ONCE = TEMPERS["words-once"].says


@each_of(
    "lines, says",
    [
        ([asked(item()), no(SAME), listed()], [ONCE]),
        ([asked(item()), no(SAME), THERE], [MADE]),
        # The same was asked for again: what is there may be the second.
        ([asked(item()), no(SAME), asked(item(), job="job-2"), THERE], [ONCE]),
        ([asked(item()), no(SAME), asked(item(at=HOUR + 29), job="job-2"), THERE], [ONCE]),
        ([asked(item()), no(SAME), asked(item(at=HOUR + 30), job="job-2"), THERE], [MADE]),
        ([asked(item()), no(SAME), asked(item(text="others"), job="job-2"), THERE], [MADE]),
        ([asked(item()), no(SAME), asked(item("account-2"), job="job-2"), THERE], [MADE]),
        ([asked(item()), no(SAME), THERE, START, asked(item(), job="job-2")], [MADE]),
        ([asked(item(at=None)), no(SAME), asked(item(at=None), job="job-2"), listed(row())], [ONCE]),
    ],
)
def test_words_that_x_takes_once(tmp_path: Path, lines: list[Line], says: list[str]) -> None:
    found = learnt(tmp_path, *lines)
    assert found.says == says
    assert found.switches.get("untrue_refusal") == (WORDS_TEXT if says == [MADE] else None)


def drafts(*rows: Line, at: float | None = HOUR) -> list[Line]:
    return [asked(item(at=at), state="draft"), listed(*rows)]


@each_of(
    "lines, temper",
    [
        (drafts(row(at=AFTER, state="draft")), None),
        (drafts(), "drafts-hidden"),
        (drafts(at=None), None),
        (drafts(row(at=None, state="draft")), "drafts-undated"),
        (drafts(row(at=AFTER)), "drafts-scheduled"),
        ([asked(item()), *drafts(row(at=AFTER, state="draft"))], None),
        ([asked(item()), listed(row(at=None))], None),
        ([asked(item()), listed()], None),
    ],
)
def test_what_becomes_of_drafts(tmp_path: Path, lines: list[Line], temper: str | None) -> None:
    assert learnt(tmp_path, *lines).says == ([TEMPERS[temper].says] if temper else [])


def turned(sent: Any, shown: Any, *more: tuple[Line, Any]) -> list[Line]:
    """Posts that were sent with one text and are listed with another."""
    pairs = [(sent, shown), *more]
    items = [item(f"account-{number}", text=one) for number, (one, _) in enumerate(pairs)]
    rows = [row(f"account-{number}", at=AFTER, text=other) for number, (_, other) in enumerate(pairs)]
    return [asked(*items), listed(*rows)]


SENT = words("a", trimmed="t", unescaped="u", without_markup="m", spaces_joined="s")
ELSE = {"without_end": "e", "trimmed": "o"}
ENTITIES = words("b", unescaped="u", without_markup="m", spaces_joined="o", **ELSE)
HTML = words("c", unescaped="o", without_markup="m", spaces_joined="o", **ELSE)
SQUEEZED = words("d", unescaped="o", without_markup="m", spaces_joined="s", **ELSE)
SIGNED = words("e", unescaped="o", without_markup="o", spaces_joined="o", trimmed="o", without_end="t")


@each_of(
    "lines, temper",
    [
        (turned(SENT, SENT), None),
        (turned(SENT, words("b", trimmed="t")), None),
        (turned(SENT, ENTITIES), "texts-entities"),
        (turned(SENT, HTML), "texts-html"),
        (turned(SENT, SQUEEZED), "texts-squeezed"),
        (turned(SENT, SIGNED), "texts-signed"),
        (turned(words("t"), SIGNED), "texts-signed"),
        (turned(SENT, words("o")), None),
        (turned(SENT, ENTITIES, (SENT, HTML)), "texts-html"),
        (turned(SENT, SIGNED, (SENT, words("o"))), None),
        (turned(SENT, SIGNED, (SENT, SENT)), "texts-signed"),
        (turned(SENT, None), None),
        (turned(None, SIGNED), None),
        (turned(SENT, SIGNED, (SENT, None)), "texts-signed"),
    ],
)
def test_what_becomes_of_texts(tmp_path: Path, lines: list[Line], temper: str | None) -> None:
    assert learnt(tmp_path, *lines).says == ([TEMPERS[temper].says] if temper else [])


LAUNCH, SMALL = words("L", lower="l"), words("l")
NAMED = {"id": "label-1", "name": LAUNCH}
KEPT = "lists posts without link"
DROPPED, LOWER = (TEMPERS[name].says for name in ("labels-dropped", "labels-lower"))


@each_of(
    "sent, shown, says",
    [
        ((LAUNCH,), None, []),
        ((LAUNCH,), [NAMED], [KEPT]),
        ((LAUNCH,), [LAUNCH], [KEPT]),
        ((LAUNCH,), [], [KEPT, DROPPED]),
        ((), [], [KEPT]),
        ((LAUNCH,), [{"name": SMALL}], [KEPT, LOWER]),
        ((LAUNCH,), [SMALL], [KEPT, LOWER]),
        ((LAUNCH,), [{"id": "label-1"}], [KEPT]),
        ((LAUNCH,), [None], [KEPT]),
        ((LAUNCH, LAUNCH), [NAMED, {"name": SMALL}], [KEPT, LOWER]),
        ((LAUNCH, LAUNCH), [{"name": SMALL}, {"name": words("x")}], [KEPT]),
        ((LAUNCH,), words("text"), [KEPT]),
    ],
)
def test_what_becomes_of_labels(tmp_path: Path, sent: Any, shown: Any, says: list[str]) -> None:
    lines = [asked(item(labels=sent)), listed(row(at=AFTER, labels=shown))]
    assert learnt(tmp_path, *lines, *lines).says == says


@each_of(
    "body",
    [
        None,
        {},
        {"bulk": None},
        {"bulk": {"state": "scheduled", "posts": None}},
        {"bulk": {"state": "scheduled", "posts": [{"networks": None, "accounts": None}]}},
        {"bulk": {"state": "scheduled", "posts": [{"networks": {}, "accounts": [{"id": "account-1"}]}]}},
    ],
)
def test_a_request_that_asks_for_no_post_tells_nothing_of_one(tmp_path: Path, body: Any) -> None:
    assert learnt(tmp_path, {**asked(), "body": body}, THERE).says == []
