"""What somebody has to look at, out of the JSON of `apply`, `plan` or `status`: for chat and mail, each problem once."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from dataclasses import field
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypedDict

from publer_sync.render.layout import documents
from publer_sync.render.layout.wording import count, sentence
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.starting.late_patterns import late_pattern
from publer_sync.values.printable import WORD_JOINER, printable_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from publer_sync.values.documented import Moment, Version

NoticeKind = Literal["apply", "plan", "status"]
_MOST: Final = 20
"""Problems that the text lists one by one."""
_SAID: Final = 300
"""Characters of a sentence."""
_PING: Final = late_pattern(r"(?<!\w)@|<(?=[!@#])")
"""What chats read as a call for everyone who is there."""
_TRIED: Final = {
    "failed": "failed",
    "unverified": "not listed by Publer yet",
    "not_tried": "not done",
}
_URGENT: Final = {
    "blocked": "blocked",
    "recreate": "deleted in Publer by someone",
    "missed": "missed",
    "waiting": "waits for approval in Publer",
}


class NotInOurFormError(ValueError):
    """What was read is not what a command prints with --format json."""


class TroubleData(TypedDict):
    """Something that somebody has to look at."""

    key: Annotated[str, "the same for the same problem in every run"]
    calendar: Annotated[str | None, "the calendar; null if the document does not name it"]
    code: Annotated[str, "what is wrong: the code of the error or of what blocks the post, else the outcome"]
    id: Annotated[str | None, "the post's id in the calendar; null if it has none, or if it is about no post"]
    account: Annotated[documents.AccountData | None, "null if it is about no post"]
    scheduled_at: Annotated[Moment | None, "null if it is about no post, or the post has no time"]
    message: Annotated[str, "what is wrong, as a sentence"]
    publer_said: Annotated[str | None, "Publer's own sentence, if there is one"]
    hint: Annotated[str | None, "the fix, if there is one to name"]
    source: Annotated[documents.SourceData | None, "the line of the post"]


class NoticeDocument(TypedDict):
    """What publer-sync notify --format json prints, and the action's output `notify`."""

    format_version: Version
    title: Annotated[str, "one line for a subject"]
    text: Annotated[str, "plain text for a chat or a mail: the title, and a line for each problem"]
    new: Annotated[list[TroubleData], "what nobody was told of yet"]
    still: Annotated[list[TroubleData], "what was told before and is not over"]
    over: Annotated[list[str], "what was told before and is over, in the words of then"]
    left_out: Annotated[
        int,
        "problems that are missing from `new` and `still`, since the action's output has room for 100,000 bytes",
    ]
    run_url: Annotated[str | None, "the run in CI; null elsewhere"]


@dataclass(frozen=True, slots=True)
class Notice:
    """`told` is what was told before, by its key, and the words of then."""

    troubles: tuple[TroubleData, ...] = ()
    over: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, str] = field(default_factory=dict)
    run_url: str = ""

    @property
    def new(self) -> list[TroubleData]:
        return [each for each in self.troubles if each["key"] not in self.told]

    @property
    def now_told(self) -> dict[str, str]:
        """What has been told once somebody has seen this."""
        kept = {key: words for key, words in self.told.items() if key not in self.over}
        return kept | {each["key"]: line_of(each) for each in self.new}


def notice(document: Mapping[str, Any], told: Mapping[str, str], *, run_url: str = "") -> Notice:
    """Raises NotInOurFormError."""
    try:
        parts = [*_parts(document)]
        troubles = {each["key"]: each for kind, name, part in parts for each in _troubles(kind, name, part)}
    except (KeyError, TypeError, AttributeError) as error:
        raise NotInOurFormError from error
    # Where a command ended early, nobody knows what became of the rest.
    known = [_scope(kind, name) for kind, name, part in parts if "error" not in part]
    known += [_scope("error", name) for _, name, part in parts if "error" not in part]
    known += [_scope("error", None)] if known else []
    over = {key: words for key, words in told.items() if key not in troubles and key.startswith(tuple(known))}
    return Notice(tuple(troubles.values()), over, told, run_url)


def document(found: Notice) -> NoticeDocument:
    keys = {each["key"] for each in found.new}
    return {
        "format_version": documents.FORMAT_VERSION,
        "title": title(found),
        "text": text(found),
        "new": found.new,
        "still": [each for each in found.troubles if each["key"] not in keys],
        "over": [*found.over.values()],
        "left_out": 0,
        "run_url": found.run_url or None,
    }


def limited(document: NoticeDocument, room: int) -> NoticeDocument:
    """The same in at most `room` bytes: the last problems are left out, first those that were told before."""
    total = len(document["new"]) + len(document["still"])

    def with_first(number: int) -> NoticeDocument:
        new, still = document["new"][:number], document["still"][: max(0, number - len(document["new"]))]
        return {**document, "new": new, "still": still, "left_out": total - number}

    def fits(number: int) -> bool:
        return len(documents.dumps(with_first(number)).encode()) <= room

    if fits(total):
        return document
    return with_first(bisect_left(range(total), x=True, key=lambda number: not fits(number + 1)))


def title(found: Notice) -> str:
    names = sorted({each["calendar"] for each in found.new if each["calendar"]})
    where = (
        f" in {printable_line(names[0], 60)}"
        if len(names) == 1
        else f" in {len(names)} calendars"
        if names
        else ""
    )
    if found.new:
        return f"publer-sync: {count(len(found.new), 'new problem')}{where}"
    return f"publer-sync: {'no new problem' if found.troubles else 'no problem'}"


def text(found: Notice) -> str:
    lines = [title(found)]
    lines += [f"- {line_of(each)}" for each in found.new[:_MOST]]
    if len(found.new) > _MOST:
        lines.append(f"- … and {len(found.new) - _MOST:,} more")
    if found.over:
        lines.append("No longer reported:")
        lines += [f"- {words}" for words in [*found.over.values()][:_MOST]]
    if found.run_url:
        lines.append(found.run_url)
    return "\n".join(lines)


def line_of(each: TroubleData) -> str:
    """A problem on one line, which calls nobody in a chat."""
    parts = [_which(each), sentence(each["message"])]
    if each["publer_said"]:
        parts.append(f'Publer said: "{each["publer_said"]}".')
    if each["hint"]:
        parts.append(sentence(each["hint"]))
    told = " ".join(printable_line(part, _SAID) for part in parts if part)
    return _PING.sub(rf"\g<0>{WORD_JOINER}", told)


def _which(each: TroubleData) -> str:
    where = f"{each['calendar']}: " if each["calendar"] else ""
    account, at, source = each["account"], each["scheduled_at"], each["source"]
    if account is None:
        return where.removesuffix(" ")
    when = f"{at[:10]} {at[11:16]} UTC" if at else "no time"
    line = f", {source['file']}:{source['line']}" if source else ""
    return f"{where}{each['id'] or 'a post'} on {account['alias'] or account['name']} ({when}{line}):"


# --- what is wrong, out of each document ------------------------------------------------------------------------------


def _parts(
    document: Mapping[str, Any], name: str | None = None
) -> Iterator[tuple[NoticeKind, str | None, Mapping[str, Any]]]:
    if "calendars" in document:
        for each in document["calendars"]:
            yield from _parts(each["result"], str(each["calendar"]))
        return
    name = name or document.get("calendar")
    if "results" in document and "requests" in document:
        yield "apply", name, document
    elif "changes" in document:
        yield "plan", name, document
    elif "urgent" in document:
        yield "status", name, document
    elif "error" in document:
        yield "apply", name, document
    else:
        raise NotInOurFormError


def _scope(kind: str, name: str | None) -> str:
    return f"{kind} {name or ''} "


def _troubles(kind: NoticeKind, name: str | None, part: Mapping[str, Any]) -> Iterator[TroubleData]:
    if "error" in part:
        yield _of_error(name, part)
    if kind == "apply":
        for each in part.get("results", ()):
            if each["outcome"] in _TRIED:
                said = _TRIED[each["outcome"]]
                code = each.get("code") or each["outcome"]
                message = f"{said}: {each['message']}" if each["message"] else said
                yield _of_post(kind, name, each, code, message, each.get("publer_said"), each.get("hint"))
    elif kind == "plan":
        for each in part["changes"]:
            if each["action"] in ("blocked", "recreate"):
                code, said = each["code"] or each["action"], _URGENT[each["action"]]
                yield _of_post(kind, name, each, code, f"{said}: {each['reason']}", None, None)
        for each in part.get("missed", ()):
            yield _of_post(kind, name, each, "missed", f"{_URGENT['missed']}: {each['reason']}", None, None)
        for each in part.get("refusals", ()):
            code = str(each["code"])
            way = next((warn["message"] for warn in part.get("warnings", ()) if warn["code"] == code), "")
            # A warning with the code ends with what to run in place of the option.
            what, _, command = way.rpartition(": ")
            hint = f"{what}: `{command}`" if what else each["allow"]
            yield _made(kind, name, code, [], f"apply would refuse: {code}", hint=hint)
    else:
        for each in part.get("stopped_by", ()):  # not in the document of an older version
            message = f"every apply ends with an error: {each['message'].removesuffix(':')}"
            hint = f"Run `{each['command']}`" if each["command"] else None
            yield _made(kind, name, str(each["code"]), [], message, hint=hint)
        for each in part["urgent"]:
            code, said = each["code"] or each["kind"], _URGENT[each["kind"]]
            yield _of_post(kind, name, each, code, f"{said}: {each['reason']}", None, None)
        for each in part["failed"]:
            yield _of_post(
                kind,
                name,
                {"id": None, "source": None, **each},
                "failed",
                "failed",
                each.get("publer_said"),
                None,
            )
        for each in part["gone"]:
            gone = str(each["calendar"])
            yield _made(
                kind,
                name,
                "calendar_gone",
                [gone],
                f"the calendar {gone} left the repository, and has posts ahead",
            )


def _of_error(name: str | None, part: Mapping[str, Any]) -> TroubleData:
    """With the calendar's errors: other ones are news."""
    error, problems = (
        part["error"],
        [each for each in part.get("problems", ()) if each["severity"] == "error"],
    )
    which = [str(each[key]) for each in problems for key in ("code", "file", "message")]
    message, hint = str(error["message"]), error.get("hint")
    if problems:
        first = problems[0]
        place = f"{first['file']}:{first['line']}: " if first["file"] else ""
        message = f"the calendar has {count(len(problems), 'error')}: {place}{first['message']}"
        hint = first["help"]
    return _made("error", name, str(error["code"]), which, message, hint=hint)


def _of_post(
    kind: NoticeKind,
    name: str | None,
    each: Mapping[str, Any],
    code: str,
    message: str,
    said: str | None,
    hint: str | None,
) -> TroubleData:
    at, account = each["scheduled_at"], each["account"]
    which = [account["id"], each["id"] or at or each.get("post_id") or ""]
    return _made(kind, name, code, which, message, said=said, hint=hint, each=each)


def _made(
    kind: str,
    name: str | None,
    code: str,
    which: Iterable[str],
    message: str,
    *,
    said: str | None = None,
    hint: str | None = None,
    each: Mapping[str, Any] | None = None,
) -> TroubleData:
    digest = hashlib.sha256("\n".join((code, *which)).encode(errors="replace")).hexdigest()[:16]
    post = each or {}
    return {
        "key": f"{_scope(kind, name)}{digest}",
        "calendar": name,
        "code": code,
        "id": post.get("id"),
        "account": post.get("account"),
        "scheduled_at": post.get("scheduled_at"),
        "message": message,
        "publer_said": said or None,
        "hint": hint or None,
        "source": post.get("source"),
    }
