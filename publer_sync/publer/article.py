"""An article's text, which is Markdown, as the blocks that Publer takes for WordPress (Publer docs, "WordPress").

A line break stays one, as on every other network. What the blocks cannot hold (tables, lists in lists) is a block of HTML.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from publer_sync.networks.article import parser

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.tree import SyntaxTreeNode

    from publer_sync.values.content import Json, JsonObject


def blocks(text: str) -> list[Json]:
    """The text as blocks, each with an id that is the same whenever the text is."""
    from markdown_it.tree import SyntaxTreeNode

    found: list[Json] = []
    for number, node in enumerate(SyntaxTreeNode(parser().parse(text)).children):
        kind, data = _block(node)
        name = f"{number}\n{kind}\n{sorted(data.items())}"
        digest = hashlib.sha256(name.encode()).hexdigest()[:10]
        found.append({"id": digest, "type": kind, "data": data})
    return found


def _block(node: SyntaxTreeNode) -> tuple[str, JsonObject]:
    match node.type:
        case "paragraph":
            return _picture(node) or ("paragraph", {"text": _inline(node)})
        case "heading":
            return "header", {"text": _inline(node), "level": int(node.tag[1:])}
        case "hr":
            return "delimiter", {}
        case "fence" | "code_block":
            return "code", {"code": node.content.rstrip("\n")}
        case "blockquote" if _are(node.children, "paragraph"):
            return "quote", {"text": "<br><br>".join(map(_inline, node.children)), "caption": ""}
        case "bullet_list" | "ordered_list" if _is_plain(node):
            style = "ordered" if node.type == "ordered_list" else "unordered"
            items: list[Json] = ["<br>".join(map(_inline, item.children)) for item in node.children]
            return "list", {"style": style, "items": items}
        case "html_block":
            return "html", {"html": node.content.strip()}
        case _:
            return "html", {"html": _html(node)}


def _is_plain(node: SyntaxTreeNode) -> bool:
    """Whether a list is one of lines, counted from 1: a block has no place for more."""
    counted = node.attrs.get("start", 1) == 1
    return counted and all(_are(item.children, "paragraph") for item in node.children)


def _are(nodes: Sequence[SyntaxTreeNode], type: str) -> bool:
    return all(node.type == type for node in nodes)


def _picture(node: SyntaxTreeNode) -> tuple[str, JsonObject] | None:
    """A paragraph that is a picture with an address, and nothing else."""
    inner = node.children[0].children if node.children else []
    if len(inner) != 1 or inner[0].type != "image":
        return None
    url = str(inner[0].attrs.get("src", ""))
    if not url.startswith(("http://", "https://")):
        return None
    return "media", {"url": url, "type": "photo", "caption": inner[0].content}


def _inline(node: SyntaxTreeNode) -> str:
    """The words of a block in HTML, without the tags around them."""
    html = "".join(map(_html, node.children))
    return html.replace("<br>\n", "<br>").replace("<br />\n", "<br>")


def _html(node: SyntaxTreeNode) -> str:
    markdown = parser()
    rendered: str = markdown.renderer.render(node.to_tokens(), markdown.options, {})
    return rendered.strip()
