"""Problems as Markdown, compared whole and read back with a Markdown parser."""

from __future__ import annotations

from publer_sync.render import markdown
from publer_sync.render.layout.venue import Venue
from publer_sync.values.problems import Help, Location, Problem
from tests.render.test_markdown import GFM, link


def test_errors_are_a_table_with_their_fixes() -> None:
    found = [
        Problem(
            "error",
            "yaml.colon",
            'this line has a second ": "',
            Location("a.yaml", 25, 29),
            Help("write:", "  text: |\n    Words | here"),
        ),
        Problem(
            "error",
            "account.unknown",
            'there is no account "linkdin"',
            Location("a.yaml", 26),
            Help('did you mean "linkedin"?'),
        ),
        Problem("error", "settings.none", "no publer.yaml here"),
        Problem("warning", "media.no-alt", "a.jpg has no description", Location("a.yaml", 10)),
    ]
    assert (
        markdown.problems(found, figures="22 posts (on 4 accounts)", venue=Venue(line=link))
        == """\
### 📅 Social calendar: 3 errors to fix first

Nothing can be planned until they are fixed. Nothing was sent.

| Where | Problem | Fix |
| :-- | :-- | :-- |
| [a.yaml, line 25](https://git.example/a.yaml#L25) | This line has a second ": ". \
| Write:<br><code>text: \\|</code><br><code>\u00a0\u00a0Words \\| here</code> |
| [a.yaml, line 26](https://git.example/a.yaml#L26) | There is no account "linkdin". | Did you mean "linkedin"? |
|  | No publer.yaml here. |  |

⚠️ **Worth a look**

- a.jpg has no description ([a.yaml, line 10](https://git.example/a.yaml#L10)).
"""
    )


def test_files_without_errors_are_reported_as_checked() -> None:
    assert markdown.problems([], figures="22 posts (on 4 accounts)") == (
        "### 📅 Social calendar: checked\n\nNo errors: 22 posts (on 4 accounts).\n"
    )


def test_a_table_of_errors_that_was_cut_says_so() -> None:
    errors = [Problem("error", "c", "word " * 60, Location("a.yaml", n), Help("fix it")) for n in range(2000)]
    warnings = [Problem("warning", "c", "word " * 60) for n in range(50)]
    shown = markdown.problems([*errors, *warnings], figures="1 post")
    assert len(shown) <= 60_000
    assert "of 2,000 errors.**" in shown
    assert "- … and 30 more." in shown


def test_an_address_cannot_leave_its_link() -> None:
    one = Problem("error", "c", "m", Location("a) [b](c <d>.yaml", 1))
    html = GFM.render(markdown.problems([one], figures="1 post", venue=Venue(line=link)))
    assert html.count("<a ") == 1
    assert 'href="https://git.example/a%29%20%5Bb%5D%28c%20%3Cd%3E.yaml#L1"' in html


def test_a_fix_is_a_sentence_then_lines_to_paste_then_an_example() -> None:
    one = Problem("error", "c", "m", help=Help("write it so", "at: 2026-12-01", "at: 2026-12-24 09:00"))
    assert (
        "| Write it so:<br><code>at: 2026-12-01</code><br>For example:<br><code>at: 2026-12-24 09:00</code> |"
    ) in markdown.problems([one], figures="1 post")
