"""completion: the words that a shell completes. What cannot be read completes nothing, silently."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import click

from publer_sync.cli.group import main_group
from publer_sync.starting.late_patterns import late_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from click.shell_completion import CompletionItem

    Completer = Callable[[click.Context, click.Parameter, str], list[str]]

VARIABLE: Final = "_PUBLER_SYNC_COMPLETE"
"""Set by the scripts: it makes click complete a command line instead of running it."""
_UNQUOTED: Final = late_pattern(r"[^\w@%+=:,./-]")


def _completer(kind: Literal["aliases", "ids", "labels"]) -> Completer:
    """Completes with the words of this kind in the calendar that is meant."""

    def complete(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
        from publer_sync.commands import completion

        with suppress(Exception):
            return _fitting(getattr(completion, kind)(_meant(ctx)), incomplete)
        return []

    return complete


aliases, ids, labels = _completer("aliases"), _completer("ids"), _completer("labels")


def calendars(_: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The calendars below, and if several may be named, the folders that contain some; otherwise any file."""
    from click.shell_completion import CompletionItem

    from publer_sync.commands import completion

    with suppress(Exception):
        if found := _fitting(completion.calendars(incomplete, several=param.nargs == -1), incomplete):
            return [CompletionItem(each) for each in found]
    return [CompletionItem(incomplete, type="file")]


def schemas(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    from publer_sync.commands.schema import available

    with suppress(Exception):
        return _fitting(available(), incomplete)
    return []


def _meant(ctx: click.Context) -> list[Path]:
    """The calendars that are named. While an option lacks its value, click leaves the arguments unread."""
    names = [param.name for param in ctx.command.params if isinstance(param, click.Argument)]
    if "calendars" in names:
        return [*map(Path, ctx.params.get("calendars") or ctx.args)]
    unread = dict(zip(names, ctx.args, strict=False))
    calendar = ctx.params.get("calendar") or unread.get("calendar")
    return [Path(calendar)] if calendar else []


def _fitting(words: Iterable[str], incomplete: str) -> list[str]:
    found = sorted({word for word in words if word.startswith(incomplete)})
    # The other shells quote by themselves; `read` takes one off.
    if os.environ.get(VARIABLE, "").startswith("bash"):
        return [_UNQUOTED.sub(r"\\\\\g<0>", word) for word in found]
    return found


@main_group.command(short_help="Print a script that completes words in your shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print a script that lets your shell complete commands, options, accounts, groups, ids, labels, calendars and schemas.

    \b
    Examples, a line for ~/.bashrc, ~/.zshrc (below compinit) and ~/.config/fish/config.fish:
      eval "$(publer-sync completion bash)"
      eval "$(publer-sync completion zsh)"
      publer-sync completion fish | source
    """
    from click.shell_completion import BashComplete, FishComplete, ZshComplete

    from publer_sync.commands.running.shared import out

    made = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}[shell]
    out(made(main_group, {}, "publer-sync", VARIABLE).source())
