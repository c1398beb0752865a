"""The merged layers of a post as content: one form for everything that means the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.calendar.load import read
from tests.calendar.calendars import POST, contents, write
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

HI = {"type": "status", "text": "hi"}
URL = "https://example.com"


@pytest.mark.parametrize(
    ("lines", "content"),
    [
        ("text: |\n    hi", HI),
        ("text: |\n\n    a\n\n    b\n", {"type": "status", "text": "a\n\nb"}),
        (f"text: hi\n  link: {URL}", {**HI, "type": "link", "link": {"url": URL}}),
        ("text: hi\n  labels: [b, a, b]", {**HI, "labels": ["a", "b"]}),
        ("text: hi\n  draft: false", HI),
        ("text: hi\n  draft: true", {**HI, "draft": True}),
        ("text: hi\n  poll: {options: [a, b], duration: 3d}",
         {**HI, "type": "poll", "poll": {"options": ["a", "b"], "duration": {"duration": 3, "unit": "Day"}}}),
        ("text: hi\n  comments: [{text: more}]",
         {**HI, "comments": [{"text": "more", "after": {"duration": 1, "unit": "Minute"}}]}),
        ("text: hi\n  share: {accounts: words, after: 60m}",
         {**HI, "share": {"accounts": ["alias:linkedin", "alias:x"], "after": {"duration": 1, "unit": "Hour"}}}),
        ("text: hi\n  auto_delete: {after: 1w, hide: false}",
         {**HI, "auto_delete": {"after": {"duration": 7, "unit": "Day"}}}),
        ("text: hi\n  networks: {twitter: {reply_settings: following}}", {**HI, "reply_settings": "following"}),
        (f"media: [{{url: {URL}/a.gif}}]", {"type": "gif", "media": [{"url": f"{URL}/a.gif"}]}),
        (f"media: [{{url: {URL}/a.mp4?b=1}}]", {"type": "video", "media": [{"url": f"{URL}/a.mp4?b=1"}]}),
        ("media: [{id: abc, alt: ' what it shows '}]", {"type": "photo", "media": [{"id": "abc", "alt": "what it shows"}]}),
        ("text: hi\n  type: story\n  media: [{id: abc}]", {**HI, "type": "story", "media": [{"id": "abc"}]}),
    ],
)  # fmt: skip
def test_content_is_canonical(top: Path, lines: str, content: dict[str, Any]) -> None:
    write(top, a=f"{POST}  {lines}\n")
    assert contents(top) == [content]


@each_of(
    "lines, kind",
    [
        ("text: hi", "status"),
        (f"text: hi\n  link: {URL}", "link"),
        (f"media: [{{url: {URL}/a.png}}, {{url: {URL}/a.gif}}]", "photo"),
        (f"media: [{{url: {URL}/a.gif}}]", "gif"),
        (f"media: [{{url: {URL}/a.png}}, {{url: {URL}/a.mp4}}]", "video"),
        ("text: hi\n  poll: {options: [a, b], duration: 3d}", "poll"),
    ],
)
def test_the_type_of_a_post_is_known_where_its_network_is_not(top: Path, lines: str, kind: str) -> None:
    write(top, publer="timezone: UTC\naccounts: {us: Page}\n", a=f"{POST.replace(': x', ': us')}  {lines}\n")
    (post,) = read(top).desired.posts
    assert post.content.type == kind
