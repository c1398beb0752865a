"""What a writer looks up: labels, signatures, albums and boards, places, and what a link shows. The same each time."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from publer_sync.sandbox.exchange import ErrorResponse, respond
from publer_sync.sandbox.tables import NOT_FOUND_TEXT, SIGNATURE, not_modelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.sandbox.exchange import Context, Request, Response
    from publer_sync.sandbox.records import Record

ALBUMS = {"facebook": ("Timeline photos", "Events"), "pinterest": ("Inspiration", "Products")}
"""A page's photo albums; boards are albums too (Publer docs, "Media Options")."""
PLACES = ("Berlin", "Lisbon", "London", "New York", "Oslo")
LOCATED = ("facebook", "instagram", "threads")
_WEB = re.compile("https?://")


def labels(context: Context, request: Request) -> Response:
    """Every label that a post of the workspace has, each once."""
    workspace = context.workspace(request)
    found = {
        label["id"]: label
        for post in context.database.posts()
        if post.workspace == workspace
        for label in post.body.get("labels", [])
    }
    return respond(sorted(found.values(), key=lambda label: str(label["name"])))


def signatures(context: Context, request: Request, workspace: str) -> Response:
    """Publer docs, "Post with Signature"."""
    return respond(
        [
            {
                "account_id": account["id"],
                "signatures": [
                    {
                        "id": _id("signature", account),
                        "label": "Footer",
                        "text": SIGNATURE,
                        "default": False,
                        "in_photo_captions": False,
                    }
                ],
            }
            for account in _asked(context, request, workspace)
        ]
    )


def media_options(context: Context, request: Request, workspace: str) -> Response:
    """Publer docs, "Media Options": albums of Facebook pages, boards of Pinterest, watermarks."""
    return respond(
        [
            {
                "id": account["id"],
                "albums": [
                    {"id": _id(name, account), "name": name, "type": "album"}
                    for name in ALBUMS.get(account["provider"], ())
                ],
                "watermarks": [],
            }
            for account in _asked(context, request, workspace)
        ]
    )


def places(request: Request, network: str) -> Response:
    if network not in LOCATED:
        raise ErrorResponse(404, NOT_FOUND_TEXT)
    asked = request.first("q").lower()
    return respond(
        [
            {
                "id": _id(name, {"id": network}),
                "name": name,
                "info": name,
                "verified": True,
                "address": None,
                "checkins": 0,
            }
            for name in PLACES
            if asked and asked in name.lower()
        ]
    )


def link(request: Request) -> Response:
    """What a link post would show, by its looks: nothing is fetched here (Publer docs, "Link Posts")."""
    body = request.json()
    url = body.get("url") if isinstance(body, dict) else None
    try:
        host = urlsplit(url).hostname if isinstance(url, str) and _WEB.match(url) else None
    except ValueError:
        host = None
    if not host:
        raise ErrorResponse(422, not_modelled("URL is not valid"))
    shown: Record = {"title": host, "description": None, "url": url, "original_url": url, "images": []}
    return respond({"link": {**shown, "favicon": None, "provider_display": host, "type": "link"}})


def _asked(context: Context, request: Request, workspace: str) -> Iterator[Record]:
    """The accounts that are named, or all. Raises ErrorResponse where the path names another workspace than the header."""
    if context.workspace(request) != workspace:
        raise ErrorResponse(404, NOT_FOUND_TEXT)
    wanted = request.params.get("accounts[]", [])
    for account in context.database.accounts(workspace):
        if not wanted or account["id"] in wanted:
            yield account


def _id(name: str, owner: Record) -> str:
    return hashlib.sha256(f"{owner['id']}/{name}".encode()).hexdigest()[:24]
