"""A request by form from its issue to its pull request, with a branch that no git keeps: what people read, and what is set."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.action import pages, request_page, requesting
from publer_sync.action.request_branch import branch_of
from publer_sync.action.request_page import RequestPage, Trouble, troubles
from publer_sync.drafting.draft import Draft
from publer_sync.drafting.form import Form
from publer_sync.machine.clock import Clock
from publer_sync.values.problems import Help, Location, Problem
from tests.action.desk import filled, issue_event
from tests.builders import post
from tests.github import hub as hubs
from tests.github.repository import SETTINGS
from tests.stored import agrees
from tests.write_docs import png

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.action.conftest import Run
    from tests.github.hub import Hub

HERE = Path(__file__).parent / "stored"
NOW = datetime(2026, 11, 24, 13, 20, tzinfo=UTC)
WHEN = "2026-12-01 09:00"


class PaperBranch:
    """What is on the branch of a request, and who put it there."""

    def __init__(self) -> None:
        self.number, self.files = 5, dict[str, bytes]()
        self.tip: str | None = None
        self.name, self.ours, self.made = branch_of(5), True, 0
        self.in_the_way: str | None = None
        self.on_main: set[str] = set()

    def is_ours(self, _: object, places: list[str]) -> bool:
        assert [place.removeprefix("calendar/") for place in places] == [
            "requests/issue-5.yaml",
            "media/issue-5",
        ]
        return self.ours

    def obstacle(self, _: object) -> str | None:
        return self.in_the_way

    def commit(self, files: Mapping[str, bytes], folder: str, message: str) -> str:
        assert (folder.removeprefix("calendar/"), message) == ("media/issue-5", "Write the post of issue 5")
        if self.tip is not None and files == self.files:
            return self.tip
        self.files = {**files}
        self.made += 1
        return f"{self.made:040x}"

    def push(self, commit: str) -> None:
        self.tip = commit

    def remove(self) -> None:
        assert self.tip is not None, "git fails where there is none"
        self.tip, self.files = None, {}


class PaperDesk:
    """Where requests come in; `told` has what each of them left to be read."""

    def __init__(self, run: Run, hub: Hub, folder: Path) -> None:
        self.step, self.hub, self.folder = run, hub, folder
        self.branch, self.body, self.run = PaperBranch(), "", 0
        self.told: dict[str, str] = {}
        self.seen: list[str] = []
        self.switched: list[str] = []

    def settings(self, text: str) -> None:
        (self.folder / "calendar" / "publer.yaml").write_text(text, encoding="utf-8")

    def tell(
        self, name: str, action: str, body: str | None = None, *, run: int | None = None, **more: Any
    ) -> None:
        before: dict[str, Any] = {"before": self.body} if action == "edited" and "before" not in more else {}
        self.body = self.body if body is None else body
        self.run += run is None
        self.hub.checks.clear()
        self.hub.log.clear()
        event = issue_event(action, self.body, **{"at": NOW, **before, **more})
        variables = {"GITHUB_SERVER_URL": self.hub.url, "GITHUB_RUN_ID": str(run or self.run)}
        done = self.step("request", event=event, name="issues", variables=variables, api_key="")
        assert self.switched.pop() == "a" * 40
        assert os.environ["GIT_CONFIG_COUNT"] == "1", "git can reach the branch of a request"
        assert done.summary.strip() in ("", *(each["body"].split("\n", 1)[1] for each in self.hub.comments))
        lines = [line for line in done.log.splitlines() if not line.startswith("::add-mask::")]
        checks = [f"check: {each['conclusion']}: {each['output']['title']}" for each in self.hub.checks]
        told = "\n".join([f"ends with {done.code}, {done.outputs}", *lines, *self.hub.writes(), *checks])
        now = [f"- {path}\n{_text(data)}" for path, data in self.branch.files.items()]
        now += [
            f"- pull request #{each['number']}, {each['state']}\n{each['body']}" for each in self.hub.pulls
        ]
        now += [f"- comment\n{each['body']}" for each in self.hub.comments]
        news = [part for part in now if part not in self.seen]
        self.seen = now
        self.told[name] = _DIGEST.sub("DIGEST", "\n\n".join([told, *news]).replace(self.hub.url, "HUB"))


_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


def _text(data: bytes) -> str:
    return data.decode() if data[:4] != b"\x89PNG" else f"a picture of {len(data)} bytes"


@pytest.fixture
def desk(one_run: Run, hub: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch) -> PaperDesk:
    desk = PaperDesk(one_run, hub, folder)
    (folder / "calendar" / "may.yaml").unlink()
    monkeypatch.setattr(Clock, "now", lambda _: NOW)
    replies: dict[str, Any] = {"default_branch": "main", "newest": "a" * 40}
    for name, reply in {**replies, "fetch_branch": desk.branch}.items():
        monkeypatch.setattr(requesting, name, lambda *_, reply=reply: reply)
    monkeypatch.setattr(requesting, "switch", desk.switched.append)
    monkeypatch.setattr(requesting, "exists", lambda _, file: file in desk.branch.on_main)
    hub.permissions = {"anna": "write", "mallory": "read"}
    return desk


def test_a_request_and_what_becomes_of_it(desk: PaperDesk, hub: Hub) -> None:
    desk.tell("another issue", "opened", "A bug")
    desk.tell("an action of no interest", "labeled", filled(when=WHEN))
    desk.tell("opened", "opened", filled("The lamp is here.\n\n#light", WHEN, note="Ask Ben", draft=True))
    desk.tell("the same run again", "opened", run=3)
    desk.tell("another title", "edited", before=None)
    desk.tell("words for two accounts", "edited", filled("The lamp is there.", "tomorrow 9:00", "facebook x"))
    later = NOW + timedelta(days=2)
    desk.tell("two days later", "edited", filled("It is.", "Tomorrow  9:00", "facebook x"), at=later)
    desk.tell("another time", "edited", filled("It is.", "tomorrow 10:00", "x"), at=later)
    first, second = hub.upload(png(600, 400)), hub.upload(png(300, 300))
    desk.tell(
        "pictures",
        "edited",
        filled("", WHEN, pictures=f"![a]({first}) ![b]({second})", alts="1. A lamp\n2. Its box"),
    )
    desk.tell("nothing new", "edited", desk.body + "\r\n")
    desk.tell("a run of before", "edited", desk.body + "\r\n", run=1)
    desk.tell("a mistake", "edited", filled(when="whenever"))
    desk.tell("another mistake", "edited", filled("x" * 281, WHEN, "x", alts="A lamp"))
    desk.tell("without accounts", "edited", filled(when=WHEN, accounts=""))
    desk.tell("right again, with a warning", "edited", filled("Look!", WHEN, pictures=first))
    whole = desk.body
    desk.tell("the form is gone", "edited", "A bug")
    desk.tell("and is back", "edited", whole)
    desk.tell("closed", "closed")
    desk.tell("reopened", "reopened")
    desk.branch.ours = False
    desk.tell("somebody committed to the branch", "edited", filled("Mine", WHEN))
    desk.tell("closed with work of others", "closed")
    desk.tell("reopened without a pull request", "reopened")
    desk.branch.ours = True
    desk.branch.in_the_way = "calendar/requests"
    desk.tell("a link in its way", "edited", filled("Now", WHEN))
    desk.branch.in_the_way = None
    hub.pulls[-1].update(merged_at="2026-12-01T00:00:00Z", state="closed")
    desk.tell("merged", "edited", filled("Too late", WHEN))
    hub.pulls.clear()
    desk.branch.on_main = {"calendar/requests/issue-5.yaml"}
    desk.tell("in the calendar", "closed")
    agrees(HERE / "request.md", desk.told)


def test_what_somebody_without_rights_asks_for(
    desk: PaperDesk, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_page, "_ROOM", 1_000)
    desk.tell("opened by mallory", "opened", filled("Buy my coins", WHEN), sender="mallory")
    desk.tell("another title, by anna", "edited", before=None)
    desk.tell("reopened by anna", "reopened")
    desk.tell("edited on top of words that nobody was shown", "edited", before=filled("Else", WHEN))
    desk.tell("edited by anna", "edited", desk.body + "\r\n")
    desk.tell("edited by mallory", "edited", filled("BUY", WHEN), sender="mallory")
    desk.tell("a reopening is no edit", "reopened", before=desk.body)
    desk.tell("closed by mallory", "closed", sender="mallory")
    desk.tell("closed by anna", "closed")
    desk.tell("what mallory wrote is not taken over", "reopened", before=desk.body)
    desk.tell("an edit of what was shown takes it over", "edited", filled("Sell", WHEN))
    desk.tell("too long to be shown", "edited", filled("words " * 200, WHEN), sender="mallory")
    desk.tell("and never taken over", "edited", desk.body + "\r\n")
    desk.tell("nobody", "edited", filled("x", WHEN), sender="")
    assert not any("/permission" in path for _, path in hub.log), "nobody has no rights to ask for"
    hub.comments.clear()
    desk.tell("an issue that was empty before", "edited", filled("Hello", WHEN), before="")
    desk.tell("another title, by mallory", "edited", before=None, sender="mallory")
    desk.settings(f"{SETTINGS}requests:\n  from: [Mallory]\n")
    desk.tell("mallory, who may ask by now", "edited", filled("Buy", WHEN), sender="mallory")
    agrees(HERE / "request_of_others.md", desk.told)


def test_what_keeps_a_request_from_being_ready(desk: PaperDesk, hub: Hub) -> None:
    broken = desk.folder / "calendar" / "a.yaml"
    broken.write_text("posts:\n- at: whenever\n  accounts: x\n  text: x\n", encoding="utf-8")
    desk.tell("an error of another post", "opened", filled(when=WHEN))
    desk.settings(SETTINGS.replace("Europe/Berlin", "Berlin"))
    desk.tell("and no such zone", "edited", desk.body + "\r\n")
    broken.unlink()
    for name, text in (
        ("no such zone", SETTINGS.replace("Europe/Berlin", "Berlin")),
        ("no accounts", "workspace: My Primary Workspace\ntimezone: Europe/Berlin\n"),
        ("no YAML", "accounts: ["),
    ):
        desk.settings(text)
        desk.tell(name, "edited", desk.body + "\r\n")
    desk.settings(SETTINGS + "limits: {delete: x}\n")
    desk.tell("another setting", "edited", desk.body + "\r\n")
    tip, desk.branch.tip = desk.branch.tip, None
    desk.settings("accounts: [")
    desk.tell("no YAML, and no branch", "edited", desk.body + "\r\n")
    desk.settings(SETTINGS)
    hub.pulls[0]["body"] = None
    desk.tell("too long for its network, and no branch", "edited", filled("x" * 281, WHEN, "x"))
    desk.branch.tip = tip
    desk.tell("too long for its network", "edited", filled("x" * 282, WHEN, "x"))
    hub.reads_only = True
    desk.tell("the token may not write", "edited", filled("x", WHEN))
    hub.reads_only = False
    desk.tell("closed", "closed")
    hub.opens_pulls = False
    desk.tell("reopened", "reopened")
    desk.tell("no pull requests by workflows", "edited", desk.body + "\r\n")
    desk.tell("and a mistake", "edited", filled(when="soon"))
    desk.settings("accounts: [")
    desk.tell("and no YAML", "edited", desk.body + "\r\n")
    desk.settings(SETTINGS)
    desk.branch.tip = None
    desk.tell("closed without a branch", "closed")
    agrees(HERE / "request_not_ready.md", desk.told)


def test_no_pull_request_of_another_branch_is_closed_whatever_github_lists(desk: PaperDesk, hub: Hub) -> None:
    hub.heeds_head = False
    heads = {
        70: {"ref": "topic", "repo": {"full_name": "o/r"}},
        71: {"ref": desk.branch.name, "repo": {"full_name": "fork/r"}},
        72: {"ref": desk.branch.name, "repo": None},
    }
    known = {"base": "main", "state": "open", "merged_at": None, "body": ""}
    hub.pulls += [{"id": number, "number": number, "head": head, **known} for number, head in heads.items()]
    desk.tell("opened", "opened", filled(when=WHEN))
    assert [each["state"] for each in hub.pulls] == ["open"] * 4, "it has one of its own"
    desk.tell("closed", "closed")
    assert {each["number"] for each in hub.pulls if each["state"] == "open"} == heads.keys()


def test_a_pull_request_that_was_opened_without_an_answer_is_not_opened_again(
    desk: PaperDesk, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publer_sync.action.github.WAITS", (0.0, 0.0))
    hub.troubles = [hubs.Trouble("POST .*/pulls$", hubs.BAD_GATEWAY, carried_out=True)]
    desk.tell("opened", "opened", filled(when=WHEN))
    assert [pull["number"] for pull in hub.pulls] == [101]
    assert "The post is in #101" in hub.comments[0]["body"]


def test_the_post_of_a_request_is_in_its_calendar_at_the_top_of_the_repository_too(
    desk: PaperDesk, hub: Hub
) -> None:
    (desk.folder / "calendar" / "publer.yaml").rename(desk.folder / "publer.yaml")
    body = filled(when=WHEN).replace("published?\r\n\r\n- [", "published? (this repository)\r\n\r\n- [")
    event = issue_event("opened", body, at=NOW)
    done = desk.step("request", event=event, name="issues", api_key="", calendar=".")
    assert (done.code, [*desk.branch.files]) == (0, ["requests/issue-5.yaml"]), done.log
    assert hub.comments[0]["body"].startswith(pages.mark("request", ""))


def test_a_time_that_counts_from_a_date_goes_on_counting_from_it(desk: PaperDesk) -> None:
    days: list[str] = []
    for day in ("2026-12-04", "2026-12-08"):
        desk.settings(f"{SETTINGS}dates: {{launch: {day}}}\n")
        desk.tell(day, "edited" if days else "opened", desk.body or filled(when="launch + 1d 09:00"))
        file = desk.branch.files["calendar/requests/issue-5.yaml"].decode()
        days += re.findall(r"\n  at: (.*)\n", file)
        days += re.findall(r" when: \w+ (\S+) ", desk.hub.comments[0]["body"])
    sums = ["launch + 1d 09:00", "2026-12-05T08:00Z", "launch + 1d 09:00", "2026-12-09T08:00Z"]
    assert days == sums, "no day that was once meant"


def problem(
    code: str, message: str, *, say: str | None = None, file: str = "own.yaml", severity: Any = "error"
) -> Problem:
    where = Location(file, 3) if file else None
    return Problem(severity, code, message, where, Help(say) if say is not None else None)


def test_what_is_wrong_is_told_in_words_for_someone_who_sees_no_file() -> None:
    """Errors first, each once; warnings of the post itself alone, and no order that is meant for a file."""
    found = troubles(
        [
            problem("media.no-alt", "no alt text", say="Describe it", severity="warning"),
            problem("text.long", "too long", say="Shorten it, or give X a text of its own"),
            problem("text.long", "too long", say="Shorten it, or give X a text of its own"),
            problem("x.text.key", "`id` is a key", say="Indent it"),
            problem("other", "no help"),
            problem("other", "a key", say="Write `at`"),
            problem("other", "a setting", say="Change publer.yaml"),
            problem("elsewhere", "an error elsewhere", say="Fix it", file="other.yaml"),
            problem("elsewhere", "a warning elsewhere", file="other.yaml", severity="warning"),
            problem("nowhere", "a warning of nothing", file="", severity="warning"),
        ],
        "own.yaml",
    )
    assert [(each.message, each.fix, each.severity) for each in found] == [
        ("too long", "Shorten it.", "error"),
        (
            'a line looks like one of the calendar\'s file, such as "id: x"',
            "Write this line in other words.",
            "error",
        ),
        ("no help", "", "error"),
        ("a key", "", "error"),
        ("a setting", "", "error"),
        ("an error elsewhere", "Fix it.", "error"),
        ("no alt text", "Write it under “What the pictures show”.", "warning"),
    ]


def page_of(folder: str) -> RequestPage:
    return RequestPage(Form(folder), "https://github.com/o/r", 5, "anna", folder)


def test_a_page_says_as_much_of_a_request_as_is_known() -> None:
    page, place = page_of(""), Location("requests/issue-5.yaml", 2)
    nothing = Draft("issue-5", place.file, b"", None, place, (), (), ())
    some = replace(nothing, posts=(post("12-01 09:00", "One\nTwo"),))
    assert "(UTC)" in page.described(nothing)
    lines = ["**Tue 1 Dec 2026 08:00** (UTC)", "On x (7 of 280 characters)", "> One\n> Two"]
    assert page.described(some) == "\n\n".join(lines)
    assert page.described(some, "at 9").startswith("**Tue 1 Dec 2026 08:00** (UTC, from “at 9”)\n")
    assert "\n\nSo the post cannot be checked.\n\n" in page.broken(())
    error = Problem("error", "x", "it is wrong", Location("publer.yaml", 3))
    for where, place_told in (("", "publer.yaml:3"), ("acme", "acme/publer.yaml:3")):
        told = f"\n\nSo the post cannot be checked (<code>{place_told}</code>): It is wrong.\n\n"
        assert told in page_of(where).broken([error])


@pytest.mark.parametrize(("number", "more"), [(20, ""), (21, "\n- … and 1 more")])
def test_very_many_problems_are_counted(number: int, more: str) -> None:
    page = page_of("")
    told = page.wrong([Trouble("", f"problem {each}", "") for each in range(number)], None)
    assert told.count("- ❌ ") == 20
    assert f"- ❌ Problem 19.{more}\n\nEdit this issue" in told


def test_a_long_text_is_cut_where_a_page_ends() -> None:
    whole = "a" * request_page.LONGEST
    assert request_page._cut(whole) == whole
    assert request_page._cut(f"{whole}b") == f"{whole}…"
    assert request_page._cut("a\nb", 10) == "a ¶ b"
    full = "a" * (request_page._ROOM - len("> "))
    assert (request_page.can_show(full), request_page.can_show(f"{full}b")) == (True, False)


@pytest.mark.parametrize(("calendar", "code"), [("clients", 64), ("both", 0), ("calendar", 0)])
def test_a_request_is_for_one_calendar(desk: PaperDesk, calendar: str, code: int) -> None:
    """A folder that is a calendar may have others in it."""
    for name in ("clients/a", "clients/b", "both", "both/c"):
        (desk.folder / name).mkdir(parents=True)
        (desk.folder / name / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    event = issue_event("opened", "A bug", at=NOW)
    done = desk.step("request", event=event, name="issues", api_key="", calendar=calendar)
    assert (done.code, "request takes one calendar, not 2" in done.log) == (code, code == 64)
