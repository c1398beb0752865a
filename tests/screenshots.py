"""The pictures of docs/: `python -m tests.screenshots` makes them of the example calendar, with the sandbox and Chromium.

The scene: the calendar was applied; then one post was edited, one moved, one added and one removed.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from PIL import Image

from publer_sync.action.telling import call_text
from publer_sync.render import notice
from tests.browser import ARGUMENTS, CHROMIUM

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
NAMES = (
    "comment", "failed", "preview", "preview-dark", "preview-phone", "results", "studio-changes", "studio-conflict",
    "studio-drag", "studio-drag-dark", "studio-form", "studio-phone",
)  # fmt: skip
NOW = ("--sandbox", "--now", "2027-02-20")
RESULTS = (
    "--sandbox", "--now", "2027-04-01", "--from", "2027-03-01", "--to", "2027-03-31", "--insights", "--format", "html",
)  # fmt: skip
GONE = """- at: Fri 2027-03-05 17:00
  accounts: words
  text: |
    What would you take into the dark first: the lamp, or the thermos?
"""
NEW = """posts:
- id: workshop
  at: Wed 2027-03-03 12:30
  accounts: [linkedin, x]
  text: |
    Open workshop on Saturday: bring a lamp that is broken, take it home repaired.
"""
EDITS = {
    "2027-03-launch.yaml": {
        "on Tuesday.\n": "on Tuesday at nine.\n",
        "- at: 2027-03-04\n": "- at: 2027-03-04 17:00\n",
        GONE: "",
    },
    "2027-03.yaml": {"posts:\n": NEW},
}


def applied(folder: Path) -> None:
    """The example calendar as applied."""
    shutil.copytree(
        ROOT / "examples" / "calendar", folder / "calendar", ignore=shutil.ignore_patterns(".publer-sync")
    )
    settings = folder / "calendar" / "publer.yaml"
    settings.write_text(f"{settings.read_text(encoding='utf-8')}name: Fjordlight\n", encoding="utf-8")
    run(folder, "apply", "calendar", *NOW, "--yes")


def scene(folder: Path) -> None:
    """The calendar as applied, and what was edited since."""
    applied(folder)
    for name, edits in EDITS.items():
        file = folder / "calendar" / name
        text = file.read_text(encoding="utf-8")
        for old, new in edits.items():
            assert old in text, old
            text = text.replace(old, new, 1)
        file.write_text(text, encoding="utf-8")


def run(folder: Path, *words: str, columns: int = 100) -> str:
    """What a command writes to stdout, which is a terminal."""
    import pty

    ours, theirs = pty.openpty()
    environment = {
        **os.environ,
        "COLUMNS": str(columns),
        "PYTHONPATH": str(ROOT),
        "PUBLER_SYNC_POLL_SECONDS": "0.05",
    }
    environment.pop("NO_COLOR", None)
    with subprocess.Popen(
        [sys.executable, "-m", "publer_sync", *words],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
    ):
        os.close(theirs)
        written = b""
        try:
            while piece := os.read(ours, 65536):
                written += piece
        except OSError:  # Linux tells so that the other end was closed
            pass
    os.close(ours)
    return written.decode().replace("\r\n", "\n")


# --- pages to take pictures of --------------------------------------------------------------------------------------

_COMMENT = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; width: 800px; padding: 10px; background: #fff; color: #1f2328; font: 15px/1.5 "Liberation Sans", "DejaVu Sans", sans-serif, "Noto Color Emoji"; }}
h3 {{ margin: 4px 0 12px; font-size: 19px; }} a {{ color: #0969da; text-decoration: none; }} summary {{ margin: 6px 0; }}
table {{ border-collapse: collapse; }} th, td {{ border: 1px solid #d1d9e0; padding: 5px 12px; }} del {{ color: #d1242f; }}
blockquote {{ margin: 8px 0; padding: 0 14px; border-left: 4px solid #d1d9e0; color: #59636e; }} sub {{ font-size: 12px; vertical-align: baseline; color: #59636e; }}
code {{ background: #eff1f3; border-radius: 5px; padding: 2px 5px; font-size: 13px; }} p {{ margin: 8px 0; }}
article {{ border: 1px solid #d1d9e0; border-radius: 8px; overflow: hidden; }} section {{ padding: 6px 20px 12px; }}
header {{ padding: 8px 20px; background: #f6f8fa; border-bottom: 1px solid #d1d9e0; color: #59636e; font-size: 14px; }}</style>
<body><article><header><b>github-actions</b> commented</header><section>{comment}</section></article>"""


def comment(markdown: str) -> str:
    """What GitHub makes of it, about."""
    return _COMMENT.format(comment=MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown))


def failed() -> str:
    """The comment after a night in which Publer refused a post."""
    account = {"id": "1", "alias": "linkedin", "name": "Fjordlight", "provider": "linkedin"}
    result = {
        "id": "launch-film",
        "account": account,
        "scheduled_at": "2027-03-02T08:00:00Z",
        "outcome": "failed",
    }
    result |= {"source": {"file": "2027-03-launch.yaml", "line": 12}, "message": "Publer refused the post"}
    result |= {
        "publer_said": "Video is longer than LinkedIn allows",
        "hint": "Use a shorter video, and merge that",
    }
    found = notice.notice({"results": [result], "requests": 1}, {})
    return call_text("kari-fjordlight", found.new, folder="calendar", sha="4d1c9ab", run="#")


# --- pictures -------------------------------------------------------------------------------------------------------


def take(
    browser: Browser,
    page: Path,
    name: str,
    *,
    width: int,
    height: int | None = None,
    dark: bool = False,
) -> None:
    """A picture of a page: of what the window shows, or of the whole page where no height is given."""
    context = browser.new_context(
        viewport={"width": width, "height": height or 400},
        color_scheme="dark" if dark else "light",
        device_scale_factor=1.5,
        reduced_motion="reduce",
    )
    opened = context.new_page()
    opened.goto(f"{page.as_uri()}#view=month")
    shot = opened.locator("body").screenshot() if height is None else opened.screenshot()
    context.close()
    keep(shot, name)


def keep(shot: bytes, name: str, quality: int = 80) -> None:
    IMAGES.mkdir(exist_ok=True)
    Image.open(io.BytesIO(shot)).convert("RGB").save(IMAGES / f"{name}.webp", quality=quality, method=6)


def take_all(browser: Browser, folder: Path) -> None:
    page = folder / "page.html"
    page.write_text(comment(run(folder, "plan", "calendar", *NOW, "--format", "markdown")), encoding="utf-8")
    take(browser, page, "comment", width=820)
    page.write_text(comment(failed()), encoding="utf-8")
    take(browser, page, "failed", width=820)
    run(folder, "preview", "calendar", "--live", *NOW, "--out", page.name)
    take(browser, page, "preview", width=1280, height=860)
    take(browser, page, "preview-dark", width=1280, height=860, dark=True)
    take(browser, page, "preview-phone", width=380, height=800)
    march = folder / "march"
    applied(march)
    page.write_text(run(march, "results", "calendar", *RESULTS), encoding="utf-8")
    take(browser, page, "results", width=1280, height=860)


if __name__ == "__main__":
    from playwright.sync_api import sync_playwright

    from tests.studio import pictures as studio_pictures

    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        scene(Path(place))
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        take_all(chromium, Path(place))
        studio_pictures.take_all(chromium, Path(place) / "studio")
        chromium.close()
