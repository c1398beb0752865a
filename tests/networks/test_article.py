from __future__ import annotations

from publer_sync.networks.article import marked, pictures
from tests.tables import each_of


@each_of(
    ("text", "is_marked"),
    [
        ("plain\nwords", False),
        ("# Heading\n\n- item", False),
        ("a **b**", True),
        ("- [c](https://e.com)", True),
    ],
)
def test_marks_inside_a_paragraph_are_told(text: str, is_marked: bool) -> None:
    assert marked(text) is is_marked


def test_the_pictures_of_an_article_are_told() -> None:
    assert list(pictures("![a](media/a.png)\n\nText ![b](https://e.com/b.png)")) == [
        "media/a.png",
        "https://e.com/b.png",
    ]
