"""What people call accounts, files and posts, whatever is known of them."""

from __future__ import annotations

from dataclasses import replace

from publer_sync.render.post.names import Names, called, file_name, post_title, whose
from publer_sync.values.content import Content
from publer_sync.values.model import Account
from tests.builders import X, picture, post
from tests.tables import each_of

ID = "63c675e94e299e9cf2b667ec"


@each_of(
    ("account", "names"),
    [
        (X, ("X · Fjordlight", "x")),
        (replace(X, alias=None), ("X · Fjordlight", "X · Fjordlight")),
        (replace(X, name=ID), ("X · x", "x")),
        (replace(X, name=ID, alias=None), (f"X · {ID}", f"X · {ID}")),
        (Account("a-1", "Fjordlight", "mystery"), ("Fjordlight", "Fjordlight")),
    ],
)
def test_an_account_is_called_by_its_network_and_its_own_name_or_by_its_alias(
    account: Account, names: tuple[str, str]
) -> None:
    assert (whose(account), called(account)) == names


@each_of(
    ("address", "name"),
    [
        ("https://www.a.b/c/d.gif?e=1", "d.gif (a.b)"),
        ("media/lamp.png", "media/lamp.png"),
    ],
)
def test_a_picture_of_the_web_is_called_by_its_file_and_its_host(address: str, name: str) -> None:
    assert file_name(address) == name


def test_a_post_is_called_by_its_title_its_words_its_id_or_its_media() -> None:
    lamp = post("12-01 09:00", media=(picture("lamp.png"),))
    unknown = replace(lamp, media=())
    assert [
        post_title(each)
        for each in (
            replace(lamp, content=replace(lamp.content, title="Title", text="Words"), id="launch"),
            replace(lamp, content=replace(lamp.content, text="Words"), id="launch"),
            replace(lamp, id="launch"),
            lamp,
            unknown,
        )
    ] == ["Title", "Words", "launch", "lamp.png", "a file"]


def test_media_without_a_name_are_called_by_the_type_of_their_post() -> None:
    reel = replace(post("12-01 09:00"), content=Content.from_json({"type": "reel"}))
    assert [Names(of).noun(ID) for of in (reel, None)] == ["video", "picture"]
