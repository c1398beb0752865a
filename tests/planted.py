"""Two clients' calendars of some two hundred posts each, changed by someone in a hurry: among honest changes are 14 mistakes in each.

`python -m tests.planted FOLDER` writes both as they were applied, the changes, and what reviewers see of them: the comment, as GitHub shows it
about, and the page. Somebody who did not write them goes through both, with a clock; `MISTAKES` says afterwards what there was to find.
"""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from PIL import Image

from tests.networks.test_media import VIDEO
from tests.previewing.test_stills import pdf

NOW = ("--sandbox", "--now", "2027-02-01")
FIRST = date(2027, 2, 8)
CLIENTS: dict[str, dict[str, Any]] = {
    "fjordlight": {
        "timezone": "Europe/Oslo", "hosts": ["fjordlight.example"], "defaults": {"labels": ["fjordlight"]},
        "cadence": {"quiet": ["sun"], "hours": "07:00-21:00"},
        "accounts": {"facebook": "My Facebook Page", "instagram": "My Instagram", "x": "My X Account", "linkedin": "Company LinkedIn Page"},
    },
    "brygge": {
        "timezone": "Europe/Oslo", "hosts": ["brygge.example"], "defaults": {"labels": ["brygge"]},
        "accounts": {"mastodon": "My Mastodon", "threads": "My Threads", "bluesky": "My Bluesky", "telegram": "My Telegram Channel"},
    },
}  # fmt: skip
OPENING = "The new hall opens on Friday at nine, with coffee for the first hundred guests."


class Mistake(NamedTuple):
    """A post before and after, None where there is none, and the words by which comment and page show the mistake."""

    client: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    comment: tuple[str, ...]
    page: tuple[str, ...]


def said(text: str, accounts: str | list[str], **more: Any) -> dict[str, Any]:
    return {"accounts": accounts, "text": text, **more}


def shown(*names: str) -> list[dict[str, str]]:
    return [{"file": f"media/{name}", "alt": f"The {name.partition('.')[0]} on a table"} for name in names]


def film(name: str) -> list[dict[str, str]]:
    return [{"file": f"media/{name}"}]


A, B = CLIENTS
MISTAKES = {
    # --- Fjordlight
    "night": Mistake(A, said("Good morning, Bergen: the workshop is open", "x", clock="09:00"), said("Good morning, Bergen: the workshop is open", "x", clock="02:00"), ("09:00 →", "02:00"), ("Was", "02:00")),
    "price": Mistake(A, said("The Mini costs 1490 kroner until Saturday", "facebook"), said("The Mini costs 149 kroner until Saturday", "facebook"), ("1490 149",), ("1490 kroner", "149 kroner")),
    "other-account": Mistake(A, said("We are looking for two engineers in Bergen", "linkedin"), said("We are looking for two engineers in Bergen", "facebook"), ("Other account", "LinkedIn · Company LinkedIn Page → Facebook · My Facebook Page"), ("account changed", "Company LinkedIn Page")),
    "rough-cut": Mistake(A, said("How a lamp is repaired, in twelve seconds", "facebook", media=film("final.mp4")), said("How a lamp is repaired, in twelve seconds", "facebook", media=film("rough.mp4")), ("other video", "final.mp4 rough.mp4"), ("final.mp4", "rough.mp4")),
    "host": Mistake(A, said("Order the spare parts here", "linkedin", link="https://fjordlight.example/parts"), said("Order the spare parts here", "linkedin", link="https://fjordlihgt.example/parts"), ("fjordlihgt.example/parts", "⚠️"), ("fjordlihgt.example",)),
    "gone": Mistake(A, said("Recall: send back chargers of series 4, they get hot", "x"), None, ("Removed", "Recall: send back chargers"), ("removed", "Recall: send back chargers")),
    "no-draft": Mistake(A, said("We have sold the company to our employees", "linkedin", draft=True), said("We have sold the company to our employees", "linkedin"), ("no longer a draft",), ("no longer a draft",)),
    "mention": Mistake(A, said("Thank you @bergenfyr for the pictures", "x"), said("Thank you @bergenfyrverkeri for the pictures", "x"), ("bergenfyr", "bergenfyrverkeri"), ("bergenfyrverkeri",)),
    "poll": Mistake(A, said("Which lamp do you take into the dark?", "linkedin", poll={"options": ["The Mini", "The Maxi"], "duration": "3d"}), said("Which lamp do you take into the dark?", "linkedin", poll={"options": ["The Mini", "The Midi"], "duration": "3d"}), ("The Maxi", "The Midi"), ("The Midi",)),
    "menu": Mistake(A, said("Our new price list", "linkedin", title="Parts and prices", media=film("menu.pdf")), said("Our new price list", "linkedin", title="Parts and prices", media=film("old-menu.pdf")), ("menu.pdf old-menu.pdf",), ("5 pages", "2 pages")),
    "comment": Mistake(A, said("The guide is in the first comment", "linkedin", comments=[{"text": "https://fjordlight.example/guide"}]), said("The guide is in the first comment", "linkedin"), ("first comment", "fjordlight.example/guide"), ("first comment", "fjordlight.example/guide")),
    "cut": Mistake(A, said("We repair every lamp that we have ever made, whatever its age", "x"), said("We repair every lamp that we have ever made, whatev", "x"), ("whatev", "⚠️"), ("whatev",)),
    "day": Mistake(A, said("See you tomorrow, on Friday, at the fair", "instagram", media=shown("red.png"), weekday=3), said("See you tomorrow, on Friday, at the fair", "instagram", media=shown("red.png"), weekday=4), ("⚠️", "tomorrow"), ("tomorrow",)),
    "lookalike": Mistake(A, said("This is the Mini in blue", "instagram", media=[{"file": "media/blue.png", "alt": "The Mini in blue"}]), said("This is the Mini in blue", "instagram", media=[{"file": "media/red.png", "alt": "The Mini in blue"}]), ("other picture", "blue.png red.png"), ("other picture", ".sides img")),
    # --- Brygge
    "counted": Mistake(B, said("Five beers, a thread. 1/3", "bluesky", thread=[{"text": "2/3 The pilsner"}, {"text": "3/3 The stout"}]), said("Five beers, a thread. 1/4", "bluesky", thread=[{"text": "2/4 The pilsner"}, {"text": "4/4 The stout"}]), ("⚠️", "4/4"), ("4/4",)),
    "internal": Mistake(B, said("Come and taste it on Saturday", "threads"), said("Come and taste it on Saturday\n\nInternal: do not publish before the licence is signed", "threads"), ("do not publish before", "⚠️"), ("do not publish before",)),
    "twice": Mistake(B, None, said(OPENING, "mastodon"), ("Brygge has the same words",), ()),
    "label": Mistake(B, said("Two taps are new this week", "telegram"), said("Two taps are new this week", "telegram", labels=["fjordlight"]), ("which all posts here have, is on a post of Brygge",), ()),
    "zone": Mistake(B, said("The kitchen opens at eleven", "mastodon", clock="10:00"), said("The kitchen opens at eleven", "mastodon", clock="10:00", elsewhere="America/New_York"), ("10:00 New York", "16:00"), ("10:00 New York",)),
    "alts": Mistake(B, said("Two lamps, one table", "mastodon", media=[{"file": "media/red.png", "alt": "A red lamp"}, {"file": "media/blue.png", "alt": "A blue lamp"}]), said("Two lamps, one table", "mastodon", media=[{"file": "media/red.png", "alt": "A blue lamp"}, {"file": "media/blue.png", "alt": "A red lamp"}]), ("alt text",), ("alt text",)),
    "order": Mistake(B, said("First the malt, then the hops, then the glass", "mastodon", media=shown("red.png", "blue.png", "green.png")), said("First the malt, then the hops, then the glass", "mastodon", media=shown("green.png", "red.png", "blue.png")), ("order of pictures", "red.png, blue.png, green.png"), ("reordered",)),
    "negation": Mistake(B, said("The stout is not suitable for people with a nut allergy", "threads"), said("The stout is suitable for people with a nut allergy", "threads"), ("not",), ("is not suitable",)),
    "hashtag": Mistake(B, said("Friday at the quay #bryggefest", "mastodon"), said("Friday at the quay #byggefest", "mastodon"), ("#bryggefest", "#byggefest"), ("#byggefest",)),
    "phone": Mistake(B, said("Book a table: 55 31 20 40", "telegram"), said("Book a table: 55 31 20 04", "telegram"), ("40", "04"), ("55 31 20 04",)),
    "currency": Mistake(B, said("A tasting of five costs 250 kr", "bluesky"), said("A tasting of five costs 250 €", "bluesky"), ("kr", "€"), ("250 €",)),
    "shorter": Mistake(B, said("Monday: live music at eight", "threads", id="shorter", repeat={"every": "week", "times": 8}), said("Monday: live music at eight", "threads", id="shorter", repeat={"every": "week", "times": 4}), ("Removed", "Monday: live music"), ("removed",)),
    "preview": Mistake(B, said("Tickets for the summer party", "telegram", link="https://brygge.example/party-2027"), said("Tickets for the summer party", "telegram", link="https://brygge.example/party-2026"), ("party-2027", "party-2026"), ("party-2026",)),
    "crowded": Mistake(B, said("The last table of the evening is free", "bluesky", clock="18:00"), said("The last table of the evening is free", ["bluesky", "mastodon", "threads", "telegram"], clock="18:00"), ("new", "Mastodon", "Telegram"), ("Telegram",)),
}  # fmt: skip

_OPENINGS = (
    "A new week at the bench",
    "Before the weekend",
    "Somebody asked us",
    "From the archive",
    "A short answer",
    "Seen yesterday",
)
_MIDDLES = (
    "why the light is warm",
    "what happens to old parts",
    "how long it lasts",
    "who made the first one",
    "where the water comes from",
    "what we changed this year",
)
_ENDS = (
    "Come by and see.",
    "The answer is longer than a post.",
    "Ask us anything.",
    "It took us a year.",
    "Thank you for the letters.",
)


def ordinary(client: str, number: int) -> dict[str, Any]:
    chance = random.Random(f"{client} {number}")
    words = f"{chance.choice(_OPENINGS)}, number {number} of {client}: {chance.choice(_MIDDLES)}. {chance.choice(_ENDS)}"
    accounts = [each for each in CLIENTS[client]["accounts"] if each != "instagram"]
    return said(
        words,
        sorted(chance.sample(accounts, chance.randint(1, 2))),
        clock=f"{8 + number % 9:02}:{number * 7 % 60:02}",
    )


def honest(client: str, number: int, post: dict[str, Any]) -> dict[str, Any] | None:
    """What somebody changed on purpose: every fourth post, in many ways."""
    if number % 4:
        return post
    match number // 4 % 5:
        case 0:
            return {
                **post,
                "text": post["text"]
                .replace("Ask us anything.", "Ask us whatever you like.")
                .replace("number", "no."),
            }
        case 1:
            return {**post, "clock": f"{int(post['clock'][:2]) + 1:02}{post['clock'][2:]}"}
        case 2:
            return {**post, "labels": ["spring"]}
        case 3:
            return {**post, "text": f"{post['text']} More on Thursday's tour."}
    return None if number % 40 == 16 else {**post, "media": shown("green.png")}


def write(top: Path, client: str, *, changed: bool) -> None:
    posts: list[dict[str, Any]] = []
    planted = iter([(name, each) for name, each in MISTAKES.items() if each.client == client])
    for number in range(196):
        if number % 14 == 7 and (found := next(planted, None)) is not None:
            name, mistake = found
            made = mistake.after if changed else mistake.before
            posts += [_placed(made, number, name)] if made is not None else []
        post = ordinary(client, number)
        kept = honest(client, number, post) if changed else post
        posts += [_placed(kept, number, "")] if kept is not None else []
    if client == A:
        posts.append(_placed(said(OPENING, "linkedin", clock="11:00"), 150, "opening"))
    elsewhere = [post for post in posts if post.pop("elsewhere", None)]
    files: dict[str, dict[str, Any]] = {
        "posts.yaml": {"posts": [post for post in posts if post not in elsewhere]}
    }
    if elsewhere:
        files["new-york.yaml"] = {"timezone": "America/New_York", "posts": elsewhere}
    (top / "new-york.yaml").unlink(missing_ok=True)
    for name, content in files.items():
        (top / name).write_text(
            yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=200),
            encoding="utf-8",
        )


def _placed(post: dict[str, Any], number: int, name: str) -> dict[str, Any]:
    day = FIRST + timedelta(days=number // 2)
    if (weekday := post.get("weekday")) is not None:
        day += timedelta(days=(weekday - day.weekday()) % 7)
    elif day.weekday() == 6:
        day += timedelta(days=1)
    clock = post.get("clock") or f"{9 + number % 9:02}:{(number * 7 + 3) % 60:02}"
    rest = {key: value for key, value in post.items() if key not in ("clock", "weekday", "id")}
    return {"id": name or f"p{number}", "at": f"{day} {clock}", **rest}


def media(top: Path) -> None:
    (top / "media").mkdir(parents=True)
    for colour in ("red", "blue", "green"):
        Image.new("RGB", (800, 800), colour).save(top / "media" / f"{colour}.png")
    (top / "media" / "final.mp4").write_bytes(VIDEO)
    (top / "media" / "rough.mp4").write_bytes(VIDEO + bytes(300_000))
    (top / "media" / "menu.pdf").write_bytes(pdf(5))
    (top / "media" / "old-menu.pdf").write_bytes(pdf(2, packed=True))


class _Dumper(yaml.SafeDumper):
    """Several lines as people write them."""


_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style="|" if "\n" in text else None
    ),
)


def begin(folder: Path) -> list[Path]:
    """Both calendars as they are to be applied."""
    tops = [folder / client for client in CLIENTS]
    for top in tops:
        media(top)
        (top / "publer.yaml").write_text(
            yaml.safe_dump({"name": top.name.title(), **CLIENTS[top.name]}, sort_keys=False), encoding="utf-8"
        )
        write(top, top.name, changed=False)
    return tops


def hurry(tops: list[Path]) -> None:
    """What somebody changed since."""
    for top in tops:
        write(top, top.name, changed=True)


def main(folder: Path) -> None:
    from tests.screenshots import comment

    def run(*words: str | Path) -> str:
        ran = subprocess.run(
            [sys.executable, "-m", "publer_sync", *map(str, words)],
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            raise SystemExit(ran.stdout + ran.stderr)
        return ran.stdout

    tops = begin(folder / "clients")
    run("apply", folder / "clients", *NOW, "--yes")
    hurry(tops)
    shown_as = run("plan", folder / "clients", *NOW, "--format", "markdown")
    (folder / "comment.html").write_text(comment(shown_as), encoding="utf-8")
    run("preview", folder / "clients", *NOW, "--live", "--out", folder / "page.html")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
