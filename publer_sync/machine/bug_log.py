"""The log of an unexpected exception: enough to find the bug, without the API key and without the texts of posts."""

from __future__ import annotations

import platform
import tempfile
import traceback
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.machine.version import version
from publer_sync.values.errors import Bug

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PACKAGE = Path(__file__).resolve().parents[1]
LIBRARIES = ("click", "deepdiff", "jsonschema", "pyyaml", "requests")
SECRETS = ("_KEY", "_TOKEN")
SAFE = (
    "The log contains neither your API key nor the texts of your posts. It is safe to run the command again."
)


def bug(error: Exception, arguments: Sequence[str], environ: Mapping[str, str]) -> Bug:
    """Write the log to a file, and return the error that tells the user where it is."""
    text = log(error, arguments, environ)
    try:
        handle, name = tempfile.mkstemp(prefix="publer-sync-", suffix=".log")
        with open(handle, "w", encoding="utf-8") as file:  # noqa: PTH123 — pathlib can't take a descriptor
            file.write(text)
    except OSError:
        return Bug(f"{summary(error)}; please report it with the log below", hint=f"{SAFE}\n\n{text}")
    return Bug(f"{summary(error)}; please report it and attach {name}", hint=SAFE)


def summary(error: Exception) -> str:
    """The beginning of a sentence: what was raised, and the last line of publer-sync that it came through."""
    frames = traceback.extract_tb(error.__traceback__)
    last = next((frame for frame in reversed(frames) if _is_ours(frame)), frames[-1])
    return f"publer-sync has a bug ({type(error).__name__} in {_place(last)})"


def log(error: BaseException, arguments: Sequence[str], environ: Mapping[str, str]) -> str:
    """What happened where. Messages of exceptions and values of options are left out: they can quote a post."""
    lines = [
        f"publer-sync {version()}, {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        f"Python {platform.python_version()}, {platform.platform()}",
        ", ".join(f"{name} {_version(name)}" for name in LIBRARIES),
        f"command: {' '.join(_safe_arguments(arguments))}",
    ]
    for link in reversed(list(_chain(error))):
        lines += ["", f"{type(link).__name__}, raised through (last call last):"]
        for frame in traceback.extract_tb(link.__traceback__):
            lines += [f"  {_place(frame)}, in {frame.name}", f"    {frame.line}"]
    return _masked("\n".join(lines) + "\n", environ)


def _chain(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    seen: set[int] = set()
    while link is not None and id(link) not in seen:
        yield link
        seen.add(id(link))
        link = link.__cause__ or link.__context__


def _safe_arguments(arguments: Sequence[str]) -> Iterator[str]:
    """The command and the names of its options."""
    for index, word in enumerate(arguments):
        if word.startswith("-"):
            yield word.partition("=")[0]
        elif index == 0:
            yield word


def _is_ours(frame: traceback.FrameSummary) -> bool:
    return Path(frame.filename).is_relative_to(PACKAGE)


def _place(frame: traceback.FrameSummary) -> str:
    """The end of the path: its first folders tell who the user is."""
    path = Path(frame.filename)
    inside = path.relative_to(PACKAGE.parent) if _is_ours(frame) else Path(*path.parts[-2:])
    return f"{inside.as_posix()}, line {frame.lineno}"


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def secrets_in(environ: Mapping[str, str]) -> Iterator[str]:
    """The keys and tokens for publer-sync in the environment; if a variable has several, each of them too."""
    for name, value in environ.items():
        if name.startswith("PUBLER_") and name.endswith(SECRETS):
            yield from filter(None, map(str.strip, [value, *value.split(",")]))


def _masked(text: str, environ: Mapping[str, str]) -> str:
    for secret in secrets_in(environ):
        text = text.replace(secret, "***")
    return text
