"""What a page says of a plan that its calendar has left behind, and which pictures are on it for how long."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publer_sync.calendar.load import read
from publer_sync.ledger.copies import End
from publer_sync.planning.plan import Action
from publer_sync.previewing.addresses import NO_ADDRESSES, Addresses
from publer_sync.previewing.marking import Marker, Marking
from publer_sync.previewing.page import AccountChip, Card
from publer_sync.previewing.previewed import preview_of
from publer_sync.previewing.thumbnails import Small, Thumbnails
from publer_sync.render.layout.dates import utc
from publer_sync.render.layout.documents import account_data, field_data
from publer_sync.values.approval import Approval, Statement
from publer_sync.values.model import MediaSource
from publer_sync.values.signoff import SignoffNeed
from tests.builders import (
    DAY,
    EARLIER,
    LINKEDIN,
    NOW,
    SOON,
    TOMORROW,
    X,
    change,
    copy_of,
    differs,
    plan,
    wanted,
)
from tests.showcase.world import Showcase
from tests.tables import each_of

if TYPE_CHECKING:
    from datetime import datetime

    from publer_sync.values.content import Json
    from publer_sync.values.model import Post


def marker(posts: tuple[Post, ...]) -> Marker:
    return Marker("Europe/Oslo", NOW, Thumbnails(), posts, lambda _digest, _name: None, NO_ADDRESSES)


def test_changes_of_a_plan_whose_posts_are_gone_are_counted(tmp_path: Path) -> None:
    world = Showcase(tmp_path / "calendar")
    compared = "Compared with Publer on Tue 24 Nov 14:20."
    assert marker(world.posts).of_plan(world.plan, (), {}).source == compared
    document = {**world.document}
    for missing, told in (
        ((), ""),
        (
            ("ad",),
            " The calendar has changed since: 2 changes of the plan cannot be shown. Make the plan again.",
        ),
        (
            ("when-live",),
            " The calendar has changed since: 1 change of the plan cannot be shown. Make the plan again.",
        ),
    ):
        kept = tuple(post for post in world.posts if post.id not in missing)
        source = marker(kept).of_document(document).source
        assert source == f"Compared with the plan of Tue 24 Nov 14:20.{told}"


def test_pictures_begin_with_the_first_post_of_yesterday_or_end_with_the_last(tmp_path: Path) -> None:
    """Twelve weeks of them, from the first post ahead; where nothing is ahead, the last twelve weeks."""
    world = Showcase(tmp_path / "calendar")
    (lamp,) = (post for post in world.posts if post.id == "far-kept")
    start = lamp.at
    weeks = timedelta(weeks=12)
    for now, days, pictured in (
        (start - DAY, (0, 1, 83), (True, True, True)),
        (start, (0, 83, 84), (True, True, False)),
        (start + DAY, (0, 84), (True, False)),
        (start + DAY + timedelta(seconds=1), (0, 84), (False, True)),  # the first is over
        (start + weeks * 2, (0, 1, 83, 84), (False, True, True, True)),
        (start + weeks * 2, (0, 1 / 48, 84), (False, True, True)),
        (start + weeks * 2, (0,), (True,)),
    ):
        posts = [_on(lamp, start + timedelta(days=day)) for day in days]
        page = preview_of(world.calendar, posts, (), Thumbnails(), now=now, filtered=True)
        assert tuple(bool(card.tiles[0].picture) for card in page.cards) == pictured, (now, days)


def _on(post: Post, at: datetime) -> Post:
    return replace(post, at=at, id=str(at))


def test_only_posts_whose_time_has_passed_count_as_published() -> None:
    """A new post may have an earlier copy that was published."""
    past, missed, later = wanted(EARLIER, "Past"), wanted(EARLIER, account=LINKEDIN), wanted(TOMORROW)
    made = plan(
        [
            change(Action.PAST, past, copy=copy_of(past, end=End.PUBLISHED)),
            change(Action.PAST, missed),
            change(Action.CREATE, later, copy=copy_of(later, end=End.PUBLISHED)),
        ]
    )
    assert marker((past, missed, later)).of_plan(made, (), {}).published == {("x", EARLIER)}


class Told(Thumbnails):
    """Says what it was asked for."""

    def of(self, path: Path) -> Small:
        return Small(f"of {path.name}")

    def of_bytes(self, data: bytes) -> Small:
        return Small(f"of {data.decode()}")

    def still(self, path: Path) -> Small:
        return Small(f"still of {path.name}")

    def still_of_bytes(self, data: bytes, name: str) -> Small:
        return Small(f"still of {data.decode()}, {name}")

    def film(self, path: Path) -> str:
        return f"film of {path.name}"

    def film_of_bytes(self, data: bytes, name: str) -> str:
        return f"film of {data.decode()}, {name}"


GIT = "https://git.example"


def document(*posts: dict[str, Any], **names: str) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "id": None,
        "account": account_data(X),
        "scheduled_at": utc(SOON),
        "mark": "edit",
        "was": None,
        "told": [],
        "edits": [],
        "media": [],
        "text": None,
        "sent": None,
    }
    known = [{"id": f"sha256:{name}", "name": called} for name, called in names.items()]
    shown = {"names": known, "posts": [{**whole, **post} for post in posts], "alarms": [], "notes": []}
    return {"created_at": utc(NOW), "workspace": {"name": "Acme"}, "shown": shown}


def files(*names: str, **more: str) -> list[Json]:
    return [{"file": f"sha256:{name}", **more} for name in names]


FILM = ("video", "b.mp4", "still of b.mp4", "", f"{GIT}/b.mp4")
PHOTO = ("photo", "a.jpg", "of a.jpg", "", f"{GIT}/a.jpg")
PAGES = ("document", "c.pdf", "still of c.pdf", "", "")
UNKNOWN = ("photo", "a file", "", "", "")


@each_of(
    "before, after, old, new",
    [
        (
            files("lost"),
            files("b.mp4"),
            [("video", "b.mp4", "still of lost, b.mp4", "film of lost, b.mp4", f"{GIT}/old/b.mp4")],
            [FILM],
        ),
        (
            files("named"),
            files("a.jpg"),
            [("video", "old.mp4", "still of named, old.mp4", "film of named, old.mp4", f"{GIT}/old/old.mp4")],
            [PHOTO],
        ),
        (
            files("gone", "lost"),
            files("b.mp4"),
            [
                ("video", "b.mp4", "", "", f"{GIT}/old/b.mp4"),
                ("video", "b.mp4", "still of lost, b.mp4", "film of lost, b.mp4", f"{GIT}/old/b.mp4"),
            ],
            [FILM],
        ),
        (
            files("lost", thumbnail="sha256:named"),
            files("c.pdf"),
            [("document", "c.pdf", "of named", "", f"{GIT}/old/c.pdf")],
            [PAGES],
        ),
        (files("lost"), [{"id": "m-1"}], [("photo", "a file", "of lost", "", "")], [UNKNOWN]),
        ([{"id": "m-1"}], files("b.mp4"), [UNKNOWN], [FILM]),
        (
            [{"url": "https://e.example/x.mp4"}],
            files("c.pdf"),
            [("video", "https://e.example/x.mp4", "", "", "https://e.example/x.mp4")],
            [PAGES],
        ),
        (
            [{"url": "ftp://e.example/x.gif"}],
            files("c.pdf"),
            [("photo", "a file", "", "", "")],
            [PAGES],
        ),
        (files("b.mp4"), files("c.pdf"), [(*FILM[:3], "film of b.mp4", FILM[4])], [PAGES]),
        (files("c.pdf"), files("a.jpg"), [PAGES], [PHOTO]),
        (files("a.jpg", "c.pdf"), files("c.pdf", "a.jpg"), [PHOTO, PAGES], [PAGES, PHOTO]),
        (files("a.jpg", "c.pdf"), files("a.jpg", "b.mp4"), [PAGES], [FILM]),
        (
            files("a.jpg"),
            files("named"),
            [PHOTO],
            [("video", "old.mp4", "still of named, old.mp4", "", f"{GIT}/old/old.mp4")],
        ),
        (files("lost"), [], None, None),
        ([], files("a.jpg"), None, None),
        (files("a.jpg"), files("a.jpg", alt="A lamp"), None, None),
    ],
)
def test_what_is_replaced_is_beside_what_replaces_it(
    before: list[Json], after: list[Json], old: list[Any] | None, new: list[Any] | None
) -> None:
    """In the post and in each of its parts; of two files of the same post, only those that are exchanged."""

    def of_history(digest: str, name: str) -> bytes | None:
        assert digest
        assert name is not None
        return digest[7:].encode() if digest in ("sha256:lost", "sha256:named") else None

    def gone(_digest: str, name: str) -> str | None:
        assert name is not None
        return f"{GIT}/old/{name}" if name else None

    sources = tuple(MediaSource(f"sha256:{name}", Path(name)) for name in ("a.jpg", "b.mp4", "c.pdf"))
    addresses = Addresses(
        file=lambda path: f"{GIT}/{path.name}" if path.suffix != ".pdf" else None,
        gone=gone,
    )
    post = replace(wanted(SOON), media=sources)
    marker = Marker("Europe/Oslo", NOW, Told(), (post,), of_history, addresses)
    for part, diff in (
        ("", differs("media", before, after)),
        ("part 2", differs("thread", [{"text": "a", "media": before}], [{"text": "a", "media": after}])),
        ("comment 1", differs("comments", [{"text": "a", "media": before}], [{"text": "a", "media": after}])),
    ):
        made = document({"media": [field_data(diff)]}, named="old.mp4")
        edits = marker.of_document(made).marks["x", SOON].edits
        shown = [
            (
                edit.part,
                *([tuple(getattr(tile, key) for key in KEYS) for tile in side] for side in edit.pictures),
            )
            for edit in edits
            if edit.pictures is not None
        ]
        assert shown == ([(part, old, new)] if old is not None else [])


KEYS = ("kind", "name", "picture", "film", "address")


def test_of_a_post_that_left_nothing_may_be_known_but_its_words() -> None:
    marking = marker(()).of_document(
        document({"text": "It left", "mark": "remove", "id": "left"}, {"text": "", "sent": {"text": "a"}})
    )
    assert [(gone.text, gone.id, gone.content.text, gone.mark.kind) for gone in marking.gone] == [
        ("It left", "left", "", "remove"),
        ("", None, "a", "edit"),
    ]
    assert marking.source.endswith("14:20."), "what left is not missing from the page"


def test_whoever_signs_off_sees_what_changed_since_also_where_it_is_no_picture() -> None:
    said: list[dict[str, Json]] = [
        {"text": "Lamps", "board": "88000001", "labels": ["old"], "media": files("a.jpg")},
        {"text": "Lamps", "board": "88000002", "labels": ["new"], "media": files("b.mp4")},
    ]
    before, now = (Statement("pinterest/Us", says) for says in said)
    post = wanted(SOON)
    given = Approval("p", "x", "kari", NOW, before.digest, before)
    need = SignoffNeed("p", now, (("kari",),), before=given)
    marking = marker((post,)).of_signoff([(post, need)], "Kari")
    mark = marking.marks["x", SOON]
    assert (mark.kind, len([edit for edit in mark.edits if edit.pictures])) == ("asked", 1)
    told = " ".join(span.text for edit in mark.edits for phrase in edit.phrases for span in phrase)
    assert "board: a different one" in told
    assert marking.source == "1 post waits for the sign-off of Kari."


@each_of(
    "me, keys, told",
    [
        ("{name: Us, provider: twitter}", None, [("me", "Me"), ("me", "I"), ("linkedin", "Us")]),
        ("{name: Us, provider: twitter}", {}, [("me", "Us"), ("linkedin", "Us")]),
        ("Us", {}, [("me", "Us"), ("linkedin", "Us")]),
        ("{name: Us, provider: linkedin}", {}, [("me", "Me"), ("me", "I"), ("linkedin", "Us")]),
    ],
)
def test_the_studio_knows_an_account_by_one_name(
    tmp_path: Path, me: str, keys: Any, told: list[tuple[str, str]]
) -> None:
    """Publer may have another: on a page that only shows, each is as Publer has it."""
    (tmp_path / "publer.yaml").write_text(f"timezone: UTC\naccounts: {{me: {me}}}\n", encoding="utf-8")
    chips = [AccountChip("me", name, "x", "X") for name in ("Me", "I")]
    card = Card(NOW, (*chips, AccountChip("linkedin", "Us", "linkedin", "LinkedIn")), "By hand", ())
    page = preview_of(
        read(tmp_path), (), (), Thumbnails(), now=NOW, marking=Marking(outside=(card,)), keys=keys
    )
    assert [(chip.alias, chip.name) for chip in page.cards[0].accounts] == told
