"""A walk through every endpoint that the client uses or the sandbox serves, beside Publer's own page of it.

The table says which page describes it, what its answer holds, which states and statuses there are, and what the sandbox
had to make up because no page and no client shows it. A sentence that is made up says "not modelled".
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import publer_sync
from publer_sync.sandbox import tables
from tests.sandbox.conftest import FACEBOOK, NOW, WINDOW, Client, item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import MakeSandbox

WORKSPACE = "5f000000000000000000beef"
ID = "ID"
"""Stands for an id in a path; the walk puts in one that is there."""
DAYS = "from=2027-03-01&to=2027-03-31"
POST = {
    "id": str,
    "text": str | None,
    "url": str | None,
    "state": str,
    "type": str,
    "account_id": str | None,
    "user": dict,
    "scheduled_at": str | None,
    "post_link": str | None,
    "has_media": bool,
    "network": str,
}
MEDIUM = {"id": str, "type": str, "name": str, "caption": str | None, "path": str}
UPLOADED = MEDIUM | {
    "thumbnail": str,
    "validity": dict,
    "width": int | None,
    "height": int | None,
    "source": str,
}
LISTED = MEDIUM | {
    "thumbnails": list,
    "created_at": str,
    "updated_at": str,
    "favorite": bool,
    "in_library": bool,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One endpoint. `shape` is the least that an answer of the sandbox has, `more` what it asks for with.

    `page` is Publer's page, or who has shown the endpoint where there is none. `states` are the statuses or states that
    the page names. `made_up` is what neither shows.
    """

    method: str
    path: str
    page: str
    shape: Any
    query: str = ""
    body: Any = None
    states: str = ""
    made_up: str = "nothing"
    client: bool = True
    """Whether publer-sync itself uses it."""


BULK = {"bulk": {"state": "scheduled", "posts": [item(at=NOW + timedelta(days=1))]}}
WALK = (
    Row(
        method="GET", path="/users/me", page="Get Current User", client=False,
        shape={"id": str, "email": str, "name": str, "first_name": str, "picture": str | None},
    ),
    Row(
        method="GET", path="/workspaces", page="List Workspaces",
        shape=[{"id": str, "name": str, "picture": str | None, "role": str}],
    ),
    Row(
        method="GET", path="/accounts", page="List Accounts",
        shape=[{"id": str, "provider": str, "name": str, "type": str, "picture": str | None}],
        states="status active (Quickstart); locked, permissions (seen)",
        made_up="the trouble of an account: one of three forms, each seen somewhere",
    ),
    Row(
        method="GET", path="/posts", page="Posts", query=WINDOW,
        shape={"posts": [POST], "total": int, "page": int, "per_page": int, "total_pages": int},
        states="all, scheduled, published, draft, failed, recycling, recurring, and their kinds",
        made_up="the number of posts on a page; the words that refuse one of from and to without the other",
    ),
    Row(
        method="POST", path="/posts/schedule", page="Creating Posts, Bulk Scheduling", body=BULK, shape={"job_id": str},
        states="scheduled, draft, draft_private, draft_public, recurring",
        made_up="the words for more than 500, for an unknown account, for a time that is none; a post without a time is "
        "put at nine; what refuses a recycling or recurring post, and its repetitions",
    ),
    Row(
        method="POST", path="/posts/schedule/publish", page="Publish Now", body=BULK, shape={"job_id": str}, client=False,
        states="the bulk's state is ignored (seen)",
    ),
    Row(
        method="GET", path=f"/job_status/{ID}", page="Job status",
        shape={"status": str, "payload": dict, "plan": {"rate": str, "locked": bool}},
        states="working, complete, failed; null (seen)",
        made_up="the words of a 404 for an unknown job, which was seen as 200 and null",
    ),
    Row(
        method="PUT", path=f"/posts/{ID}", page="Updating Posts", body={"post": {"text": "Other"}}, shape=POST,
        states="403 published with approval, 422 refused", made_up="the words of 422",
    ),
    Row(
        method="DELETE", path="/posts", page="Deleting Posts", query=f"post_ids[]={ID}", shape={"deleted_ids": [str]},
    ),
    Row(
        method="GET", path=f"/posts/{ID}", page="none; 403 (seen)", shape={"errors": [str]}, client=False,
        made_up="the words of 403",
    ),
    Row(
        method="POST", path="/media", page="Media Upload", body=b"", shape={"error": str},
        states="413 over 200 MB; without a file 200 and an error (seen)",
        made_up="the words of 413, and for a file that is not taken",
    ),
    Row(
        method="POST", path="/media/from-url", page="Media From URL",
        body={"media": [{"url": "https://example.com/a.png", "name": "a.png"}], "type": "single"}, shape={"job_id": str},
        states="403 while another import runs (seen)", made_up="the words of 403",
    ),
    Row(
        method="GET", path="/media", page="List Media", query="types[]=photo&used[]=false",
        shape={"media": [LISTED], "total": int}, client=False,
        made_up="the number of media on a page; the words where types or used is missing",
    ),
    Row(
        method="GET", path="/labels", page="none; a client asks for it", shape=[{"id": str, "name": str}], client=False,
        made_up="whether a label has more",
    ),
    Row(
        method="POST", path="/posts/links", page="Link Posts", body={"url": "https://example.com/"},
        shape={"link": {"title": str, "url": str, "original_url": str, "images": list, "provider_display": str, "type": str}},
        client=False, made_up="titles and pictures; the words for an address that is none",
    ),
    Row(
        method="GET", path=f"/workspaces/{WORKSPACE}/signatures", page="Post with Signature",
        shape=[{
            "account_id": str,
            "signatures": [{"id": str, "label": str, "text": str, "default": bool, "in_photo_captions": bool}],
        }],
    ),
    Row(
        method="GET", path=f"/workspaces/{WORKSPACE}/media_options", page="Media Options",
        shape=[{"id": str, "albums": [{"id": str, "name": str, "type": str}], "watermarks": list}],
    ),
    Row(
        method="GET", path="/locations/facebook", page="Locations", query="q=lis",
        shape=[{"id": str, "name": str, "info": str, "verified": bool, "address": str | None, "checkins": int}],
        made_up="what an unknown network gets",
    ),
    Row(
        method="GET", path=f"/analytics/{FACEBOOK}/post_insights", page="Post Insights", query=DAYS,
        shape={"posts": [{"id": str, "analytics": {"likes": {"name": str, "value": int, "tooltip": str}}}], "total": int},
        states="500 without from or to (seen)", made_up="which figures there are; the words of 500",
    ),
    Row(
        method="GET", path="/analytics/post_insights", page="Post Insights, whose account may be left out", query=DAYS,
        shape={"posts": list, "total": int}, client=False,
    ),
    Row(
        method="GET", path=f"/analytics/{FACEBOOK}/best_times", page="Best times", query=DAYS,
        shape={day: [int] for day in ("Monday", "Sunday")}, states="an empty list (seen)", client=False,
        made_up="the figures; 500 without from or to, as post_insights",
    ),
)  # fmt: skip


@pytest.fixture
def client(make_sandbox: MakeSandbox) -> Client:
    """With something behind each endpoint: a scheduled and a published post with a label, a picture, a finished job."""
    sandbox = make_sandbox(now=lambda: NOW)
    client = Client(sandbox)
    sandbox.add_media("lamp.png")
    body = item(at=NOW + timedelta(hours=1))
    body["accounts"][0]["labels"] = ["spring"]
    client.create(body)
    sandbox.add(account_id=FACEBOOK, at=NOW + timedelta(days=3), text="Out already", state="published")
    return client


@pytest.mark.parametrize("row", WALK, ids=lambda row: f"{row.method} {row.path}")
def test_an_answer_has_the_documented_shape(client: Client, row: Row) -> None:
    if row.method == "POST" and row.path.endswith("publish"):
        client.sandbox.settle()
    (ahead,) = (post for post in client.sandbox.posts() if post["state"] == "scheduled")
    known = client.queue(item(at=NOW + timedelta(days=2))) if "job_status" in row.path else str(ahead["id"])
    client.sandbox.settle()
    path = f"{row.path}?{row.query}" if row.query else row.path
    reply = client(row.method, path.replace(ID, known) if ID in path else path, row.body)
    assert reply.status == (403 if "errors" in row.shape else 200), reply
    assert list(amiss(reply.data, row.shape)) == []


def amiss(data: Any, shape: Any, at: str = "answer") -> Iterator[str]:
    """What an answer lacks, or has in another form. A list inside may be empty: not every account has albums."""
    if isinstance(shape, dict):
        if not isinstance(data, dict):
            yield f"{at} is no object"
            return
        for key, inner in shape.items():
            if key in data:
                yield from amiss(data[key], inner, f"{at}.{key}")
            else:
                yield f"{at} has no {key}"
    elif isinstance(shape, list):
        if not isinstance(data, list) or (not data and at == "answer"):
            yield f"{at} is no list with something in it"
            return
        for one in data:
            yield from amiss(one, shape[0], f"{at}[]")
    elif not isinstance(data, shape):
        yield f"{at} is {type(data).__name__}"


def test_the_walk_is_complete() -> None:
    """Every endpoint that the sandbox serves, and every one that the client asks for, has a row."""
    rows = {(row.method, _pattern(row.path)) for row in WALK}
    assert set(_served()) == rows
    used = {(row.method, _pattern(row.path)) for row in WALK if row.client}
    assert set(_used()) == {path for _, path in used}


def _pattern(path: str) -> str:
    """A path with a star for each id."""
    parts = path.strip("/").split("/")
    return "/".join(
        "*" if part == ID or re.fullmatch(r"[0-9a-z]{24}", part) or parts[index - 1] == "locations" else part
        for index, part in enumerate(parts)
    )


def _served() -> Iterator[tuple[str, str]]:
    """From the cases of the sandbox's router."""
    for node in ast.walk(ast.parse(_source("sandbox/routing.py"))):
        if isinstance(node, ast.match_case) and isinstance(node.pattern, ast.MatchSequence):
            method, parts = node.pattern.patterns
            words = [
                each.value.value
                if isinstance(each, ast.MatchValue) and isinstance(each.value, ast.Constant)
                else "*"
                for each in (parts.patterns if isinstance(parts, ast.MatchSequence) else ())
            ]
            assert isinstance(method, ast.MatchValue)
            assert isinstance(method.value, ast.Constant)
            yield str(method.value.value), "/".join(map(str, words))


def _source(name: str) -> str:
    return (Path(publer_sync.__file__).parent / name).read_text("utf-8")


def _used() -> Iterator[str]:
    """The paths that the client's reader and gateway ask for, with a star for each value."""
    for name in ("reader", "gateway"):
        nodes = list(ast.walk(ast.parse(_source(f"publer/{name}.py"))))
        joined = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in nodes:
            if isinstance(node, ast.JoinedStr | ast.Constant) and id(node) not in joined:
                path = _text(node).partition("?")[0]
                if path == "/workspaces/*/*":
                    yield from ("workspaces/*/signatures", "workspaces/*/media_options")
                elif re.fullmatch(r"(/[a-z_*-]+)+", path):
                    yield path.strip("/")


# --- sentences --------------------------------------------------------------------------------------------------------

SEEN = {
    tables.GAP_TEXT: "Quickstart",
    tables.WORDS_TEXT: "a client's log",
    tables.COMPOSER_TEXT: "several clients",
    tables.BACKDATED_TEXT: "a client",
    tables.ITEM_MEDIA_TEXT: "a client's notes",
    tables.TYPE_TEXT: "a client",
    tables.VIDEO_TEXT: "a client",
    tables.NO_FILE_TEXT: "a client's log",
    tables.WORKSPACE_TEXT: "a client",
    tables.UNAUTHORIZED_TEXT: "Publer docs, every page's 401",
    tables.KEY_TEXT: "a client's notes",
    tables.UPGRADE_TEXT: "two clients",
    tables.LIMIT_TEXT: "Publer docs, Rate Limits",
    tables.NO_RESOURCE_TEXT: "a client",
    "Unknown state *": "a client",
}
"""The sentences of Publer that somebody has shown, and who."""
OURS = {"the sandbox itself failed: *"}
"""What nobody can take for Publer's."""


def test_a_sentence_that_nobody_has_seen_says_that_it_is_not_modelled() -> None:
    said = dict(_sentences())
    assert len(said) > 25
    unmarked = {
        text: where
        for text, where in said.items()
        if text not in {*SEEN, *OURS} and "not modelled" not in text
    }
    assert unmarked == {}
    assert set(SEEN) <= set(said)


def _sentences() -> Iterator[tuple[str, str]]:
    """Each text of a refusal in the sandbox's code, with its module."""
    for file in sorted((Path(publer_sync.__file__).parent / "sandbox").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            for text in _texts_of(node):
                yield text, file.stem


def _texts_of(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if node.func.id == "ErrorResponse":
            yield from (_text(each) for each in node.args[1:])
        elif node.func.id in ("_Refused", "not_modelled"):
            yield from (_text(each) for each in ([node] if node.func.id == "not_modelled" else node.args))
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value in ("errors", "error", "message"):
                inner = value.elts if isinstance(value, ast.List) else [value]
                yield from (_text(each) for each in inner)


def _text(node: ast.expr) -> str:
    """What it says, with a star for what is put in; values that a test sets, or that come from elsewhere, are left to it."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in parts)
        case ast.Name(id=name) if hasattr(tables, name):
            return str(getattr(tables, name))
        case ast.Call(func=ast.Name(id="not_modelled"), args=[inner]):
            return tables.not_modelled(_text(inner))
        case _:
            return "not modelled: set by a test"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/nowhere", "Not found"),
        (f"/posts?{WINDOW}&state=x", "Unknown state x"),
        ("/posts?from=x", "from and to"),
    ],
)
def test_the_words_reach_whoever_asks(client: Client, path: str, said: str) -> None:
    (text,) = client("GET", path).data["errors"]
    assert text.startswith(said)
    assert ("not modelled" in text) is ("Unknown" not in text)
