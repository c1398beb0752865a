from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.networks.inference import type_of
from publer_sync.networks.table import NETWORKS
from publer_sync.values.content import Content
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.values.content import Json


@each_of(
    ("provider", "content", "kinds", "expected"),
    [
        ("twitter", {"text": "a"}, (), "status"),
        ("twitter", {"text": "a", "link": {"url": "u"}}, (), "link"),
        ("twitter", {"poll": {}}, (), "poll"),
        ("twitter", {}, ("photo", "photo"), "photo"),
        ("twitter", {}, ("gif",), "gif"),
        ("twitter", {}, ("gif", "photo"), "photo"),
        ("threads", {}, ("gif",), "photo"),
        ("twitter", {}, ("video",), "video"),
        ("instagram", {}, ("video",), "reel"),
        ("instagram", {}, ("video", "photo"), "carousel"),
        ("instagram", {}, ("photo", "photo"), "photo"),
        ("linkedin", {}, ("document",), "document"),
        ("youtube", {}, (), "video"),
        ("wordpress", {"text": "a"}, ("photo",), "article"),
        ("facebook", {"sublinks": [{}]}, (), "carousel"),
        ("pinterest", {"link": {"url": "u"}}, (), "status"),
        ("instagram", {"type": "story"}, ("video",), "story"),
    ],
)
def test_a_type_that_is_meant_need_not_be_said(
    provider: str, content: dict[str, Json], kinds: tuple[str, ...], expected: str
) -> None:
    assert type_of(NETWORKS[provider], Content.from_json(content), kinds) == expected
