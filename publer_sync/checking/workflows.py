"""Whether the repository's workflows use this version of the action, with the permissions and keys that it needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from publer_sync import __version__
from publer_sync.calendar.outside import repository_of, watched
from publer_sync.calendar.shape.schema import vocabulary
from publer_sync.calendar.website.page_files import shown_by_pages
from publer_sync.calendar.yaml.lines import Lines
from publer_sync.calendar.yaml.reader import Budget, Reader, TooMuchError, UnreadableError
from publer_sync.checking.check import Check, Finding
from publer_sync.ledger.signing import VARIABLE
from publer_sync.ledger.state import FORMAT_VERSION
from publer_sync.ledger.store import GIT
from publer_sync.machine.version import HERE, commit_of, version
from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

ACTION = re.compile(r"^[\w.-]+/publer-sync@(?P<ref>\S+)$|^\./(?:\S+/)?publer-sync/?$")
"""As GitHub finds it, or a copy in the repository, which has no version of its own to compare."""
COMMIT = re.compile(r"[0-9a-f]{40}")
_NEEDED = {
    "validate": {"contents": "read"},
    "plan": {"contents": "read", "pull-requests": "write"},
    "apply": {"contents": "write", "pull-requests": "write"},
    "drift": {"contents": "read", "issues": "write"},
    "pages": {"contents": "read"},
    "hold": {"contents": "write"},
    "release": {"contents": "write"},
    "request": dict.fromkeys(("contents", "pull-requests", "issues", "checks"), "write"),
}
"""What each command of the action needs: docs/github-action.md."""
PIPELINE = ".gitlab-ci.yml"
_COMPONENT = re.compile(r"(?:^|/)publer-sync(?:\.ya?ml|@\S+)?$")
_RANK = {"none": 0, "read": 1, "write": 2}
_KEYLESS = frozenset({"validate", "pages", "request"})


def workflows(folder: Path, state_place: str | None, *, signed: bool) -> Check:
    """Those of the repository around `folder`; each problem is one sentence. `signed`: the state is."""

    def examine() -> Finding:
        top = repository_of(folder)
        files = sorted((top / ".github" / "workflows").glob("*.y*ml")) if top else []
        steps = [step for file in files for step in _steps(file)]
        included = _includes(top / PIPELINE) if top else []
        if not steps and not included:
            return Finding("no workflow uses publer-sync")
        if not steps and top:
            missing = _not_included(included, top, folder)
            return (
                Finding("; ".join(missing), "warning", "\n".join(missing.values()))
                if missing
                else Finding(f"{PIPELINE} includes publer-sync")
            )
        problems = [sentence for step in steps for sentence in step.problems(state_place)]
        unseen = list(dict.fromkeys(_unseen_keys(steps, signed=signed)))
        unwatched = _unwatched(steps, top, folder) if top else {}
        problems += dict.fromkeys(_older_copies(steps, top)) if top else ()
        uncopied = _uncopied(steps)
        if problems or unseen or unwatched or uncopied:
            fixes = [
                "Compare them with those that publer-sync init --github writes in an empty folder."
                if problems
                else "",
                "Keep the keys as secrets of the repository, or name an environment that has them in each of these jobs."
                if unseen
                else "",
            ]
            fix = "\n".join([" ".join(filter(None, fixes)), *unwatched.values(), *uncopied.values()]).strip(
                "\n"
            )
            return Finding("; ".join([*problems, *unseen, *unwatched, *uncopied]), "warning", fix)
        number = len({step.file for step in steps})
        version = "" if any(step.unversioned for step in steps) else f" {__version__}"
        return Finding(f"{number} {'uses' if number == 1 else 'use'} publer-sync{version}")

    return Check("workflows", examine)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """A step that uses the action, and what its job may do.

    `given` are the inputs and variables that are set for the step, `paths` those of each event that starts it.
    """

    file: str
    uses: str
    ref: str
    note: str
    command: str
    permissions: Any
    environment: str | None
    given: frozenset[str]
    calendars: str
    paths: Mapping[str, Sequence[str]]

    @property
    def name(self) -> str:
        return f"{self.file}, {self.command}"

    @property
    def needs_key(self) -> bool:
        return self.command not in _KEYLESS

    @property
    def has_key(self) -> bool:
        return not self.given.isdisjoint(("api-key", "PUBLER_API_KEY"))

    @property
    def has_state_key(self) -> bool:
        return not self.given.isdisjoint(("state-key", VARIABLE))

    def is_about(self, place: str) -> bool:
        """Whether the calendar at this place of the repository is one of the step's, as far as its file tells."""
        named = [line.strip().strip("/").removeprefix("./") for line in self.calendars.splitlines()]
        return any(
            name in (".", "", place) or place.startswith(f"{name}/") or "${{" in name
            for name in named or ["calendar"]
        )

    @property
    def unversioned(self) -> bool:
        """A copy, or the tag that moves with each release."""
        return self.ref in ("", "v" + __version__.partition(".")[0])

    @property
    def copied(self) -> str:
        """The folder of a copy in the repository; "" where GitHub finds the action elsewhere."""
        return self.uses.removeprefix("./").rstrip("/") if self.uses.startswith("./") else ""

    def problems(self, state_place: str | None) -> Iterator[str]:
        here = self.name
        ours = f"v{__version__}"
        if self.unversioned:
            pass
        elif COMMIT.fullmatch(self.ref):
            known = commit_of(HERE)
            if self.note and self.note != ours:
                yield f"{here}: pinned to {self.note}, and this is {ours}"
            elif known and known != self.ref:
                yield f"{here}: pinned to {self.ref[:7]}, and this is {version()}"
        elif not re.match(r"v\d", self.ref):
            yield f"{here}: not pinned to a version (@{self.ref})"
        elif self.ref != ours:
            yield f"{here}: pinned to {self.ref}, and this is {ours}"
        yield from (f"{here}: lacks the permission {one}" for one in self._lacking(state_place))

    def _lacking(self, state_place: str | None) -> Iterator[str]:
        needed = dict(_NEEDED.get(self.command, {}))
        if (
            self.command in ("apply", "hold", "release")
            and state_place is not None
            and not state_place.startswith(GIT)
        ):
            needed["contents"] = "read"  # a state in a file is not pushed
        for name, level in needed.items():
            match self.permissions:
                case "write-all":
                    has = "write"
                case "read-all":
                    has = "read"
                case Mapping() as granted:
                    has = str(granted.get(name, "none"))
                case _:
                    return  # the repository's settings decide, which cannot be read here
            if _RANK.get(has, 0) < _RANK[level]:
                yield f"{name}: {level}"


def _uncopied(steps: Sequence[_Step]) -> dict[str, str]:
    """Workflows that name a version while others name a copy, as one that was copied later: with the line for each."""
    copied = next((step for step in steps if step.copied), None)
    if copied is None:
        return {}
    return {
        f"{step.file}: uses {step.uses}, while {copied.file} uses the copy in {copied.copied}": (
            f"Write into {step.file}:\n  uses: {copied.uses}"
        )
        for step in steps
        if not step.copied
    }


def _older_copies(steps: Sequence[_Step], top: Path) -> Iterator[str]:
    """Copies of the action that are of another commit, and what of the state they cannot read."""
    for folder in dict.fromkeys(step.copied for step in steps if step.copied):
        package = top / folder / "publer_sync"
        theirs, ours = commit_of(package), commit_of(HERE)
        if not theirs or not ours or theirs == ours:
            continue
        about = f"the copy in {folder} is of {theirs[:7]}, and this is {version()}"
        known = _format(package)
        if known is not None and known < FORMAT_VERSION:
            about += f": it knows states up to format {known}, and this writes format {FORMAT_VERSION}, so update it first"
        yield about


def _format(package: Path) -> int | None:
    try:
        found = re.search(
            r"^FORMAT_VERSION\b.*= (\d+)$",
            (package / "ledger/state.py").read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    except OSError:
        return None
    return int(found[1]) if found else None


def _unwatched(steps: Sequence[_Step], top: Path, folder: Path) -> dict[str, str]:
    """What a calendar takes from outside its folder and no change of which starts a workflow, each with the lines that do."""
    here = folder.resolve()
    place = here.relative_to(top).as_posix()
    samples = {here: here / "a" / "b.yaml", **_sources(folder)}
    found = {}
    for step in steps:
        if step.command not in ("validate", "plan", "apply") or not step.is_about(place):
            continue
        for event, paths in step.paths.items():
            if missing := _left_out(samples, paths, top):
                left_out = " and ".join(missing)
                sentence = f"{step.name}: a change of {left_out} starts no run on {event}"
                listed = ", ".join(f'"{each}"' for each in (*paths, *missing))
                found[sentence] = f"Write into {step.file}, under {event}:\n  paths: [{listed}]"
    return found


def _includes(file: Path) -> list[Mapping[str, Any]]:
    """The inputs of each time that a pipeline of GitLab includes the component."""
    data = _map(_read(file))
    listed = data.get("include")
    found = [_map(each) for each in (listed if isinstance(listed, list) else [listed])]
    names = ("local", "component", "file", "remote")
    return [
        _map(each.get("inputs"))
        for each in found
        if any(_COMPONENT.search(str(each[name])) for name in names if name in each)
    ]


def _not_included(included: Sequence[Mapping[str, Any]], top: Path, folder: Path) -> dict[str, str]:
    """The same for GitLab: what a calendar takes from outside its folder and `paths` of the component lacks."""
    here = folder.resolve()
    place = here.relative_to(top).as_posix()
    found = {}
    for inputs in included:
        if str(inputs.get("calendar") or "calendar").strip("/") != place:
            continue
        given = inputs.get("paths")
        paths = [str(path) for path in given] if isinstance(given, list) else []
        if missing := _left_out(_sources(folder), (f"{place}/**/*", *paths), top, "**/*"):
            listed = ", ".join(f'"{each}"' for each in (*paths, *missing))
            sentence = f"{PIPELINE}: a change of {' and '.join(missing)} starts no job"
            found[sentence] = f"Write into {PIPELINE}, under inputs of publer-sync:\n  paths: [{listed}]"
    return found


def _sources(folder: Path) -> dict[Path, Path]:
    """What a calendar takes from outside its folder, each with a file there: also the folders of what pages show elsewhere."""
    found = watched(folder)
    for file in sorted(shown_by_pages(folder)):
        if not any(file.is_relative_to(target) for target in (folder.resolve(), *found)):
            found[file.parent] = file
    return found


def paths_of(folder: Path, top: Path) -> list[str]:
    """The patterns of everything that a calendar is read from, in a repository."""
    here = folder.resolve()
    samples = {here: here / "a" / "b.yaml", **_sources(folder)}
    return [_pattern(target, sample, top) for target, sample in samples.items()]


def _left_out(
    samples: Mapping[Path, Path], paths: Sequence[str], top: Path, everything: str = "**"
) -> list[str]:
    """The patterns of what is not among `paths`."""
    return [
        _pattern(target, sample, top, everything)
        for target, sample in samples.items()
        if not _starts(sample.relative_to(top).as_posix(), paths)
    ]


def _pattern(target: Path, sample: Path, top: Path, everything: str = "**") -> str:
    inner = target.relative_to(top).as_posix()
    if sample == target:
        return inner
    return everything if inner == "." else f"{inner}/{everything}"


def _starts(file: str, paths: Sequence[str]) -> bool:
    """Whether a change of a file starts a run: the last pattern that fits decides (GitHub docs, "Filter pattern cheat sheet")."""
    starts = False
    for pattern in paths:
        if re.fullmatch(_expression(pattern.removeprefix("!")), file):
            starts = not pattern.startswith("!")
    return starts


def _expression(pattern: str) -> str:
    meanings = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "?", "+": "+"}
    pieces = re.split(r"(\*\*/|\*\*|\*|\?|\+|\[[^\]]+\])", pattern)
    return "".join(
        piece if piece.startswith("[") else meanings.get(piece, re.escape(piece)) for piece in pieces
    )


def _unseen_keys(steps: Sequence[_Step], *, signed: bool) -> Iterator[str]:
    """What a job would run without. GitHub tells nobody which secrets an environment has, so jobs are compared."""
    needing = [step for step in steps if step.needs_key]
    within = next((step for step in needing if step.environment), None)
    signs = signed or any(step.has_state_key for step in needing)
    applies = {step.environment for step in needing if step.command == "apply" and step.environment}
    for step in needing:
        if not step.has_key:
            yield f"{step.name}: is not given the key (the input api-key)"
        if signs and not step.has_state_key:
            yield f"{step.name}: is not given the key of the state (the input state-key)"
        if within is not None and step.environment is None:
            yield (
                f"{step.name}: names no environment, and cannot see keys that are kept in that of {within.name} "
                f"({within.environment})"
            )
        if step.command in ("hold", "release") and step.environment in applies:
            yield f"{step.name}: shares the environment {step.environment} with apply, and waits for its reviewers if it has any"


def _steps(file: Path) -> Iterator[_Step]:
    """Every step of a workflow that uses the action; none of a file that can't be read."""
    whole = _map(_read(file))
    text = file.read_text(encoding="utf-8") if whole else ""
    for job in _map(whole.get("jobs")).values():
        steps = _map(job).get("steps")
        for step in steps if isinstance(steps, list) else ():
            uses = str(_map(step).get("uses", ""))
            if found := ACTION.match(uses):
                inputs = _map(_map(step).get("with"))
                variables = (_map(each.get("env")) for each in (whole, _map(job), _map(step)))
                note = re.search(rf"{re.escape(uses)}\s+#\s*(v\S+)", text)
                yield _Step(
                    file=file.name,
                    uses=uses,
                    ref=found["ref"] or "",
                    note=note[1] if note else "",
                    command=_command(str(inputs.get("command", "plan")), whole),
                    permissions=_map(job).get("permissions", whole.get("permissions")),
                    environment=_environment(_map(job).get("environment")),
                    given=frozenset().union(inputs, *variables),
                    calendars=str(inputs.get("calendar") or ""),
                    paths=_paths(whole.get("on")),
                )


def _read(file: Path) -> Any:
    """None for a file that can't be read."""
    try:
        text = file.read_text(encoding="utf-8")
        return Reader(Lines(file.name, text.split("\n"), vocabulary()), Budget()).read(text)
    except (OSError, ValueError, TooMuchError, UnreadableError):
        return None


def _command(word: str, workflow: Mapping[str, Any]) -> str:
    """Where people choose the command as they start the workflow, the one that is offered first."""
    found = re.fullmatch(r"\$\{\{ *inputs\.([\w-]+) *\}\}", word)
    if found is None:
        return word
    offered = _map(_map(_map(workflow.get("on")).get("workflow_dispatch")).get("inputs"))
    return str(_map(offered.get(found[1])).get("default", word))


def _paths(events: Any) -> dict[str, list[str]]:
    """The patterns of each event that has some."""
    found = {}
    for name in ("pull_request", "pull_request_target", "push"):
        paths = _map(_map(events).get(name)).get("paths")
        if isinstance(paths, list) and paths:
            found[name] = [str(path) for path in paths]
    return found


def _environment(value: Any) -> str | None:
    name = value.get("name") if isinstance(value, Mapping) else value
    return str(name) if name else None


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
