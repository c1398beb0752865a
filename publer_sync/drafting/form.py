"""The issue form of a request: the file that GitHub shows it from, and what someone wrote into it, out of the issue.

GitHub makes an issue of a form's answers: each label as a heading, and the answer below it (GitHub docs, "Syntax for issue
forms"). Everybody who may edit the issue may change all of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from publer_sync.editing.writing import map_lines
from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from publer_sync.editing.writing import Writable

WORDS: Final = "What should it say?"
WHEN: Final = "When should it be published?"
WHERE: Final = "Where should it be published?"
PICTURES: Final = "Pictures"
ALTS: Final = "What the pictures show"
NOTE: Final = "A note for the team"
DRAFT: Final = "Draft"
AS_DRAFT: Final = "Put it into Publer as a draft"

MOST: Final = 20
"""Pictures of one request: more than any network takes."""
_LONGEST: Final = 70_000
"""Characters of an issue; GitHub takes 65,536."""
_EMPTY: Final = "_No response_"
"""What GitHub writes for a field that was left empty."""
_BOX: Final = re.compile(r"- \[([ xX])\] (.*)")
_FENCE: Final = re.compile(r"(`{3,}|~{3,}).*")
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"')\]]+")
_UPLOADING: Final = re.compile(r"!?\[Uploading [^\]\n]*\]\(\)", re.IGNORECASE)
_NUMBER: Final = re.compile(r"(\d+)[.)]\s+(.+)")


class FormError(Exception):
    """A request that cannot be read. `message` and `fix` are for the person who wrote it."""

    def __init__(self, field: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.field, self.message, self.fix = field, message, fix


@dataclass(frozen=True, slots=True)
class FormAnswers:
    """What someone asks for. `pictures` are addresses as they were written, not looked at yet."""

    words: str
    when: str
    aliases: tuple[str, ...]
    pictures: tuple[str, ...] = ()
    alts: tuple[str, ...] = ()
    note: str = ""
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """The form of the calendar in the folder `place` of its repository; "" for the top."""

    place: str

    @property
    def where(self) -> str:
        """The label that tells the forms of several calendars apart."""
        return WHERE if self.place == "calendar" else f"{WHERE} ({self.place or 'this repository'})"

    @property
    def heading(self) -> str:
        """By which the workflow knows an issue of this form."""
        return f"### {self.where}"

    @property
    def name(self) -> str:
        """Of the files of the form and its workflow, without their endings."""
        return "" if self.place == "calendar" else re.sub(r"[^A-Za-z0-9]+", "-", f"-{self.place}").rstrip("-")

    def is_in(self, body: str) -> bool:
        return any(line.rstrip() == self.heading for line in _lines(body))

    def written(self, accounts: Mapping[str, str]) -> str:
        """The file in .github/ISSUE_TEMPLATE. `accounts` are their aliases with what people see behind it."""
        calendar = "" if self.place == "calendar" else f" ({self.place or 'this repository'})"
        whole: dict[str, Writable] = {
            "name": f"Ask for a post{calendar}",
            "description": "Words, pictures and a time; it becomes a pull request, and is published after its merge",
            "title": "Post: ",
            "body": [*self._fields(accounts)],
        }
        head = (
            "# The form for posts. Change its texts as you like, but not the labels: the workflow finds the answers by them.",
            "# For new accounts, delete this file and run init --form again.",
        )
        return "\n".join([*head, *map_lines(whole), ""])

    def _fields(self, accounts: Mapping[str, str]) -> Iterator[Writable]:
        yield _field(
            "textarea",
            "words",
            WORDS,
            "The words as they are to be published. Markdown has no effect: **stars** stay stars.",
            more={"render": "text"},
        )
        yield _field(
            "input",
            "when",
            WHEN,
            'Such as "tomorrow 9", "next tue 14:30", "2027-03-02 09:00", or "next" for a free slot.',
            required=True,
        )
        boxes: list[Writable] = [
            {"label": f"{alias}: {name}" if name else alias} for alias, name in accounts.items()
        ]
        yield _field("checkboxes", "accounts", self.where, "", more={"options": boxes})
        yield _field(
            "textarea",
            "pictures",
            PICTURES,
            "Drag pictures or a video here, and wait until they are uploaded.",
        )
        yield _field(
            "textarea", "alts", ALTS, "For those who cannot see it: a line for each picture, in their order."
        )
        yield _field("textarea", "note", NOTE, "It stays here and in the file, and is never published.")
        yield _field("checkboxes", "draft", DRAFT, "", more={"options": [{"label": AS_DRAFT}]})

    # --- what someone wrote

    def read(self, body: str) -> FormAnswers:
        """Raises FormError for the first thing that is unclear."""
        if len(body) > _LONGEST:
            raise FormError("", "this issue is too long", "Make it shorter.")
        parts = self._parts(_lines(body))
        boxes = [found for line in parts.get(self.where, ()) if (found := _BOX.fullmatch(line.strip()))]
        draft = [found for line in parts.get(DRAFT, ()) if (found := _BOX.fullmatch(line.strip()))]
        pictures = "\n".join(parts.get(PICTURES, ()))
        if _UPLOADING.search(pictures):
            raise FormError(
                PICTURES,
                "an upload was not finished",
                "Edit the issue, drop the picture again, and wait until it shows.",
            )
        return FormAnswers(
            words=_text(parts.get(WORDS, ())),
            when=_text(parts.get(WHEN, ())),
            aliases=tuple(dict.fromkeys(_alias(box[2]) for box in boxes if box[1] in "xX")),
            pictures=tuple(dict.fromkeys(_ADDRESS.findall(pictures))),
            alts=_alts(_text(parts.get(ALTS, ()))),
            note=_text(parts.get(NOTE, ())),
            draft=any(box[1] in "xX" for box in draft),
        )

    def _parts(self, lines: Sequence[str]) -> dict[str, list[str]]:
        """The lines below each label. The labels must be there once, in the order of the form."""
        order = (WORDS, WHEN, self.where, PICTURES, ALTS, NOTE, DRAFT)
        labels = {f"### {label}": label for label in order}
        starts = [
            (number, labels[line.rstrip()]) for number, line in enumerate(lines) if line.rstrip() in labels
        ]
        names = [label for _, label in starts]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise FormError(
                "",
                f'the line "### {twice}" is there {names.count(twice)} times, but each part of the form begins once',
                "Edit the issue: keep the first of these lines, and change the others.",
            )
        for label in (WORDS, WHEN, self.where):
            if label not in names:
                raise FormError(
                    "",
                    f'the line "### {label}" of the form is gone',
                    'Edit the issue and write it back above its part; "edited" at its top shows how it was.',
                )
        if names != [label for label in order if label in names]:
            raise FormError("", "the parts of the form are in another order", "Put them in the form's order.")
        ends = [number for number, _ in starts[1:]] + [len(lines)]
        return {label: [*lines[at + 1 : end]] for (at, label), end in zip(starts, ends, strict=True)}


def _field(
    kind: str,
    name: str,
    label: str,
    description: str,
    *,
    more: Mapping[str, Writable] | None = None,
    required: bool = False,
) -> Writable:
    says: Mapping[str, Writable] = {"description": description} if description else {}
    needs: Mapping[str, Writable] = {"validations": {"required": True}} if required else {}
    return {"type": kind, "id": name, "attributes": {"label": label, **says, **(more or {})}, **needs}


def _lines(body: str) -> list[str]:
    """The body's lines; half characters, which cannot be written as UTF-8, become a mark."""
    text = body.encode("utf-8", "replace").decode("utf-8")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _text(lines: Sequence[str]) -> str:
    """An answer without the block of code in which GitHub shows it."""
    kept = "\n".join(lines).strip("\n").split("\n")
    if len(kept) > 1 and (fence := _FENCE.fullmatch(kept[0])) and kept[-1].strip() == fence[1]:
        kept = kept[1:-1]
    text = "\n".join(kept).strip("\n")
    return "" if text.strip() == _EMPTY else text


def _alias(label: str) -> str:
    return label.partition(":")[0].strip()


def _alts(text: str) -> tuple[str, ...]:
    """A line for each picture; numbers before them are taken for numbers where all have theirs."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    numbered = [_NUMBER.fullmatch(line) for line in lines]
    if lines and all(each and int(each[1]) == place for place, each in enumerate(numbered, 1)):
        return tuple(each[2] for each in numbered if each)
    return tuple(lines)
