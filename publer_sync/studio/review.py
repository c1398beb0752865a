"""Puts what differs from the last commit up for review: on a branch of its own, never on the default branch."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
from typing import TYPE_CHECKING, Final

from publer_sync.machine.tracked import run_git
from publer_sync.render.layout.wording import count
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.studio.repository import CalendarRepository, lines_of_run
from publer_sync.values.printable import printable
from publer_sync.values.problems import errors_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from publer_sync.machine.tracked import GitRun
    from publer_sync.studio.documents import BranchData, ReviewAnswer, ReviewData
    from publer_sync.studio.last_commit import LastCommit
    from publer_sync.studio.open_calendar import OpenCalendar

LINE: Final = "Update the calendar"
"""What changes, where nobody says it."""
NETWORK_SECONDS: Final = 120.0
_UNDER_WAY: Final = {
    "MERGE_HEAD": "merge",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
}
"""What git keeps in its folder while something is not finished."""
_MARKS: Final = re.compile(rb"^(?:<{7}|>{7})(?:[ \r]|$)", re.MULTILINE)
_LOGIN: Final = re.compile(r"(?<=://)[^/\s'\"]*@")


@dataclass(frozen=True, slots=True)
class ReviewWork:
    """What there is to put up for review, and what would be done; `instead` is what to do in its place."""

    repository: CalendarRepository
    files: tuple[str, ...]
    """From the repository's top."""
    branch: str
    instead: str = ""
    paste: str = ""
    notes: tuple[str, ...] = ()
    mark: str = ""
    """Another text whenever something else would be committed."""

    def commands(self, line: str) -> list[list[str]]:
        """In order, each only after the one before has succeeded."""
        here, name = self.repository, self.branch
        literal = ["git", "--literal-pathspecs"]
        push = ["git", "push", "--set-upstream", here.remote, f"{name}:{name}"]
        # Where it stands on the branch already, this changes nothing, unless somebody pastes it later.
        begin = ["git", "switch", "--create", name] if here.on_default else ["git", "switch", name]
        if not self.files:
            return [begin, push]
        return [
            begin,
            [*literal, "add", "--all", "--", *self.files],
            [*literal, "commit", "--message", line.strip() or LINE, "--", *self.files],
            push,
        ]

    @property
    def empty(self) -> bool:
        here = self.repository
        return not self.files and (here.on_default or not here.waiting)

    def data(self, words: Sequence[str]) -> ReviewData:
        line = _line_of(words)
        shown = not self.instead and not self.empty
        return {
            "line": line,
            "branch": self.branch,
            "folder": self.repository.root.as_posix(),
            "commands": self.commands(line) if shown else [],
            "instead": self.instead,
            "paste": self.paste,
            "notes": list(self.notes),
            "mark": self.mark,
        }


def _line_of(words: Sequence[str]) -> str:
    """What a commit is called that does this."""
    if len(words) == 1 and len(words[0]) <= 72:
        return words[0][:1].upper() + words[0][1:]
    return LINE


def branch_data(repository: CalendarRepository) -> BranchData:
    """Where one stands, for the page's head."""
    back = repository.default if not repository.on_default and repository.default else ""
    up = bool(back) and repository.pushed
    return {
        "name": repository.branch,
        "back": back,
        "pushed": up,
        "address": repository.address() if up else "",
    }


def review_of(commits: Sequence[LastCommit], day: str) -> ReviewWork | None:
    """Of all calendars that are open. None where they are in no repository."""
    known = [
        (each.opened, here, each)
        for each in commits
        if (here := CalendarRepository.of(each.opened.top)) is not None
    ]
    if not known:
        return None
    changed = [each for each in known if each[2].differing()] or known[:1]
    here = changed[0][1]
    if any(other.root != here.root for _, other, _ in changed):
        return ReviewWork(
            here,
            (),
            "",
            "These calendars are in several repositories. Open one of them at a time to put its changes up for review.",
        )
    mine = [(opened, commit) for opened, other, commit in known if other.root == here.root]
    files, ignored, raw = _files(here, mine)
    branch = here.free_branch(day) if here.on_default else here.branch
    instead, paste = _instead(here, mine, raw)
    notes = tuple(
        f"{file} is ignored by git, so nobody else will have it: take it out of .gitignore."
        for file in ignored
    )
    told = hashlib.sha256(repr((here.branch, here.commit, branch, files)).encode())
    for file in files:
        told.update(repr((file, _digest(here.root / file))).encode())
    return ReviewWork(here, tuple(files), branch, instead, paste, notes, told.hexdigest()[:16])


def _digest(path: Path) -> str:
    try:
        if path.is_symlink():
            return path.readlink().as_posix()
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _files(
    here: CalendarRepository, mine: Sequence[tuple[OpenCalendar, LastCommit]]
) -> tuple[list[str], list[str], Mapping[str, bytes | None]]:
    """What is committed: the calendars' files that differ, and media that posts show; what git ignores of both, and the texts."""
    status = run_git(
        here.root,
        "status",
        "--porcelain",
        "-z",
        "--no-renames",
        "--untracked-files=all",
        "--ignored=matching",
    )
    states = {row[3:]: row[:2] for row in os.fsdecode(status.out).split("\0") if row}
    found: dict[str, None] = {}
    ignored: dict[str, None] = {}
    raw: dict[str, bytes | None] = {}
    for opened, commit in mine:
        media = opened.top.resolve() / "media"
        differing = commit.differing().items()
        texts = {name: now for file, (_, now) in differing if (name := _inside(here, opened.top / file))}
        shown = {
            source.path for each in opened.calendar.placed for source in each.parsed.media if source.path
        }
        for name in (*texts, *sorted(each for path in shown if (each := _inside(here, path)))):
            state = states.get(name, _folder_state(states, name))
            if state == "!!":
                ignored[name] = None
            elif state:
                found[name] = None
                if name in texts:
                    raw[name] = texts[name]
        gone = _inside(here, media)
        found |= {
            name: None
            for name, state in states.items()
            if "D" in state and gone is not None and name.startswith(f"{gone}/")
        }
    return [*found], [*ignored], raw


def _folder_state(states: Mapping[str, str], name: str) -> str:
    """Whether git ignores a folder in which a file is."""
    parts = name.split("/")
    folders = ("/".join(parts[:n]) + "/" for n in range(1, len(parts)))
    return "!!" if any(states.get(folder) == "!!" for folder in folders) else ""


def _inside(here: CalendarRepository, path: Path) -> str | None:
    """A path from the repository's top, where the file really is."""
    try:
        return path.resolve().relative_to(here.root.resolve()).as_posix()
    except ValueError:
        return None


def _instead(
    here: CalendarRepository, mine: Sequence[tuple[OpenCalendar, LastCommit]], raw: Mapping[str, bytes | None]
) -> tuple[str, str]:
    """What has to be done before anything is put up for review, with lines to paste; "" for nothing."""
    for name, what in _UNDER_WAY.items():
        if (here.folder / name).exists():
            return (
                f"A {what} is under way in this repository. Finish it in the terminal, or stop it with the second line; then put your changes up for review.",
                f"git {what} --continue\ngit {what} --abort",
            )
    if unmerged := lines_of_run(run_git(here.root, "diff", "--name-only", "--diff-filter=U")):
        return (
            f"git could not merge {unmerged[0]}. Decide in that file which lines count, then mark it as done.",
            shlex.join(["git", "add", "--", unmerged[0]]),
        )
    for file, text in raw.items():
        if text is not None and (mark := _MARKS.search(text)) is not None:
            line = text.count(b"\n", 0, mark.start()) + 1
            return (
                f"{file} has the marks of a conflict, the first in line {line}. Keep the lines that count and remove the marks.",
                "",
            )
    errors = sum(len(errors_in(opened.snapshot.problems)) for opened, _ in mine)
    if errors:
        return (
            f"The calendar has {count(errors, 'error')}. Fix {'it' if errors == 1 else 'them'} first: the plan of the pull request would fail.",
            "",
        )
    if not here.commit:
        return (
            "Nothing is committed in this repository yet, so there is nothing to compare with. Commit its first version in the terminal.",
            "",
        )
    if run_git(here.root, "-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT").code:
        return (
            "git does not know your name, which every commit has. Tell it once, in the terminal. For example:",
            'git config --global user.name "Your Name"\ngit config --global user.email you@example.com',
        )
    if not here.remote:
        return (
            "This repository has no remote, so there is no place for a review. Add the one of your team. For example:",
            "git remote add origin git@github.com:your-team/calendar.git",
        )
    return "", ""


def carried_out(review: ReviewWork, line: str) -> Iterator[tuple[list[str], GitRun]]:
    """Run the commands, and stop at the first that fails."""
    here = review.repository
    for words in review.commands(line):
        slow = "push" in words[:2]
        done = here.run(words, NETWORK_SECONDS if slow else 60.0)
        yield words, done
        if done.code:
            return


def back_commands(here: CalendarRepository) -> list[list[str]]:
    return [
        ["git", "switch", here.default],
        ["git", "pull", "--ff-only", here.remote, here.default],
    ]


def answer_of(
    here: CalendarRepository,
    ran: Sequence[tuple[list[str], GitRun]],
    planned: Sequence[Sequence[str]],
    say: str,
    address: str = "",
) -> ReviewAnswer:
    """What was done; where a command failed, what git said of it, and what is left."""
    last = ran[-1][1]
    failed = [*ran[-1][0]] if last.code else []
    done = [words for words, run in ran if not run.code]
    said = printable(_LOGIN.sub("…@", (last.err or os.fsdecode(last.out)).strip())) if last.code else ""
    return {
        "say": say,
        "done": done,
        "failed": failed,
        "said": said,
        "left": [[*words] for words in planned[len(done) :]],
        "folder": here.root.as_posix(),
        "address": address,
    }


def put_up(commits: Sequence[LastCommit], day: str, line: str, mark: str) -> tuple[ReviewAnswer | None, str]:
    """Put up for review what was shown under this mark; None with the reason where that is something else by now."""
    review = review_of(commits, day)
    if review is None or review.empty or review.instead or review.mark != mark:
        return (
            None,
            "The files or the branch changed since you looked. Look at the list again; nothing was committed.",
        )
    planned = review.commands(line)
    ran = [*carried_out(review, line)]
    here = CalendarRepository.of(review.repository.root) or review.repository
    last = ran[-1][1]
    if last.code:
        return answer_of(
            here, ran, planned, f"{shlex.join(ran[-1][0][:3])} failed. Nothing after it was done."
        ), ""
    say = f"{line.strip() or LINE}: up for review." if review.files else "Pushed."
    return answer_of(here, ran, planned, say, here.address(last.err)), ""


def back_to_default(folder: Path) -> tuple[ReviewAnswer | None, str]:
    """Stand on the default branch again, as the remote has it now."""
    here = CalendarRepository.of(folder)
    if here is None or here.on_default or not here.default or not here.remote:
        return None, "There is no default branch to go back to."
    planned, ran = back_commands(here), []
    for words in planned:
        run = here.run(words, NETWORK_SECONDS)
        ran.append((words, run))
        if run.code:
            break
    now = CalendarRepository.of(folder) or here
    say = f"You are on {now.branch}."
    if ran[-1][1].code:
        say = (
            f"You are still on {now.branch}."
            if len(ran) == 1
            else f"You are on {now.branch}, and it could not be brought up to date."
        )
    return answer_of(now, ran, planned, say), ""
