"""The bodies of Publer's answers: bytes to JSON, the sentence of an error, and the objects inside, however wrapped.

Where Publer's documents and its live answers disagree on a shape, every shape that was seen is read, and what fits none
raises Nonsense: an answer that was not understood must never pass for an empty one.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, cast

from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.values.content import Json

_SAID = 300
"""Characters of Publer's sentence that are kept."""
_LONE_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class Nonsense(ValueError):
    """An answer in no known shape. The text says what it looks like; `publer_said` is the sentence in it, if any."""

    def __init__(self, looks: str, *, publer_said: str = "") -> None:
        super().__init__(looks)
        self.publer_said = publer_said


class Declined(Nonsense):
    """A write that answers 200 with an error instead of a result: nothing was done."""


def check_done(data: Json) -> None:
    """Raise Declined where the answer to a write reports an error. For an answer that lacks what it should have."""
    if not isinstance(data, dict):
        return
    said = complaint({key: data[key] for key in ("errors", "error") if key in data})
    if said or data.get("success") is False:
        raise Declined("an error", publer_said=said)


def parse(body: bytes) -> Json:
    """Raises Nonsense for anything but JSON."""
    try:
        data = cast("Json", json.loads(body))
    except (ValueError, RecursionError):
        raise Nonsense(looks_like(body)) from None
    return _whole(data) if _LONE_SURROGATE.search(body) else data


def _whole(value: Json) -> Json:
    """Half an emoji (a lone surrogate) can be neither stored nor printed: it becomes the replacement character."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {str(_whole(key)): _whole(item) for key, item in value.items()}
    return value


def looks_like(body: bytes) -> str:
    """What a body that is not JSON looks like, for people."""
    text = body[:4096].decode("utf-8", "replace").strip()
    if not text:
        return "an empty answer"
    if text.startswith("<"):
        title = re.search(r"<title[^>]*>(.*?)</title", text, re.DOTALL | re.IGNORECASE)
        return f'a web page ("{printable_line(title[1], 100)}")' if title else "a web page"
    return f'"{printable_line(text, 100)}"'


# --- what Publer says is wrong ----------------------------------------------------------------------------------------


def complaint(data: Json) -> str:
    """Publer's own sentence on what is wrong, on one line; "" where it says nothing."""
    if not isinstance(data, dict):
        return "; ".join(sentences(data))
    for key in ("errors", "error", "message"):
        if found := "; ".join(sentences(data.get(key))):
            return printable_line(found, _SAID)
    return ""


def complaint_in(body: bytes) -> str:
    """Publer's own sentence in an error answer; "" where there is none."""
    try:
        return complaint(parse(body))
    except Nonsense:
        return ""


def glimpse(body: bytes) -> str:
    """What an error answer looks like that Publer itself did not write, since that writes JSON; "" where it did."""
    try:
        parse(body)
    except Nonsense:
        return looks_like(body) if body.strip() else ""
    return ""


def sentences(value: Json, depth: int = 4) -> Iterator[str]:
    """Each sentence of an error in any of its shapes: text, list, object by field, object with `message`."""
    if isinstance(value, str) and value.strip():
        yield printable_line(value, _SAID)
    elif isinstance(value, list) and depth:
        for item in value:
            yield from sentences(item, depth - 1)
    elif isinstance(value, dict) and depth:
        for key in ("message", "error"):
            if value.get(key):
                yield from sentences(value[key], depth - 1)
                return
        for key, item in value.items():
            for found in sentences(item, depth - 1):
                yield f"{printable_line(key, 40)}: {found}"


# --- objects and their fields -----------------------------------------------------------------------------------------


def entries(data: Json, key: str) -> tuple[list[dict[str, Json]], int | None]:
    """The objects of a list answer, and the total it names. Raises Nonsense where there is something else in it."""
    listed, total = rows(data, key)
    found = [item for item in listed if isinstance(item, dict)]
    if len(found) != len(listed):
        raise Nonsense(f"a list of {key} with something else in it")
    return found, total


def rows(data: Json, key: str) -> tuple[list[Json], int | None]:
    """What a list answer has, bare or under `key` or `data`, and the total it names. Raises Nonsense."""
    total: int | None = None
    while isinstance(data, dict):
        told = data.get("total")
        if isinstance(told, int | str) and not isinstance(told, bool) and str(told).isdecimal():
            total = int(told)
        inner = data[key] if key in data else data.get("data")
        if not isinstance(inner, dict | list):
            raise Nonsense(f"no list of {key}", publer_said=complaint(data))
        data = inner
    if not isinstance(data, list):
        raise Nonsense(f"no list of {key}")
    return data, total


def unwrapped(data: Json, *keys: str) -> dict[str, Json]:
    """The object inside those of `keys` that wrap it. Raises Nonsense where it is something else."""
    for key in keys:
        if isinstance(data, dict) and isinstance(data.get(key), dict):
            data = data[key]
    if not isinstance(data, dict):
        raise Nonsense("not an object")
    return data


def id_in(item: dict[str, Json]) -> str:
    """Ids are opaque: 24 hex digits for most, numbers for published posts. Raises Nonsense without one."""
    if not (found := optional_id(item.get("id"))):
        raise Nonsense("an entry without an id")
    return found


def optional_id(value: Json) -> str:
    """An id as text; "" where there is none."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def text_in(item: dict[str, Json], key: str) -> str | None:
    """A number is taken as text. Raises Nonsense for a list or an object."""
    value = item.get(key)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, dict | list):
        raise Nonsense(f"an entry whose {key} is not text")
    return str(value)
