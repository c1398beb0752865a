"""The generated parts of README.md and docs/: `python -m tests.write_docs` writes them, test_docs checks them.

With pages behind it (`docs/core.md`), it writes these alone.

Generated are what stands between `<!-- generated: NAME -->` and `<!-- end -->`, and what follows a `$` line in a
`console` block. A YAML block that starts with `# FILE` is written to that file first, as it is shown, and so is a CSV
or text block with a `title="FILE"`, so that a page tells a story.
"""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import textwrap
import zlib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

import click

import publer_sync.cli.main  # noqa: F401 — every command joins the group
from publer_sync.assisting.tools import TOOLS
from publer_sync.calendar.shape.examples import lines
from publer_sync.cli.group import main_group
from publer_sync.networks.table import NETWORKS, Network
from publer_sync.publer.answers import TO_IMPORT, Answer, refusal
from publer_sync.publer.known import KNOWN
from publer_sync.render.post import marks
from tests import docs_site, documents, key_tables, ready, weights
from tests.write_schema import taken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from publer_sync.networks.fields import Field
    from publer_sync.networks.limits import Unit

ROOT = Path(__file__).resolve().parent.parent
PAGES = tuple(
    page
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")))
    if page.name != "github-action.md"  # its examples are workflows, and test_action's
)
GENERATED = re.compile(r"(<!-- generated: ([a-z -]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
BLOCK = re.compile(
    r'^```(yaml|markdown|console|(?:csv|text) title="\S+")\n(.*?)^```$', re.DOTALL | re.MULTILINE
)
CUT = "…"
WRITTEN = "2026-11-28T12:00:00+00:00"
"""When the commands on the pages are run: on every day, they show what they do on this one."""


def update(page: str) -> str:
    """The page with everything generated as it should be now."""
    page = GENERATED.sub(lambda found: f"{found[1]}{_as_it_is(found[2], page, found[3])}{found[4]}", page)
    with Story() as story:
        return BLOCK.sub(lambda found: f"```{found[1]}\n{story.tell(found[1], found[2])}```", page)


def _as_it_is(name: str, page: str, shown: str) -> str:
    """What belongs between the markers. Lines of code are counted anew only where they have become others than nearly as many."""
    if name == "rooms":
        return weights.nearly(_table(("room", "modules", "lines of code"), *weights.rooms()), shown)
    if name == "loop":
        return weights.nearly(
            _table(("stop", "where", "lines to read", "its guards"), *weights.loop(page)), shown
        )
    return generate(name)


def generate(name: str) -> str:
    """What belongs between the markers of that name."""
    return GENERATORS[name]() if name in GENERATORS else _help(name.removeprefix("help").strip())


# --- console blocks -------------------------------------------------------------------------------------------------


class Story:
    """A folder with the examples in it, in which the commands of one page run, one after the other."""

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp())
        shutil.copytree(
            ROOT / "examples", self._folder / "examples", ignore=shutil.ignore_patterns(".publer-sync")
        )
        program = ready.program(self._folder / ".bin")
        self._env = {
            "PATH": f"{program.parent}:{os.environ['PATH']}",
            "HOME": str(self._folder),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
            "PUBLER_SYNC_POLL_SECONDS": "0.05",
            ready.NOW: WRITTEN,
        }
        self._code = 0
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder)

    def tell(self, kind: str, block: str) -> str:
        """The block as it should be: files are written, commands run."""
        if kind == "console":
            return "".join(
                self._run(part) for part in re.split(r"^(?=\$ )", block, flags=re.MULTILINE) if part
            )
        if "title=" in kind:
            self._write(kind.split('"')[1], block)
        elif named := re.match(r"# (\S+\.yaml)\n", block):
            self._write(named[1], block)
        return block

    def _write(self, name: str, text: str) -> None:
        file = self._folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def _run(self, part: str) -> str:
        line, _, shown = part.partition("\n")
        if line == "$ echo $?":
            return f"{line}\n{self._code}\n"
        done = subprocess.run(
            ["sh", "-c", line.removeprefix("$ ")],
            cwd=self._folder,
            env=self._env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        self._code = done.returncode
        return f"{line}\n{current(done.stdout, shown)}"


def current(output: str, shown: str) -> str:
    """What is shown, where the output still says that; else the output, with the same middle left out."""
    expected = steady(shown)
    same = _cut_like(steady(output), expected) == expected and _has_progress(output, shown)
    return shown if same else _cut_like(output, shown)


_PROGRESS = re.compile(r"^\d\d:\d\d:\d\d (?P<word>.{8}) (?P<text>.*)\n", re.MULTILINE)


def _has_progress(output: str, shown: str) -> bool:
    """Whether the page's progress is the output's, as far as the output has any: how much is printed depends on the machine."""
    printed: dict[str, set[str]] = {}
    for line in _PROGRESS.finditer(output):
        printed.setdefault(line["word"], set()).add(_counted_up(line["text"]))
    lines = [(line["word"], _counted_up(line["text"])) for line in _PROGRESS.finditer(shown)]
    return all(
        any(text in printed[word] for each, text in lines if each == word)
        for word in {word for word, _ in lines} & printed.keys()
    )


def _counted_up(text: str) -> str:
    """Progress without what it has come to."""
    return re.sub(r"\b\d+(?= of )", "N", text)


def steady(output: str) -> str:
    """The output without what differs from run to run: progress, times taken, moments, minutes of the clock, ids."""
    output = _PROGRESS.sub("", re.sub(r"^waiting for Publer's answer: .*\n", "", output, flags=re.MULTILINE))
    output = re.sub(r"(now: \w+ \d+ \w+ \d+\s+\d\d:)\d\d", r"\1MM", output)
    output = re.sub(r"\b\d+ requests, (\d+ s|under a second)(?=\.)", "N requests, N s", output)
    return re.sub(
        r'"(created_at|tool_version|last_apply|last_good_apply|post_id|requests)": ["\d].*?(?=,?$)',
        r'"\1": …',
        output,
        flags=re.MULTILINE,
    )


def _cut_like(output: str, shown: str) -> str:
    """The output with a middle left out, where the page leaves one out: as many lines before and after it."""
    before, cut, after = shown.partition(f"\n{CUT}\n")
    lines = output.splitlines(keepends=True)
    head, tail = len(before.splitlines()), len(after.splitlines())
    if not cut or head + tail >= len(lines):
        return output
    return "".join([*lines[:head], f"{CUT}\n", *(lines[-tail:] if tail else [])])


# --- help and rules -------------------------------------------------------------------------------------------------


def commands(command: click.Command = main_group, *path: str) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by its words after `publer-sync`, sorted."""
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield from commands(command.commands[name], *path, name)
    else:
        yield " ".join(path), command


def _commands() -> str:
    return "\n".join(f"## {name}\n\n{_help(name)}" for name, _ in commands())


def _help(command: str) -> str:
    with Story() as story:
        words = " ".join(["publer-sync", *command.split(), "--help"])
        return story.tell("console", f"$ {words}\n").partition("\n")[2].join(("```text\n", "```\n"))


def _table(*rows: tuple[str, ...]) -> str:
    head, *body = rows
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, tuple("---" for _ in head), *body))


def _tools() -> str:
    rows = [("tool", "what it does", "arguments")]
    for tool in TOOLS:
        names = (f"**`{name}`**" if name in tool.required else f"`{name}`" for name in tool.properties)
        rows.append((f"`{tool.name}`", tool.says, " ".join(names)))
    return _table(*rows)


def _document(name: str) -> str:
    return _table(("key", "what"), *documents.rows(name))


# --- networks -------------------------------------------------------------------------------------------------------

_COUNTED: dict[Unit, str] = {
    "characters": "characters",
    "weighted": "characters as X counts: a link is 23, an emoji 2",
    "graphemes": "visible characters",
    "mastodon": "characters, or the server's own limit (`max_characters`); a link is 23, a handle counts without its server",
    "threads": "characters; an emoji counts its bytes",
}


def _networks() -> str:
    return "\n".join(_network(network) for network in NETWORKS.values())


def _network(network: Network) -> str:
    key = "x" if network.key == "twitter" else network.key
    parts = [f"## {network.label}\n", f"Under `networks` and as an alias: `{key}`.\n"]
    parts.append(_table(("what", "limit"), *_takes(network)))
    if network.fields:
        parts.append(f"Keys that only {network.label} has:\n")
        rows = (_field(network, field) for field in network.fields)
        parts.append(_table(("key", "meaning", "values", "types"), *rows))
    parts += [f"{note}\n"] if (note := NOTES.get(network.key)) else []
    parts.append(f"```yaml\n{example(network)}```\n")
    return "\n".join(parts)


def _takes(network: Network) -> Iterator[tuple[str, str]]:
    yield "types", ", ".join(network.types)
    if network.doubtful_types:
        yield (
            "types with a warning",
            f"{', '.join(network.doubtful_types)}: Publer's documents disagree about them",
        )
    yield "text", _text(network)
    if network.title:
        limit = f"up to {network.title.length} characters" if network.title.length else "any length"
        on = f" with {_or(network.title.types)}" if network.title.types else ""
        yield "title", limit + on + ("; required" if network.title.required_for else "")
    if images := network.images:
        few = f", a warning from {images.soft_count + 1}" if images.soft_count else ""
        weights = [f"up to {images.count}{few}"]
        if images.max_bytes or images.soft_bytes:
            weights.append(f"{_size(images.max_bytes or images.soft_bytes or 0)} each")
        if images.gif_bytes:
            weights.append(f"a GIF {_size(images.gif_bytes)}")
        if images.gif_sides:
            weights.append(f"with a warning beyond {images.gif_sides[0]} x {images.gif_sides[1]} pixels")
        yield "pictures", ", ".join(weights)
    if network.images and network.alt:
        length = network.images.alt_length
        yield "`alt` of a picture", f"up to {length:,} characters" if length else "any length"
    if network.video:
        yield "video", _video(network)
    if network.document_bytes:
        yield "PDF", f"up to {_size(network.document_bytes)}"
    yield (
        "link",
        {
            "card": "a card; you can set each part",
            "url": "the URL",
            "picture": "the URL, next to the media",
            "no": "no",
        }[network.link],
    )
    if network.link_length:
        yield "URL of a link", f"a warning from {network.link_length + 1:,} characters"
    if network.buttons:
        yield "`call_to_action` of a link", ", ".join(f"`{button}`" for button in network.buttons)
    if poll := network.poll:
        days = ", ".join(map(str, poll.days))
        yield (
            "poll",
            f"{poll.options[0]} to {poll.options[1]} answers of {poll.option_length} characters, for {days} days",
        )
    yield "thread", "yes" if network.thread else "no"
    yield (
        "comments",
        {"yes": "yes", "no": "no", "open": "with a warning: Publer's documents do not mention it"}[
            network.comments
        ],
    )
    yield "share", "yes" if network.share else "no"
    if network.hashtags:
        few = f", a warning from {network.soft_hashtags + 1}" if network.soft_hashtags else ""
        yield "hashtags", f"up to {network.hashtags}{few}"
    if network.mentions:
        yield "mentions", f"a warning from {network.mentions + 1}"
    if network.links:
        yield "different links", f"up to {network.links}"
    for cap in network.caps:
        page = f" ({cap.page_limit} on a page)" if cap.page_limit else ""
        page = f" ({cap.anti_spam} by Publer's article on spam)" if cap.anti_spam else page
        yield "in 24 hours", f"{cap.limit} {cap.what}{page}"


def _text(network: Network) -> str:
    text = network.text
    if text.limit >= 1_000_000:
        return "any length"
    said = f"{text.limit:,} {_COUNTED[text.unit]}"
    if text.max_bytes:
        said += f", and {text.max_bytes:,} bytes in UTF-8"
    if text.shortens:
        said += "; a warning where it fits only with its links shortened"
    if text.soft_limit:
        said += f"; a warning from {text.soft_limit:,}"
    if network.forbidden:
        said += f"; no {' and no '.join(f'`{sign}`' for sign in network.forbidden)}, also in the title"
    if text.caption_limit:
        said += f"; {text.caption_limit:,} under media"
    return said if network.text_alone else f"{said}; not without media"


def _video(network: Network) -> str:
    video = network.video
    assert video is not None
    parts = []
    if video.min_seconds:
        parts.append(f"from {video.min_seconds:g} s")
    if longest := video.max_seconds or video.soft_seconds:
        warned = video.soft_seconds if video.max_seconds else None
        parts.append(
            f"up to {_length(longest)}" + (f" with a warning from {_length(warned)}" if warned else "")
        )
    parts += [
        f"a {kind} from {least:g} s to {_length(most)}" if least else f"a {kind} up to {_length(most)}"
        for kind, (least, most) in video.by_type.items()
    ]
    if video.ratios:
        parts.append(f"a shape from {video.ratios[0]} to {video.ratios[1]}, else a warning")
    if weight := video.max_bytes or video.soft_bytes:
        parts.append(_size(weight))
    if video.thumbnail_bytes:
        parts.append(f"a `thumbnail` up to {_size(video.thumbnail_bytes)}, else a warning")
    return ", ".join(parts)


def _length(seconds: float) -> str:
    return f"{seconds:g} s" if seconds < 180 else f"{seconds / 60:g} min"


def _size(count: int) -> str:
    return f"{count / 1_000_000:g} MB"


def _or(words: tuple[str, ...]) -> str:
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _field(network: Network, field: Field) -> tuple[str, str, str, str]:
    schema = taken(network, field)
    values = schema.get("enum")
    shown = ", ".join(f"`{value}`" for value in values) if isinstance(values, list) else ""
    if isinstance(values, list) and len(values) > 10:
        shown = f"{len(values)} that the schema lists, such as `{values[0]}`"
    if schema["type"] == "boolean":
        shown = "`true`, `false`"
    examples = schema.get("examples")
    example = lines(field.name, examples[0]) if isinstance(examples, list) else "\n"
    if "\n" not in example:
        shown = f"such as `{example.partition(': ')[2]}`"
    if isinstance(parts := schema.get("properties"), dict):
        shown = ", ".join(f"`{part}`" for part in parts)
    said = schema["description"] + ("; with a warning: Publer may not act on it" if field.unproved else "")
    if field.name == "signature" and network.signs != "yes":
        said += "; with a warning: Publer adds none here" + f" without {network.label} Premium" * (
            network.signs == "premium"
        )
    return f"`{field.name}`", said, shown, ", ".join(field.types)


_ONE = "media:\n- file: media/{file}\n"
_PHOTO = "media:\n- file: media/lamp.png\n  alt: A lamp on a table\n"
_TWO = _PHOTO + "- file: media/box.png\n  alt: The box it comes in\n"
_VIDEO = _ONE.format(file="lamp.mp4")
_LINK = "link: https://example.com/lamp\n"
_WHEN = "start: 2027-03-20T09:00:00+01:00\nend: 2027-03-21T18:00:00+01:00\n"
PARTS = {
    "status": "",
    "photo": _PHOTO,
    "video": _VIDEO,
    "link": _LINK,
    "gif": "media:\n- file: media/lamp.gif\n  alt: A lamp that blinks\n",
    "poll": "poll:\n  options:\n  - The small one\n  - The large one\n  duration: 3d\n",
    "carousel": "type: carousel\n" + _TWO,
    "document": "title: The lamp in five pages\n" + _ONE.format(file="lamp.pdf"),
    "article": "title: How the lamp is made\n" + _PHOTO,
    "reel": "type: reel\n" + _VIDEO,
    "story": "type: story\n" + _PHOTO,
    "short": "type: short\n" + _VIDEO,
    "event": "type: event\ntitle: Workshop days\n" + _PHOTO,
    "offer": "type: offer\ntitle: Lamps for less\n" + _PHOTO,
}
_CARD = (
    "- url: https://example.com/{}\n  title: {}\n  description: {}\n  images: [https://example.com/{}.png]\n"
)
_CARDS = (("lamp", "The lamp", "90 grams", "lamp"), ("box", "The box", "All paper", "box"))
EXTRA: dict[tuple[str, str], str] = {
    ("pinterest", ""): 'title: The lamp\nboard: "1012345678901234567"\n',
    ("youtube", ""): "title: The lamp\nprivacy: public\n",
    ("google", "event"): _WHEN,
    ("google", "offer"): _WHEN + "coupon: LAMP10\nterms: https://example.com/terms\n",
    ("wordpress", ""): "slug: lamp\nexcerpt: From sheet to lamp in four steps\n",
    ("facebook", "photo"): 'album: "1122334455"\n',
    ("facebook", "carousel"): "sublinks:\n" + "".join(_CARD.format(*card) for card in _CARDS),
    ("twitter", "status"): "reply_settings: following\n",
    ("mastodon", "photo"): "visibility: unlisted\n",
    ("tiktok", "photo"): "title: The lamp\nauto_add_music: true\n",
    ("tiktok", "carousel"): "title: The lamp and its box\n",
    ("tiktok", "video"): "privacy: PUBLIC_TO_EVERYONE\ncomment: true\n",
    ("bluesky", "photo"): "content_labels: [graphic-media]\n",
}
"""What an example has beside its type: keys of the network's own, for every type or for one."""


NOTES = {
    "instagram": "`first_comment` is not supported. Use `comments`; Publer has not been seen to act on a first comment.\n\n"
    "A single video is a reel, with or without `type: reel`. `type: video` is an error, because such posts have been lost "
    "without a message.",
    "pinterest": "`album` is not supported. On Pinterest, use `board`.",
    "youtube": "`description` is not supported. On YouTube, the `text` is the description.",
    "wordpress": "The text of an article is Markdown: headings, lists, quotes, code, tables, HTML and pictures with a URL become "
    "blocks. Line breaks are kept.\n\n"
    "Publer tells blogs apart by how they are connected. If its list of accounts does not say, and you connected the blog "
    "with its URL and a password, write `blog: wordpress_basic/My Blog` or `provider: wordpress_basic` in "
    "`publer.yaml`. Otherwise `wordpress_oauth` is assumed.",
}
"""What a network's page says beside its tables."""


def example(network: Network) -> str:
    """A post of each type that the network takes."""
    key = "x" if network.key == "twitter" else network.key
    posts = [_post(network, key, kind, day) for day, kind in enumerate(network.all_types, 1)]
    return f"accounts: {key}\nposts:\n" + "".join(posts)


def _post(network: Network, key: str, type: str, day: int) -> str:
    own = EXTRA.get((network.key, ""), "") + EXTRA.get((network.key, type), "")
    title, own = (
        (own[: own.index("\n") + 1], own[own.index("\n") + 1 :]) if own.startswith("title") else ("", own)
    )
    post = f"text: |\n  An example of type {type}.\n" + title + PARTS[type]
    if type in network.doubtful_types and type == "link":
        post = post.replace("link:", "type: link\nlink:")
    if network.key == "instagram" and type == "carousel":
        post = post.replace("media:\n", "media:\n- file: media/lamp.mp4\n", 1)
    if (network.key, type) == ("facebook", "carousel"):
        post = post.replace(_TWO, "")
    if own:
        post += f"networks:\n  {key}:\n" + textwrap.indent(own, "    ")
    return f"- at: 2027-03-{day:02} 09:00              # {type}\n" + textwrap.indent(post, "  ")


# --- what Publer says -----------------------------------------------------------------------------------------------

ANSWERS = (
    (401, '{"errors": ["Invalid API key"]}'),
    (403, '{"errors": ["Invalid API key or not active"]}'),
    (401, '{"errors": ["You don\'t have access on this workspace"]}'),
    (403, '{"errors": ["Please upgrade to Business to access our API."]}'),
    (403, "error code: 1010"),
    (302, ""),
    (429, '{"error": "Rate limit exceeded. Retry later."}'),
    (413, "{}"),
    (404, "{}"),
)
"""Each refusal of a request that Publer, or what stands before it, is known for."""
IMPORT_ANSWER = Answer(403, {}, b"{}")
"""What a second import during a first one gets, in words that nobody has published."""


def _refused_requests() -> str:
    """What has one fix stands in one row."""
    rows: dict[tuple[str, str], list[str]] = {}
    errors = [refusal(Answer(status, {}, body.encode()), doing="…") for status, body in ANSWERS]
    for error in [*errors, refusal(IMPORT_ANSWER, doing=TO_IMPORT)]:
        rows.setdefault((error.code, error.hint or ""), []).append(f"*{error.message}*")
    found = (("<br>".join([*messages, f"`{code}`"]), hint) for (code, hint), messages in rows.items())
    return _table(("it says", "what to do"), *found)


def _refused_posts() -> str:
    rows = [("Publer says", "it means", "what to do")]
    rows += [(f'"{known.says}"', known.means, known.fix) for known in KNOWN]
    return _table(*rows)


# --- the table of contents, and what two pages say ---------------------------------------------------------------------


def _contents() -> str:
    """The pages of docs/, a line for each section of its table of contents."""
    return "".join(
        f"- {section}: {', '.join(f'[{entry.title}](docs/{entry.path})' for entry in entries)}\n"
        for section, entries in docs_site.contents().items()
    )


def _of_the_readme(start: str) -> str:
    """The table of the README that starts with this row, for a page in docs/."""
    table = re.search(
        rf"^{re.escape(start)}\n(\|.*\n)+", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert table is not None
    return table[0].replace("](docs/", "](")


def _marks() -> str:
    meanings = {
        "new": "will be created",
        "recreate": "someone deleted it in Publer, and `--allow-recreate` creates it again",
        "edit": "new words, in place",
        "move": "another time",
        "replace": "a new post takes the place of the old one",
        "account": "leaves one account and comes on another, with what else differs",
        "halfway": "the same, and one half of it is blocked: both accounts would publish it, or neither; with the fix",
        "on hold": "a hold takes it out of Publer",
        "remove": "left the calendar, and leaves Publer",
        "missing": "someone deleted it in Publer",
        "adopt": "is in Publer already, and is managed from now on",
        "blocked": "is left as it is, with the reason and the fix",
        "missed": "its time passed before it was published",
    }
    rows = [(f"`{mark.sign}`".replace("|", r"\|"), mark.word, meanings[mark.word]) for mark in marks.SHOWN]
    return _table(("mark", "word", "meaning"), *rows)


KEYS = ("key", "what it is", "for example")


def _guarded_rules() -> str:
    from tests import guards  # it knows the simulation, which is much

    return _table(("rule", "where it is", "test without it", "history without it"), *guards.rule_rows())


def _guarded_codes() -> str:
    """The codes that no history meets are those that the page lists, and a test holds that list."""
    from tests import guards

    page = (ROOT / "docs/reliability.md").read_text(encoding="utf-8")
    [line] = [line for line in page.splitlines() if line.startswith("- Codes of posts that are blocked:")]
    unmet = re.findall(r"`([a-z_]+)`", line)
    return _table(("code", "where it is", "test without it", "in histories"), *guards.code_rows(unmet))


def _not_simulated() -> str:
    from tests.simulate import coverage

    names, options = coverage.commands_and_options_not_given()
    return _named("- Commands:", names) + _named("- Options of the commands that it knows:", options)


_NEVER = "\0"
"""A blank at which no line ends."""


def _named(what: str, names: Sequence[str]) -> str:
    """A point of a list. Lines end between two names, never in one."""
    said = f"{what} {', '.join(f'`{name}`'.replace(' ', _NEVER) for name in names)}."
    return (
        textwrap.fill(said, 240, subsequent_indent="  ", break_on_hyphens=False).replace(_NEVER, " ") + "\n"
    )


GENERATORS: dict[str, Callable[[], str]] = {
    "marks": _marks,
    "commands": _commands,
    "networks": _networks,
    "refused requests": _refused_requests,
    "refused posts": _refused_posts,
    "contents": _contents,
    "settings keys": lambda: _table(KEYS, *key_tables.settings()),
    "file keys": lambda: _table(KEYS, *key_tables.files()),
    "post keys": lambda: _table(KEYS, *key_tables.posts()),
    "exit codes": lambda: _of_the_readme("| code | when |"),
    "environment": lambda: _of_the_readme("| variable | what it is |"),
    "tools": _tools,
    "guarded rules": _guarded_rules,
    "guarded codes": _guarded_codes,
    "not simulated": _not_simulated,
    **{f"json {name}": partial(_document, name) for name in documents.DOCUMENTS},
}


# --- files that examples name ---------------------------------------------------------------------------------------


def png(width: int = 1080, height: int = 1080) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    rows = zlib.compress(bytes((width + 7) // 8 + 1) * height)
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


if __name__ == "__main__":
    chosen = {Path(name).resolve() for name in sys.argv[1:]}
    for file in (page for page in PAGES if page in chosen or not chosen):
        old = file.read_text(encoding="utf-8")
        if (new := update(old)) != old:
            file.write_text(new, encoding="utf-8")
            print(f"written: {file.relative_to(ROOT)}")  # noqa: T201 — the script's whole output
