from __future__ import annotations

import subprocess
import sys
from typing import Any

from publer_sync.publer.article import blocks
from tests.tables import each_of


@each_of(
    ("text", "type", "data"),
    [
        ("One line\nand another", "paragraph", {"text": "One line<br>and another"}),
        ("Two & three < four", "paragraph", {"text": "Two &amp; three &lt; four"}),
        (
            "A **bold** [link](https://e.com/a?x=1&y=2)",
            "paragraph",
            {"text": 'A <strong>bold</strong> <a href="https://e.com/a?x=1&amp;y=2">link</a>'},
        ),
        ("Words in <mark>HTML</mark>", "paragraph", {"text": "Words in <mark>HTML</mark>"}),
        ("#hashtag", "paragraph", {"text": "#hashtag"}),
        ("## The `lamp`", "header", {"text": "The <code>lamp</code>", "level": 2}),
        ("- one\n- *two*", "list", {"style": "unordered", "items": ["one", "<em>two</em>"]}),
        ("1. one\n\n2. two", "list", {"style": "ordered", "items": ["one", "two"]}),
        ("5. five\n6. six", "html", {"html": '<ol start="5">\n<li>five</li>\n<li>six</li>\n</ol>'}),
        ("- one\n  - deep", "html", {"html": "<ul>\n<li>one\n<ul>\n<li>deep</li>\n</ul>\n</li>\n</ul>"}),
        ("> wise\n>\n> words", "quote", {"text": "wise<br><br>words", "caption": ""}),
        ("```python\ndef f():\n\n    return 1 < 2\n```", "code", {"code": "def f():\n\n    return 1 < 2"}),
        ("---", "delimiter", {}),
        ("![A lamp](https://e.com/p.png)", "media", {"url": "https://e.com/p.png", "type": "photo", "caption": "A lamp"}),
        ("![A lamp](https://e.com/p.png) and words", "paragraph", {"text": '<img src="https://e.com/p.png" alt="A lamp" /> and words'}),
        ("![A lamp](media/p.png)", "paragraph", {"text": '<img src="media/p.png" alt="A lamp" />'}),
        ("<div>\nraw\n</div>", "html", {"html": "<div>\nraw\n</div>"}),
    ],
)  # fmt: skip
def test_each_part_of_markdown_has_its_block(text: str, type: str, data: dict[str, Any]) -> None:
    [block] = blocks(text)
    assert isinstance(block, dict)
    assert (block["type"], block["data"]) == (type, data)


def test_a_table_is_html() -> None:
    [block] = blocks("| a | b |\n|---|---|\n| 1 | 2 |")
    assert isinstance(block, dict)
    assert "<td>2</td>" in str(block["data"])


def test_the_id_of_a_block_is_its_own_and_stays() -> None:
    ids = [block["id"] for block in blocks("a\n\na\n\nb") if isinstance(block, dict)]
    assert len(set(ids)) == 3
    assert ids == [block["id"] for block in blocks("a\n\na\n\nb") if isinstance(block, dict)]


def test_only_articles_load_the_parser() -> None:
    code = (
        "import sys; from publer_sync.publer.payload import item; from publer_sync.values.model import Account; from publer_sync.values.content import Content; "
        "from datetime import datetime, UTC; item(Account('a', 'A', 'twitter'), datetime.now(UTC), Content('a'), {}); "
        "sys.exit('markdown_it' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
