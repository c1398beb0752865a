"""The media library: files uploaded, imported and listed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from publer_sync.sandbox.exchange import ErrorResponse, respond
from publer_sync.sandbox.tables import LISTED_TYPES, MEDIA_TYPES, NO_FILE_TEXT, TYPES, not_modelled

if TYPE_CHECKING:
    from collections.abc import Callable

    from publer_sync.sandbox.exchange import Context, Request, Response
    from publer_sync.sandbox.records import Record


def uploaded(context: Context, request: Request) -> Response:
    workspace, part = context.workspace(request), _file_part(request)
    if part is None:
        return respond({"error": NO_FILE_TEXT})
    name, mime, data = part
    if context.faults.upload_error is not None:
        return respond({"error": context.faults.upload_error})
    trouble = _trouble(name, mime) or ("" if data else not_modelled("File is empty"))
    if trouble:
        raise ErrorResponse(422, trouble)
    media = new_media(name, size=len(data), new_id=context.new_id)
    _keep(context, workspace, media)
    return respond(media)


def listed(context: Context, request: Request) -> Response:
    """`types[]` and `used[]` are required by the documents, and public clients send neither: nobody has shown that it is refused."""
    workspace, params = context.workspace(request), request.params
    ids, types = params.get("ids[]", []), params.get("types[]", [])
    for word in types:
        if "," not in word and word not in LISTED_TYPES:  # joined by commas, they were seen to find nothing
            raise ErrorResponse(400, not_modelled(f"Unknown media type {word}"))
    words = request.first("search").lower()
    media = [
        one
        for one in context.database.media(workspace).values()
        if (
            one["id"] in ids
            if ids
            else (not types or one["type"] in types)
            and words in f"{one['name']} {one['caption'] or ''}".lower()
        )
    ]
    # How many are on a page is not documented: all of them here, on the first.
    shown = media if ids or request.first("page") in ("", "0") else []
    return respond({"media": [_in_library(one) for one in shown], "total": len(media)})


def _keep(context: Context, workspace: str, media: Record) -> None:
    context.database.add_media(workspace, {**media, "created_at": context.now().isoformat()})


def _in_library(media: Record) -> Record:
    """As the library lists a medium: with thumbnails and times, without saying what it fits."""
    kept = {key: media[key] for key in ("id", "type", "name", "caption", "path")}
    thumbnails = [{"id": media["id"], "small": media["thumbnail"], "real": media["path"]}]
    made = media.get("created_at")
    flags = {"favorite": False, "in_library": True}
    return {**kept, "thumbnails": thumbnails, "created_at": made, "updated_at": made, **flags}


def fetched(context: Context, workspace: str, asked: list[Any]) -> list[Record]:
    """The media of an import. One whose URL cannot be fetched is silently left out."""
    if context.faults.media_error is not None:
        return [{"error": context.faults.media_error}]
    found = []
    for one in asked:
        url = one.get("url") if isinstance(one, dict) else None
        if name := _fetchable(url):
            media = new_media(name, path=str(url), caption=one.get("caption"), new_id=context.new_id)
            _keep(context, workspace, media)
            found.append(media)
    return found


def new_media(
    name: str,
    *,
    path: str | None = None,
    caption: str | None = None,
    size: int = 0,
    new_id: Callable[[], str],
) -> Record:
    """A medium as an upload answers it; `validity` says what each network takes it for."""
    mime = _mime_of(name) or ""
    kind = "video" if mime.startswith("video/") else "document" if mime == "application/pdf" else "photo"
    path = path or f"https://cdn.publer.example/uploads/{new_id()}/{name}"
    return {
        "id": new_id(),
        "path": path,
        "thumbnail": path,
        "validity": {
            network: {one: one == kind for one in sorted(types)} for network, types in TYPES.items()
        },
        "width": None,
        "height": None,
        "size": size,
        "source": "upload",
        "type": kind,
        "name": name,
        "caption": caption,
    }


def _mime_of(name: str) -> str | None:
    return MEDIA_TYPES.get(name.rpartition(".")[2].lower()) if "." in name else None


def _trouble(name: str, mime: str) -> str | None:
    """Why a file is refused: it needs a known ending and the type that goes with it."""
    expected = _mime_of(name)
    if expected is None:
        return not_modelled("File type is not supported")
    if mime.partition(";")[0].strip().lower() != expected:
        return not_modelled("File type does not match its extension")
    return None


def _fetchable(url: Any) -> str | None:
    """The file name of a URL the service could import, by its looks: nothing is fetched here."""
    try:
        parts = urlsplit(str(url))
        host = parts.hostname or ""
    except ValueError:
        return None
    name = parts.path.rpartition("/")[2]
    private = host in {"", "localhost"} or host.startswith("127.") or host.endswith((".invalid", ".test"))
    return name if parts.scheme in {"http", "https"} and _mime_of(name) and not private else None


def _file_part(request: Request) -> tuple[str, str, bytes] | None:
    """Name, type and bytes of the part `file` of a multipart body."""
    match = re.search(r'boundary="?([^";]+)', request.headers.get("content-type", ""))
    if match is None:
        return None
    for part in request.body.split(b"--" + match[1].encode())[1:-1]:
        head, _, data = part.partition(b"\r\n\r\n")
        text = head.decode("utf-8", "replace")
        if re.search(r'\bname=("?)file\1(;|\s|$)', text):
            name = re.search(r'filename="([^"]*)"', text)
            mime = re.search(r"(?im)^content-type:\s*([^\r\n]+)", text)
            return name[1] if name else "", mime[1] if mime else "", data.removesuffix(b"\r\n")
    return None
