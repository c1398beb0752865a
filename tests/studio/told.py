"""What the studio tells: scenes of somebody's work, and every answer of the server to it, a value a line.

`test_told` compares them with those of `stored/`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from publer_sync.studio import studio
from tests.studio.desk import desk_of
from tests.studio.scenes import SCENES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.studio.desk import Desk, Told

_LEFT_OUT: Final = frozenset(
    {"cards", "mark", "open", "redo_step", "revision", "standing", "undo_step", "version", "thumb"}
)
"""Keys of answers that other tests are about, or that differ from run to run."""


class Scribe:
    """Asks a studio, and writes down what it answers."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.lines: list[str] = []
        self._known: list[Any] = []
        """The posts as they were asked for last, while nothing is different."""

    def do(self, name: str, /, **order: Any) -> Told:
        """Ask for a change of a post, write down what it does, and take it back."""
        told = self.kept(name, **order)
        if told.status == 200 and told.body.get("step"):
            assert self.desk.send("/studio/undo", {}).status == 200
            if told.body.get("gone"):
                self._known = []
        return told

    def kept(self, name: str, /, **order: Any) -> Told:
        """The same, without taking it back."""
        self._asked(f"{name}: {_short(order)}")
        known = {each: self.post(name)[each] for each in ("key", "revision")} if name else {}
        told = self.desk.send("/studio/change", {**known, "do": self._named(order)})
        self._told(told)
        return told

    def post(self, name: str) -> Any:
        """A post by its id, or by how its text begins."""
        self._known = self._known or self.desk.posts
        (found,) = (each for each in self._known if each["id"] == name or each["text"].startswith(name))
        return found

    def several(self, *names: str, **order: Any) -> Told:
        posts = [self.post(name) for name in names]
        self._asked(f"{', '.join(names)}: {_short(order)}")
        known = [{"key": each["key"], "revision": each["revision"]} for each in posts]
        told = self.desk.send("/studio/change", {"posts": known, "do": order})
        self._told(told)
        if told.status == 200 and told.body.get("step"):
            assert self.desk.send("/studio/undo", {}).status == 200
            self._known = []
        return told

    def _told(self, told: Told) -> None:
        body, diff = _short_of(told.body)
        posts = body.pop("posts", [])
        self._answered(told.status, body)
        self._differs(diff)
        self.lines += [f"  = {_one_line(each)}" for each in posts]

    def _differs(self, diff: str) -> None:
        """The lines that differ, below the name of their file."""
        for line in diff.splitlines():
            if line.startswith("+++"):
                self.lines.append(f"  {line[4:].removeprefix('b/')}")
            elif line[:1] in ("+", "-") and not line.startswith("---"):
                self.lines.append(f"  {line}")

    def ask(self, path: str, name: str = "", /, **body: Any) -> Told:
        self._asked(f"{path} {name} {_short(body)}")
        key = {"key": self.post(name)["key"]} if name else {}
        told = self.desk.send(f"/studio/{path}", {**key, **self._named(body)})
        self._told(told)
        return told

    def get(self, path: str) -> Any:
        self._asked(path)
        told = self.desk.ask("GET", f"/studio/{path}")
        self._answered(told.status, told.body)
        return told.body

    def write(self, file: str, text: str) -> None:
        """As somebody would in an editor."""
        self._asked(f"saved {file}")
        (self.desk.top / file).write_text(text, encoding="utf-8")

    def _named(self, value: Any) -> Any:
        """With the keys of posts that are named as `{"post": name}`."""
        if isinstance(value, dict):
            if value.keys() == {"post"}:
                return self.post(value["post"])["key"]
            return {key: self._named(each) for key, each in value.items()}
        return [self._named(each) for each in value] if isinstance(value, list) else value

    def _asked(self, words: str) -> None:
        self.lines += ["", f"> {words.strip()}"]

    def _answered(self, status: int, body: Any) -> None:
        if status != 200:
            self.lines.append(f"  {status}")
        self.lines += [f"  {line}" for line in _lines(body)]

    @property
    def text(self) -> str:
        text = "\n".join(self.lines).strip() + "\n"
        for top in (self.desk.top.resolve(), self.desk.top):
            text = text.replace(top.as_posix(), "TOP").replace(f"{top.parent.as_posix()}/", "TOP/../")
        return text


def _short_of(answer: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """What a change answers, with its new problems by their codes alone; and its diff."""
    body = {key: each for key, each in answer.items() if key not in ("diff", "redo", "step")}
    if "problems" in body:
        body["problems"] = [f"{each['severity']} {each['code']}" for each in body["problems"]]
    return body, answer.get("diff", "")


def _short(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _one_line(post: Mapping[str, Any]) -> str:
    """A post after a change, in the words of its answer that a change is mostly about."""
    at = post["at"]
    accounts = [
        f"{alias} {own['day']} {own['time']}" if (own := post["times"].get(alias)) else alias
        for alias in post["accounts"]
    ]
    return f"{post['id']} · {at['day']} {at['time']} · {', '.join(accounts)} · {post['text'][:40]!r}"


def _lines(value: Any, key: str = "") -> Iterator[str]:
    """A value a line, by its keys; what says nothing is left out."""
    if isinstance(value, dict):
        for name, each in value.items():
            if name not in _LEFT_OUT:
                yield from _lines(each, f"{key}.{name}" if key else name)
    elif isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
        for number, each in enumerate(value):
            yield from _lines(each, f"{key}[{number}]")
    elif value not in (None, "", [], False):
        shown = json.dumps(value, ensure_ascii=False)
        yield f"{key} {shown}"


def told_by(name: str, folder: Path) -> str:
    """What the studio tells in a scene, played in a new folder."""
    scene = SCENES[name]
    top = folder / "calendar"
    top.mkdir()
    scene.write(top)
    others = [folder / name for name in scene.beside]
    with pytest.MonkeyPatch.context() as patched, desk_of(top, *others, **scene.options) as desk:
        if scene.large:
            patched.setattr(studio, "MANY", 0)
        scribe = Scribe(desk)
        scene.play(scribe)
        return scribe.text
