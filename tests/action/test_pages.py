"""What tells pages apart, and where their links lead."""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from publer_sync.action import labels, pages
from publer_sync.action.annotations import annotate_error
from publer_sync.action.inputs import Event, Pull
from publer_sync.action.runs import CalendarOutcome
from publer_sync.commands.running.several import worst
from publer_sync.planning.allow import FLAGS
from publer_sync.render.past.outcomes import NOT_PUSHED
from publer_sync.values.errors import RejectedStateError, StateError
from publer_sync.values.problems import Location
from tests.builders import plan
from tests.github.repository import CALENDAR, SETTINGS, Repo, event, posts
from tests.networks.test_media import VIDEO
from tests.tables import each_of

if TYPE_CHECKING:
    from tests.action.conftest import Run
    from tests.github.hub import Hub


def test_two_calendars_have_two_marks() -> None:
    """Also where all that can be seen of their names is the same."""
    assert pages.mark("plan", "a-b") != pages.mark("plan", "a_b")
    assert "-->" not in pages.mark("plan", "x --> y")[:-3]


@each_of(
    ("file", "address"),
    [
        ("may.yaml", "https://github.com/o/r/blob/abc/cal/may.yaml#L3"),
        ("a b)#?.yaml", "https://github.com/o/r/blob/abc/cal/a%20b%29%23%3F.yaml#L3"),
        ("long.md", "https://github.com/o/r/blob/abc/cal/long.md?plain=1#L3"),
    ],
)
def test_the_address_of_a_line(file: str, address: str) -> None:
    event = Event.of({"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r"})
    assert pages.Place(event, "cal", "abc").line(file, 3) == address
    assert pages.Place(event, "cal/acme", "abc").line(f"../{file}", 3) == address


@each_of("option", [*FLAGS])
def test_each_label_that_stands_for_an_option_has_a_note(option: str) -> None:
    done = CalendarOutcome(Path("cal"), 0, plan=plan())
    event = Event.of({"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r"})
    name = option.removeprefix("--")
    means = labels.meaning(name)
    assert means is not None
    place = pages.Place(event, "cal", "abc", labels=(labels.Label(name, means, "anna", counts=True),))
    assert f"🏷️ <code>{name}</code>, set by anna: apply " in pages.page(done, place)


@each_of(("codes", "code"), [([0, 2], 2), ([2, 6, 4], 4), ([4, 5, 3], 3), ([3, 1], 1), ([], 0)])
def test_the_worst_code_of_several_calendars(codes: list[int], code: int) -> None:
    assert worst(codes) == code


@pytest.mark.parametrize(
    ("command", "files", "inputs", "what"),
    [
        ("plan", {}, {}, "nothing changes"),
        ("plan", {"clients/acme/may.yaml": posts("x", account="nobody")}, {}, "1 error to fix first"),
        ("validate", {}, {}, "checked"),
        ("plan", {}, {"api_key": ""}, "no result"),
        ("apply", {"clients/acme/may.yaml": posts("x")}, {}, "done"),
    ],
)
def test_every_heading_names_the_calendar(
    step: Run, repo: Repo, command: str, files: dict[str, str], inputs: dict[str, str], what: str
) -> None:
    repo.commit({"clients/acme/publer.yaml": SETTINGS, **files})
    done = step(command, calendar="clients/acme", **inputs)
    assert f"### 📅 Social calendar clients/acme: {what}\n" in done.summary


@pytest.mark.slow
def test_what_a_pull_request_shows_can_be_opened_at_its_commits(step: Run, repo: Repo, hub: Hub) -> None:
    """A removed picture where it was, a video where it is now, and the line among the changed files."""
    media = repo.work / "calendar" / "media"
    media.mkdir(parents=True)
    Image.new("RGB", (40, 30), "red").save(media / "gone.png")
    (media / "film.mp4").write_bytes(VIDEO)
    shown = "  media:\n  - {file: media/%s, alt: It}\n"
    (media / "first.mp4").write_bytes(VIDEO + bytes(8))
    swapped = posts("Swapped", since=30) + (shown % "first.mp4").replace(", alt: It", "")
    gone = posts("Old words", since=15) + shown % "gone.png"
    repo.commit({"calendar/july.yaml": swapped})
    base = repo.commit({**CALENDAR, "calendar/june.yaml": gone})
    assert step("apply").code == 0
    (media / "gone.png").unlink()
    (media / "first.mp4").unlink()
    repo.commit({"calendar/july.yaml": swapped.replace("first.mp4", "film.mp4")}, branch="topic")
    film = posts("A film", since=20) + (shown % "film.mp4").replace(", alt: It", "")
    head = repo.commit({"calendar/june.yaml": film}, branch="topic")
    pull = event(repo)
    pull["pull_request"]["base"]["sha"] = base
    done = step("plan", event=pull)
    comment = hub.bodies(7)[-1]
    blob = "https://github.com/o/r/blob"
    assert f'<img src="{blob}/{base}/calendar/media/gone.png?raw=true"' in comment
    assert f"[🎬 open film.mp4]({blob}/{head}/calendar/media/film.mp4)" in comment
    page = html.unescape(Path(done.outputs["preview"]).read_text(encoding="utf-8"))
    assert f'href="{blob}/{head}/calendar/media/film.mp4"' in page
    assert f'href="{blob}/{base}/calendar/media/first.mp4"' in page, "what was swapped can be opened too"
    figures = "(0:12, 1920 x 1080, 1 kB)"
    assert (
        f"[🎬 open first.mp4]({blob}/{base}/calendar/media/first.mp4) {figures} → [🎬 open film.mp4]"
        in comment
    )
    digest = hashlib.sha256(b"calendar/june.yaml").hexdigest()
    changed = set(re.findall(r'href="([^"]*/pull/[^"]*)"', page))
    other = hashlib.sha256(b"calendar/july.yaml").hexdigest()
    assert changed == {f"https://github.com/o/r/pull/7/files#diff-{one}R2" for one in (digest, other)}
    assert f'href="{blob}/{head}/calendar/may.yaml#L2"' in page


def test_the_preview_of_a_pull_request_names_the_label_that_allows_what_is_refused(
    step: Run, repo: Repo, hub: Hub
) -> None:
    base = repo.commit({**CALENDAR, "calendar/publer.yaml": f"{SETTINGS}limits: {{delete: 0}}\n"})
    assert step("apply").code == 0
    repo.commit({"calendar/may.yaml": posts("One")}, branch="topic")
    pull = event(repo)
    pull["pull_request"]["base"]["sha"] = base
    alarm = "If you mean it: someone with write access adds the label allow-deletes-1 to this pull request."
    page = Path(step("plan", event=pull).outputs["preview"]).read_text(encoding="utf-8")
    assert "apply will refuse all of this: 1 post would be removed; the safety limit is 0" in page
    assert alarm in page
    page = Path(step("plan", event=pull, allow_deletes="1").outputs["preview"]).read_text(encoding="utf-8")
    assert "apply will refuse" not in page


@each_of(
    "name, pulls, merged, told",
    [
        ("pull_request", {7: "a"}, False, "adds the label allow-twins to this pull request."),
        ("push", {7: "a"}, True, "adds the label allow-twins to the pull request ("),
        ("push", {7: "a", 8: "b"}, True, "#7"),
        ("push", {}, True, "runs the apply workflow by hand, with allow-twins."),
        ("schedule", {7: "a"}, True, "runs the apply workflow by hand, with allow-twins."),
    ],
)
def test_what_somebody_does_to_allow_something_depends_on_the_run(
    name: str, pulls: dict[int, str], merged: bool, told: str
) -> None:
    environ = {"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r", "GITHUB_EVENT_NAME": name}
    place = pages.Place(Event.of(environ), "calendar", "a" * 40, pulls, merged=merged)
    assert told in place.apply_plainly(["--allow-twins"])
    assert place.apply_plainly([]).startswith("run this again (")
    unread = replace(place, unread="GitHub says 502").apply_plainly(["--allow-twins"])
    assert unread.startswith("GitHub could not be asked for labels. Make sure that allow-twins") is merged
    both = place.apply_plainly(["--allow-twins", "--allow-deletes 2"])
    with_labels = "adds the labels allow-twins and allow-deletes-2 to " in both
    assert with_labels is not ("with allow-twins and allow-deletes: 2." in both)
    where = Location("may.yaml", 3)
    assert place.review(where) is None, "no event of a pull request"
    pull = replace(place.event, pull=Pull(7, "a" * 40, from_outside=False))
    assert "/o/r/pull/7/files#diff-" in (replace(place, event=pull).review(where) or "")


def test_a_state_that_was_not_pushed_is_named_as_that(capsys: pytest.CaptureFixture[str]) -> None:
    for error in (RejectedStateError("no push", hint="Merge"), StateError("no push", hint="Merge")):
        annotate_error(error)
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(f"::error title={NOT_PUSHED}::no push")
    assert second.startswith("::error title=state::no push")
