"""The launch that docs/howto/campaign.md tells, with the files of that page: each post is published once."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from tests.action.desk import BRANCH, Desk, filled
from tests.conftest import ROOT
from tests.github.repository import Repo, pull_event
from tests.system.worlds import ACCOUNTS, World, clocks

if TYPE_CHECKING:
    from publer_sync.sandbox import Sandbox
    from tests.action.conftest import Run
    from tests.conftest import Cli
    from tests.github.hub import Hub
    from tests.internet import Internet

PAGE = (ROOT / "docs/howto/campaign.md").read_text(encoding="utf-8")
GUIDE = "http://fjordlight.example/mini/repair/"


def files() -> list[tuple[str, str]]:
    """Those of the page, in its order; its accounts are those of the sandbox, and its site that of the stand-in, without TLS."""
    found = re.findall(r"^```yaml\n# (calendar/\S+)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    local = [
        each.replace("workspace: Fjordlight", "workspace: My Primary Workspace").replace(
            "https://fjordlight", "http://fjordlight"
        )
        for _, each in found
    ]
    texts = [
        re.sub(
            r"(facebook|linkedin|x): Fjordlight.*",
            lambda alias: f"{alias[1]}: {{id: {ACCOUNTS[alias[1]]}, provider: {alias[1]}}}",
            each,
        )
        for each in local
    ]
    return [(name, each) for (name, _), each in zip(found, texts, strict=True)]


@pytest.mark.slow
def test_a_launch_from_start_to_end_publishes_each_post_once(
    step: Run, hub: Hub, repo: Repo, sandbox: Sandbox, internet: Internet, cli: Cli
) -> None:
    settings, posts, delves, teaser, request, moved = files()
    assert [name.partition("/")[2] for name, _ in (settings, posts, delves, teaser, request, moved)] == [
        *("publer.yaml", "mini.yaml", "mini-queue.yaml", "mini-queue.yaml"),
        *("requests/issue-12.yaml", "publer.yaml"),
    ]
    hub.permissions = {"anna": "write"}
    desk = Desk(step, hub, repo)
    with clocks(cast("World", SimpleNamespace(sandbox=sandbox))) as to:
        to(start := datetime(2027, 3, 1, tzinfo=UTC))
        repo.commit({".gitignore": ".publer-sync/\n"})
        head = repo.commit(dict([settings, posts, delves]), branch="topic")
        refused = step("plan", event=pull_event(head))
        assert (refused.code, refused.outputs["mistakes"]) == (3, "1")
        assert "this team never writes it; our style guide" in hub.comments[0]["body"]

        (repo.work / teaser[0]).write_text(teaser[1], encoding="utf-8")
        assert cli("fill", "calendar", "--yes", "--offline", cwd=repo.work).code == 0
        head = repo.commit({}, branch="topic")
        assert step("plan", event=pull_event(head)).outputs["create"] == "17"
        repo.merge("topic")

        answers = filled(
            "Thank you to everyone who tested the Mini in the dark.",
            "launch + 2d 12:00",
            note="Asked for by support",
        )
        assert desk.tell("opened", answers, at=start).code == 0
        assert desk.text() + "\n" == request[1].replace("issue-12", "issue-5")
        repo.git("fetch", "-q", "origin", f"{BRANCH}:{BRANCH}")
        repo.merge(BRANCH)
        desk.pull().update(state="closed", merged_at="x")

        first = step("apply")
        assert (first.code, first.outputs["applied"], first.outputs["waiting"]) == (0, "16", "2")
        internet.names["fjordlight.example"] = ["93.184.216.34"]
        to(datetime(2027, 3, 15, tzinfo=UTC))
        repo.git("checkout", "-q", "main")
        step("plan", event=pull_event(repo.commit(dict([moved]), branch="later"), number=8))
        assert "moved from Tue 6 Apr 2027 to Tue 13 Apr 2027: 7 posts" in hub.bodies(8)[0]
        assert "series mini-detail gets one more post: mini-detail@2027-04-07" in hub.bodies(8)[0].replace(
            "\u2060", ""
        )
        repo.merge("later")
        week_later = step("apply")
        assert week_later.code == 6, "the teaser that was published is told once"
        assert (week_later.outputs["replace"], week_later.outputs["blocked"]) == ("8", "2")
        assert step("apply").code == 0

        to(datetime(2027, 4, 1, tzinfo=UTC))
        internet.page(GUIDE)
        live = step("apply")
        assert (live.code, live.outputs["create"], live.outputs["waiting"]) == (0, "2", "0")
        desk.tell("edited", filled("Too late"), at=start)
        assert "is merged" in hub.bodies(5)[0]
        to(datetime(2027, 6, 1, tzinfo=UTC))
        alias = {number: name for name, number in ACCOUNTS.items()}
        published = Counter(
            (alias[post["account_id"]], post["text"].strip().partition("\n")[0], f"{post['at']:%d %b}")
            for post in sandbox.posts()
            if post["state"].startswith("published")
        )
        assert step("apply").outputs["changes"] == "false"
    days = Counter((account, day) for account, _, day in published.elements())
    assert days == Counter(
        [
            *(("x", "03 Mar"), ("x", "09 Mar"), ("facebook", "09 Mar"), ("x", "12 Apr")),
            *((account, "13 Apr") for account in ("facebook", "linkedin", "x")),
            *(("linkedin", "14 Apr"), ("x", "14 Apr"), ("facebook", "15 Apr")),
            *(("facebook", "16 Apr"), ("x", "16 Apr")),
            *(("x", day) for day in ("15 Apr", "22 Apr", "29 Apr")),
            *(("linkedin", day) for day in ("17 Mar", "24 Mar", "31 Mar", "07 Apr")),
        ]
    )
    assert set(published.values()) == {1}
