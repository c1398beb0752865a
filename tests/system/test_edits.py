"""What changes in a post, through the front door: each part edited in turn, and told in words."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from textwrap import indent
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.conftest import Cli

NOW = ("--sandbox", "--now", "2027-02-20")


class Edit(NamedTuple):
    """A post's keys beside its time, before and after an edit, and how the plan tells it."""

    account: str
    before: str
    after: str
    said: str
    shown: bool = False
    """Whether Publer's listing shows it, so that no note is added."""


EVERY_NETWORK = """\
timezone: Europe/Oslo
accounts:
  facebook: Fjordlight
  instagram: fjordlight
  x: Fjordlight
  linkedin: Fjordlight
  bluesky: fjordlight.example
  mastodon: fjordlight
  pinterest: fjordlight
  tiktok: fjordlight
  youtube: Fjordlight
  google: Fjordlight Bergen
  telegram: fjordlight
  wordpress: fjordlight.example
"""
NOTE = "(not shown by Publer; compared with what was last sent)"
ID, OTHER = "63c675e94e299e9cf2b667ec", "63c675e94e299e9cf2b667ed"
LINK = "link: {url: https://a.example/one, title: One lamp, description: A card, image: card.png, call_to_action: SHOP_NOW}"


def media(*pieces: str) -> str:
    return "\n".join(["media:", *(f"- {{{piece}}}" for piece in pieces)])


LAMP, BOX, CUP = "file: lamp.png, alt: A lamp", "file: box.png, alt: A box", "file: cup.png, alt: A cup"
POLL = "poll: {options: [Candle, Phone torch], duration: 3d, question: Well?}"
THREAD = "thread:\n- text: Part two\n- text: Part three\n- text: Part four"
COMMENTS = "comments:\n- text: First, after: 1m"
EDITS = (
    # words
    Edit("x", "text: An old word", "text: A new word", "[-An old-]{+A new+} word", shown=True),
    Edit("linkedin", f"{media('file: guide.pdf')}\ntitle: Old pages", f"{media('file: guide.pdf')}\ntitle: New pages", "title: [-Old-]{+New+} pages", shown=True),
    Edit("google", f"{media(LAMP)}\ntype: event\ntitle: Open day\nstart: 2027-03-02T09:00:00+01:00\nend: 2027-03-02T10:00:00+01:00", f"{media(LAMP)}\ntype: event\ntitle: Open night\nstart: 2027-03-02T09:00:00+01:00\nend: 2027-03-02T10:00:00+01:00", "title: Open [-day-]{+night+}"),
    Edit("x", "draft: true", "draft: false", "draft: [-yes-]", shown=True),
    Edit("x", "", "draft: true", "draft: [-no-]{+yes+}", shown=True),
    Edit("facebook", media(LAMP), f"type: story\n{media(LAMP)}", "type: [-photo-]{+story+}", shown=True),
    Edit("x", "labels: [old, kept]", "labels: [kept, new]", "labels: kept, [-old-]{+new+}"),
    # a link
    Edit("facebook", "link: https://a.example/one", "link: https://a.example/two", "link: [-https://a.example/one-]{+https://a.example/two+}", shown=True),
    Edit("facebook", LINK, LINK.replace("One", "Two"), "link title: [-One-]{+Two+} lamp"),
    Edit("facebook", LINK, LINK.replace("A card", "The card"), "link description: [-A-]{+The+} card"),
    Edit("facebook", LINK, LINK.replace("SHOP_NOW", "LEARN_MORE"), "link button: [-Shop now-]{+Learn more+}"),
    Edit("facebook", LINK, LINK.replace("card.png", "lamp.png"), "link picture: [-card.png-]{+lamp.png+}"),
    # media
    Edit("facebook", media(LAMP), media(BOX.replace("A box", "A lamp")), "picture: [-lamp.png-]{+box.png+} alt text of lamp.png: [-A lamp-] alt text of box.png: {+A lamp+}"),
    Edit("facebook", media("file: winter.png, alt: Snow"), media("file: new/winter.png, alt: Snow"), "picture: [-winter.png-]{+a new winter.png+}"),
    Edit("facebook", media(LAMP), media(LAMP, BOX), "pictures: lamp.png {+box.png+} alt text of box.png: {+A box+}", shown=True),
    Edit("facebook", media(LAMP, BOX), media(LAMP), "picture: lamp.png [-box.png-] alt text of box.png: [-A box-]", shown=True),
    Edit("facebook", media(LAMP, BOX, CUP), media(CUP, LAMP, BOX), "pictures reordered: [-lamp.png, box.png, cup.png-]{+cup.png, lamp.png, box.png+}"),
    Edit("facebook", media(LAMP), media(LAMP.replace("A lamp", "A red lamp")), "alt text of lamp.png: A {+red +}lamp"),
    Edit("facebook", media(LAMP), media(f"{LAMP}, caption: The small one"), "caption of lamp.png (may not be published): {+The small one+}"),
    Edit("facebook", media("file: clip.mp4, thumbnail: lamp.png"), media("file: clip.mp4, thumbnail: box.png"), "cover of clip.mp4: [-lamp.png-]{+box.png+}"),
    Edit("facebook", media("file: clip.mp4"), media("file: clip.mp4, thumbnail: box.png"), "cover of clip.mp4: {+box.png+}"),
    # polls, threads, comments
    Edit("linkedin", POLL, POLL.replace("Phone torch", "Lamp"), "poll options: Candle, [-Phone torch-]{+Lamp+}"),
    Edit("linkedin", POLL, POLL.replace("3d", "1w"), "poll open for: [-3-]{+7+} days"),
    Edit("linkedin", POLL, POLL.replace("Well?", "So?"), "poll question: [-Well?-]{+So?+}"),
    Edit("x", THREAD, THREAD.replace("Part two", "Part 2"), "part 2: Part [-two-]{+2+}"),
    Edit("x", THREAD, f"{THREAD}\n- text: The end", "part 5: {+The end+}"),
    Edit("x", THREAD, THREAD.replace("- text: Part two\n", ""), "part 2: [-Part two-]"),
    Edit("x", THREAD, "thread:\n- text: Part four\n- text: Part two\n- text: Part three", "part 2: {+Part four+} part 4: [-Part four-]"),
    Edit("x", f"thread:\n- text: More\n  media: [{{{LAMP}}}]", f"thread:\n- text: More\n  media: [{{{BOX.replace('A box', 'A lamp')}}}]", "part 2, picture: [-lamp.png-]{+box.png+} part 2, alt text of lamp.png: [-A lamp-] part 2, alt text of box.png: {+A lamp+}"),
    Edit("x", f"thread:\n- text: More\n  media: [{{{LAMP}}}]", f"thread:\n- text: More\n  media: [{{{LAMP.replace('A lamp', 'A red lamp')}}}]", "part 2, alt text of lamp.png: A {+red +}lamp"),
    Edit("facebook", "comments:\n- {text: First, after: 1m}", "comments:\n- {text: First, after: 2h}", "comment 1, after: [-1 minute-]{+2 hours+}"),
    Edit("facebook", "comments:\n- {text: First, language: en}", "comments:\n- {text: First, language: de}", "comment 1, language: [-en-]{+de+}"),
    Edit("facebook", f"comments:\n- {{text: First, media: [{{{LAMP}}}]}}", "comments:\n- {text: First}", "comment 1, picture: [-lamp.png-] comment 1, alt text of lamp.png: [-A lamp-]"),
    Edit("facebook", "comments:\n- {text: First}", "comments:\n- {text: First}\n- {text: Second, after: 10m}", f"comment 2: {{+Second+}} comment 2, after: {{+10 minutes+}} {NOTE}", shown=True),
    Edit("facebook", "comments:\n- {text: First}", "comments: null", "comment 1: [-First-]"),
    # sharing and removal
    Edit("facebook", "share: {accounts: [linkedin]}", "share: {accounts: [x]}", "shared by: [-linkedin-]{+x+}"),
    Edit("facebook", "share: {accounts: [linkedin], after: 2h}", "share: {accounts: [linkedin], after: 3h}", "shared after: [-2-]{+3+} hours"),
    Edit("facebook", "share: {accounts: [linkedin], text: Look here}", "share: {accounts: [linkedin], text: Look there}", "shared with the text: Look [-here-]{+there+}"),
    Edit("facebook", "", "share: {accounts: [x, linkedin], after: 2h, text: Look}", f"shared by: {{+linkedin, x+}} shared after: {{+2 hours+}} shared with the text: {{+Look+}} {NOTE}", shown=True),
    Edit("facebook", "auto_delete: {after: 6h}", "auto_delete: {after: 1w}", "auto-delete after: [-6 hours-]{+7 days+}"),
    Edit("facebook", "auto_delete: {after: 6h}", "auto_delete: {after: 6h, hide: true}", "hidden instead of deleted: {+yes+}"),
    Edit("facebook", "auto_delete: {after: 6h, hide: true}", "auto_delete: null", "auto-delete: [-hidden after 6 hours-]"),
    # a network's own
    Edit("mastodon", "visibility: public", "visibility: unlisted", "visibility: [-public-]{+unlisted+}"),
    Edit("mastodon", "", "spoiler_text: Lamps inside", "spoiler text: {+Lamps inside+}"),
    Edit("tiktok", f"{media('file: clip.mp4')}\nprivacy: SELF_ONLY", f"{media('file: clip.mp4')}\nprivacy: PUBLIC_TO_EVERYONE", "privacy: [-Self only-]{+Public to everyone+}"),
    Edit("tiktok", f"{media('file: clip.mp4')}\nduet: true", f"{media('file: clip.mp4')}\nduet: false", "duet: [-yes-]{+no+}"),
    Edit("pinterest", f"{media(LAMP)}\nboard: {ID}", f"{media(LAMP)}\nboard: {OTHER}", "board: a different one"),
    Edit("facebook", f"{media(LAMP)}\nalbum: '11223344'", f"{media(LAMP)}\nalbum: '11223345'", "album: a different one"),
    Edit("facebook", f"location: {{id: {ID}, name: Oslo}}", f"location: {{id: {OTHER}, name: Bergen}}", "location: [-Oslo-]{+Bergen+}"),
    Edit("facebook", f"signature: {ID}", "", "signature: [-set-]"),
    Edit("youtube", f"title: A\n{media('file: clip.mp4')}\ntags: [lamp, old]", f"title: A\n{media('file: clip.mp4')}\ntags: [lamp, new]", "tags: lamp, [-old-]{+new+}"),
)  # fmt: skip


def calendar(top: Path, edits: Sequence[Edit], *, after: Callable[[int], bool]) -> None:
    """One post of its own day for each edit; `after` says by its number whether the edit is made."""
    lines = ["posts:"]
    for number, edit in enumerate(edits):
        day = date(2027, 3, 1) + timedelta(days=number)
        lines += [f"- id: post-{number:02}", f"  at: {day} 09:00", f"  text: Words {number}"]
        lines += ["  accounts:", f"  - account: {edit.account}"]
        lines.append(indent(edit.after if after(number) else edit.before, "    "))
    (top / "posts.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def told(plan: str) -> dict[str, str]:
    """What stands below the row of each post, on one line."""
    found: dict[str, str] = {}
    name = ""
    for line in plan.split("\n"):
        if row := re.search(r" (post-\d\d)$", line):
            name = row[1]
        elif name and line.startswith(" " * 19):
            found[name] = f"{found.get(name, '')} {line.strip()}".strip()
        else:
            name = ""
    lines = {name: " ".join(said.partition("Publer can't change")[0].split()) for name, said in found.items()}
    return {name: re.sub(r"\(these \d are not", "(not", line) for name, line in lines.items()}


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A calendar on every network, with the media of the edits."""
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text(EVERY_NETWORK, encoding="utf-8")
    source = (ROOT / "examples/calendar/media/table.png").read_bytes()
    (top / "new").mkdir()
    for name in ("lamp", "box", "cup", "card", "winter", "new/winter"):
        (top / f"{name}.png").write_bytes(source + name.encode())
    for name, example in (("clip.mp4", "repair.mp4"), ("guide.pdf", "care-guide.pdf")):
        (top / name).write_bytes((ROOT / "examples/calendar/media" / example).read_bytes())
    return top


@pytest.mark.slow
def test_a_plan_file_is_refused_once_any_key_of_its_posts_changes(top: Path, cli: Cli) -> None:
    """Whether Publer shows the key or not; nothing is sent, so the plan file still applies to what it was made of."""
    file = top.parent / "plan.json"
    calendar(top, EDITS, after=lambda _: False)
    assert cli("plan", top, *NOW, "--out", file).code == 0
    for changed in range(len(EDITS)):
        calendar(top, EDITS, after=changed.__eq__)
        assert cli("apply", file, "--yes").code == 5, EDITS[changed]
    calendar(top, EDITS, after=lambda _: False)
    assert cli("apply", file, "--yes").code == 0


@pytest.mark.story
def test_each_edit_is_told_in_words(top: Path, cli: Cli) -> None:
    calendar(top, EDITS, after=lambda _: False)
    done = cli("apply", top, *NOW, "--yes")
    assert done.code == 0, done
    calendar(top, EDITS, after=lambda _: True)
    text = cli("plan", top, *NOW).stdout
    assert told(text) == {
        f"post-{number:02}": edit.said if edit.shown else f"{edit.said} {NOTE}"
        for number, edit in enumerate(EDITS)
    }
    markdown = cli("plan", top, *NOW, "--format", "markdown").stdout
    footnote = re.search(r"<sup>(\d)</sup> Not shown by Publer; compared with what was last sent\.", markdown)
    assert footnote is not None
    noted = sum(not edit.shown or NOTE in edit.said for edit in EDITS)
    assert markdown.count(f"<sup>{footnote[1]}</sup>") == noted + 1, "once below the table"
    for page in (text, markdown):
        assert re.findall(r"sha256:|\b[0-9a-f]{24}\b|\bunit\b|duration \W*\d|\w+_id\b", page) == []

    changes = json.loads(cli("plan", top, *NOW, "--format", "json").stdout)["changes"]
    fields = {item["field"]: item for change in changes for item in change["diff"]}
    assert {item.get("blind", False) for item in fields.values()} == {True, False}
    assert fields["share.after"] == {
        "field": "share.after",
        "before": {"duration": 2, "unit": "Hour"},
        "after": {"duration": 3, "unit": "Hour"},
        "blind": True,
    }
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", fields["link.image"]["before"])
    assert [len(fields["share.accounts"][side][0]) for side in ("before", "after")] == [24, 24]

    done = cli("apply", top, *NOW, "--yes")
    assert done.code == 0, done
