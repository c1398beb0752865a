"""Which pictures of a request are taken."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from publer_sync.action.attachments import SIGNED, fetched
from publer_sync.action.github import GitHubError, TooLargeError
from publer_sync.drafting.form import FormError
from tests.conftest import ROOT
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.action.github import GitHub
    from tests.github.hub import Hub

PICTURE = (ROOT / "examples/calendar/media/table.png").read_bytes()


def test_a_picture_that_was_uploaded_is_taken_and_an_address_elsewhere_is_not(
    github: GitHub, hub: Hub, tmp_path: Path
) -> None:
    [file] = fetched(github, 5, [hub.upload(PICTURE)], hub.url, tmp_path)
    assert (file.name, file.read_bytes() == PICTURE) == ("picture-1.png", True)
    with pytest.raises(FormError, match="is on another website"):
        fetched(github, 5, ["https://example.com/a.jpg"], hub.url, tmp_path)


ID = "0000beef-0000-0000-0000-000000000000"


@each_of(
    "given, why",
    [
        ("HUB/user-attachments/files/7/lamp.png", ""),
        ("HUB/user-attachments/files/7/lamp", ""),
        ("HUB/user-attachments/assets/../x", "is on another website"),
        ("HUB.evil.example/user-attachments/assets/x", "is on another website"),
        (f"HUB/user-attachments/assets/{ID}", "picture 1 cannot be read: GitHub says 404"),
    ],
)
def test_only_what_was_uploaded_is_fetched(
    github: GitHub, hub: Hub, tmp_path: Path, given: str, why: str
) -> None:
    asked: list[str] = []

    def attachment(url: str, server: str, most: int) -> bytes:
        asked.append(url)
        if ID in url:
            raise GitHubError("GitHub says 404", status=404)
        return PICTURE

    url = given.replace("HUB", hub.url)
    fake = SimpleNamespace(attachment=attachment, rendered=lambda _: "")
    if not why:
        [file] = fetched(cast("Any", fake), 5, [url], hub.url, tmp_path)
        assert (file.name, asked) == ("picture-1.png", [url])
        return
    with pytest.raises(FormError) as refused:
        fetched(cast("Any", fake), 5, [url], hub.url, tmp_path)
    assert why in refused.value.message


def test_pictures_are_shown_from_where_github_signs_them_alone(hub: Hub, tmp_path: Path) -> None:
    asked: list[str] = []
    html = f'<img src="{SIGNED}1/{ID}.png?jwt=a&amp;x=b"><img src="https://evil.example/{ID}.png">'

    def attachment(url: str, server: str, most: int) -> bytes:
        asked.append(url)
        return PICTURE

    fake = SimpleNamespace(attachment=attachment, rendered=lambda _: html)
    url = f"{hub.url}/user-attachments/assets/{ID}"
    fetched(cast("Any", fake), 5, [url], hub.url, tmp_path)
    assert asked == [f"{SIGNED}1/{ID}.png?jwt=a&x=b"]
    assert fetched(cast("Any", SimpleNamespace(rendered=pytest.fail)), 5, [], hub.url, tmp_path) == []


@each_of("number, taken", [(20, True), (21, False)])
def test_a_request_has_twenty_pictures_at_most(tmp_path: Path, number: int, taken: bool) -> None:
    fake = SimpleNamespace(attachment=lambda *_: PICTURE, rendered=lambda _: "")
    urls = [f"https://github.com/user-attachments/assets/{each:08x}{ID[8:]}" for each in range(number)]
    if taken:
        assert len(fetched(cast("Any", fake), 5, urls, "https://github.com", tmp_path)) == 20
        return
    with pytest.raises(FormError, match="this request has 21 pictures; the most is 20"):
        fetched(cast("Any", fake), 5, urls, "https://github.com", tmp_path)


@each_of(
    "reply, why",
    [
        (TooLargeError(), "picture 1 is larger than 95 MB"),
        (b"<svg/>", "picture-1"),
        (PICTURE[:60], "picture-1.png"),
        (GitHubError("down", status=502), ""),
        (GitHubError("gone", status=410), "picture 1 cannot be read: gone"),
    ],
)
def test_a_picture_that_cannot_be_taken_says_why(tmp_path: Path, reply: Any, why: str) -> None:
    """Where GitHub does not answer, nothing is wrong with the request."""

    def attachment(*_: object) -> bytes:
        if isinstance(reply, Exception):
            raise reply
        return cast("bytes", reply)

    fake = SimpleNamespace(attachment=attachment, rendered=lambda _: "")
    url = f"https://github.com/user-attachments/assets/{ID}"
    with pytest.raises(FormError if why else GitHubError) as refused:
        fetched(cast("Any", fake), 5, [url], "https://github.com", tmp_path)
    assert why in str(refused.value)


def test_a_file_that_its_first_bytes_do_not_tell_is_called_as_it_was(tmp_path: Path) -> None:
    fake = SimpleNamespace(attachment=lambda *_: b"<svg/>", rendered=lambda _: "")
    for name, called in (("files/7/Lamp.SVG", "picture-1.svg "), (f"assets/{ID}", "picture-1 ")):
        url = f"https://github.com/user-attachments/{name}"
        with pytest.raises(FormError) as refused:
            fetched(cast("Any", fake), 5, [url], "https://github.com", tmp_path)
        assert called in refused.value.message
