"""init, pull, fill, import, new, forget and state: how a calendar begins, what comes into it, and what publer-sync manages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from publer_sync.cli import completing
from publer_sync.cli.group import main_group
from publer_sync.cli.options import (
    CALENDAR,
    CALENDARS,
    DIFF,
    PATH,
    THE_CALENDAR,
    YES,
    accounts,
    check_sandbox,
    choice,
    filtering,
    formats,
    joined,
    labels,
    reaching,
    sandboxed,
    take,
)
from publer_sync.values.errors import InputError, UsageError


@main_group.command(short_help="Write a calendar folder to start from.")
@click.argument("folder", default="calendar", type=PATH)
@click.option("--workspace", metavar="NAME", help="The workspace's name or id, if the key sees several.")
@click.option(
    "--account",
    "accounts",
    multiple=True,
    metavar="NAME",
    help="An account to manage; can be repeated.  [default: all that can be used]",
)
@click.option("--timezone", metavar="NAME", help="The calendar's time zone.  [default: the machine's]")
@click.option("--github", is_flag=True, help="Add the workflows, and keep the state on a branch.")
@click.option("--form", is_flag=True, help="Add a GitHub issue form for requesting posts, and its workflow.")
@click.option("--assistant", is_flag=True, help="Add AGENTS.md, a skill and .mcp.json for assistants.")
@YES
@formats("text", "json")
@sandboxed
def init(folder: Path, style: str, **options: Any) -> int:
    """Write a calendar folder from what the key can see: settings, a first draft, a page for writers.

    Files that exist are left alone. Sends only GET requests.

    \b
    Examples:
      PUBLER_API_KEY=… publer-sync init
      publer-sync init --sandbox --timezone Europe/Berlin --yes
    """
    from publer_sync.commands.init import Wishes, run

    check_sandbox(options)
    return run(Wishes(folder, **options), style=style)


@main_group.command(short_help="Bring posts from Publer into the files.")
@CALENDARS
@formats("text", "json")
@click.option(
    "--by",
    type=click.Choice(["month", "week", "account"]),
    default="month",
    show_default=True,
    help="How new posts are spread over files.",
)
@click.option("--media", is_flag=True, help="Download the pictures and videos of new posts into media/.")
@click.option("--removed", is_flag=True, help="Remove from the files what was removed in Publer.")
@click.option(
    "--prefer",
    type=click.Choice(["publer", "calendar"]),
    help="Which version to keep where the calendar and Publer both changed.",
)
@DIFF
@YES
@filtering
@reaching
def pull(calendars: tuple[Path, ...], style: str, **options: Any) -> int:
    """Bring posts that were made, edited or removed in Publer into the calendar's files.

    Sends only GET requests and never writes the state: the next apply adopts the new posts.

    \b
    Examples:
      publer-sync pull calendar --diff
      publer-sync pull calendar --by week --yes
      publer-sync pull clients
    """
    from publer_sync.commands.pull import Options, PullRequest, run

    picked = Options(**take(options, "by", "removed", "prefer"))
    request = PullRequest(picked, **take(options, "diff", "yes", "media"))
    return run(calendars, choice(None, options), request, style=style)


@main_group.command(short_help="Give waiting posts the next free slots.")
@CALENDARS
@formats("text", "json")
@click.option(
    "--lead",
    metavar="TIME",
    default="1d",
    show_default=True,
    help="How far ahead a slot must be: 12h, 2d, 1w.",
)
@click.option("--until", metavar="DATE", help="The last day of slots.")
@click.option(
    "--evergreen",
    is_flag=True,
    help="Then put uses of stored posts into the slots that are still free; needs --until.",
)
@accounts("Only posts whose first account is this one")
@click.option("--offline", is_flag=True, help="Don't ask Publer which times are taken.")
@DIFF
@YES
@reaching
def fill(calendars: tuple[Path, ...], **options: Any) -> int:
    """Write a time for each post with `at: next`: the next free slot of its first account.

    Slots are in publer.yaml. A slot is free if none of the post's accounts has a post then, in the calendar or in Publer.
    Quiet days and holidays have none. Sends only GET requests.

    With --evergreen, stored posts (`evergreen`) get the slots that are left, the one used longest ago first, as `use` in
    the month's file.

    \b
    Examples:
      publer-sync fill calendar --diff
      publer-sync fill --lead 2d --until 2027-06-30 --yes
      publer-sync fill --evergreen --until 2027-03-31
    """
    from publer_sync.commands.fill import run

    own = take(options, "lead", "until", "evergreen", "offline", "diff", "yes", "style")
    return run(calendars, choice(None, options), **own)


AS_TYPED = click.option(
    "--as-typed",
    is_flag=True,
    help=r"Publish a typed \n, and lines that look like keys of a file, as they are.",
)


@main_group.command("import", short_help="Turn a CSV file into a post file.")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@CALENDAR
@formats("text", "json")
@click.option("--to", metavar="FILE", help="The new file.  [default: imported-NAME.yaml in the calendar]")
@click.option(
    "--columns",
    multiple=True,
    metavar="KEY=COLUMN,...",
    help="What the columns are, for a file of another tool: text=Message,at=Date. `media=` may be given more than once.",
)
@click.option(
    "--dates",
    "order",
    type=click.Choice(["dmy", "mdy", "ymd"]),
    help="The order of day, month and year, for dates that can be read two ways.",
)
@accounts("The account for rows that name none")
@click.option("--undated", type=click.Choice(["skip"]), help="Skip rows without a date.")
@click.option("--past", type=click.Choice(["skip"]), help="Skip rows whose time has passed.")
@click.option("--partial", is_flag=True, help="Write the good rows even if others are refused.")
@AS_TYPED
@DIFF
@YES
def import_csv(
    file: Path, calendar: Path | None, style: str, *, undated: str | None, past: str | None, **options: Any
) -> int:
    """Turn a CSV file from Publer, Buffer, Metricool, Hootsuite or another tool into a post file.

    Every row is checked first. Nothing is written unless all rows are good, or with --partial. Works offline.

    \b
    Examples:
      publer-sync import march.csv --account facebook --diff
      publer-sync import plan.csv calendar --columns text=Message,at=Date --dates dmy --account x
    """
    from publer_sync.commands.import_csv import ImportOptions, ImportRequest, run
    from publer_sync.commands.running.choice import Choice

    agreed = take(options, "diff", "yes")
    picked = ImportOptions(undated=undated is not None, past=past is not None, **options)
    return run(Choice(calendar), ImportRequest(file, picked, **agreed), style=style)


@main_group.command(short_help="Write a post, asking what, when and where.")
@CALENDAR
@formats("text", "json")
@click.option(
    "--at",
    metavar="TIME",
    help='When: "tomorrow 9", "next tue 14:30", "next" for a free slot, or as a file says it.',
)
@accounts("Where: an account or a group")
@click.option("--text", metavar="WORDS", help="The words; - reads them from stdin.")
@click.option("--edit", is_flag=True, help="Write the words in $EDITOR.")
@click.option(
    "--media", multiple=True, metavar="FILE", help="A picture or video, copied into media/; can be repeated."
)
@click.option(
    "--alt", "alts", multiple=True, metavar="WORDS", help="What a picture shows: one for each --media."
)
@click.option("--link", metavar="URL", help="A link.")
@labels("A label")
@click.option("--id", metavar="ID", help="The post's id.  [default: its first words]")
@click.option("--draft", is_flag=True, help="A draft: Publer keeps it and does not publish it.")
@click.option("--to", metavar="FILE", help="The file to write to.  [default: YYYY-MM.yaml]")
@AS_TYPED
@YES
def new(calendar: Path | None, style: str, *, edit: bool, yes: bool, **options: Any) -> int:
    """Write a post into the calendar, without knowing YAML.

    Asks for what the options leave out, shows how long the words are on each account and what is wrong with them, and
    shows the lines before it writes them. Works offline: the next apply sends the post.

    \b
    Examples:
      publer-sync new
      publer-sync new --at "tomorrow 9:00" --account x --text "We are open." --yes
      publer-sync new --at "launch - 7d 12:00" --account linkedin --edit
    """
    from publer_sync.commands.new import NewOptions, run
    from publer_sync.commands.running.shared import load

    if edit and options["text"] is not None:
        raise UsageError("--edit and --text cannot be combined")
    editor = _in_editor if edit else None
    return run(load(calendar), NewOptions(**options), style=style, yes=yes, edit=editor)


def _in_editor(words: str) -> str | None:
    """The words once somebody has saved them in $EDITOR; None where they did not. Raises InputError."""
    try:
        return click.edit(words, extension=".md")
    except click.ClickException as error:
        hint = "Name another editor in EDITOR, or leave --edit out and type the words here."
        raise InputError(f"the words were not written in an editor: {error.message}", hint=hint) from error


class _Moving(click.Command):
    """Takes `-1d` as a time, not as options: with a minus sign in place of the hyphen."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [re.sub(r"^-(?=[0-9])", "\u2212", each) for each in args])


_of_a_post = joined(
    click.argument("post", metavar="POST", shell_complete=completing.ids),
    click.argument("to", metavar="TO"),
    THE_CALENDAR,
    formats("text", "json"),
    DIFF,
    YES,
)
"""The arguments and options that move and copy share."""


@main_group.command(cls=_Moving, short_help="Give a post another time.")
@_of_a_post
@click.option(
    "--series",
    type=click.Choice(("this", "all")),
    help="Of a post that repeats: move this one alone, or all from it on.",
)
@accounts("Move it on this account alone")
def move(post: str, to: str, calendar: Path | None, style: str, **options: Any) -> int:
    """Give a post another time, in its file: by as much (+30m, -1d, +2w), or to a day, a time of day, or both.

    POST is an id, ALIAS@TIME, FILE:LINE or words of its text. The other accounts of the post move along. Shows the line
    that changes and asks. A time of day counts in the time zone of the settings; by days, weeks, or to a day alone, the post
    keeps its time in that of its file. Of a stored post, it adds a use. Works offline: the next apply moves the post in Publer.

    \b
    Examples:
      publer-sync move launch +30m
      publer-sync move launch "thu 14:00"
      publer-sync move tip@2027-03-09 -1d --series this
    """
    from publer_sync.commands.move import PostMoveRequest, run

    request = PostMoveRequest(post, to, **take(options, "series", "diff", "yes"))
    return run(choice(calendar, options), request, style=style)


@main_group.command(cls=_Moving, short_help="Write a copy of a post at another time.")
@_of_a_post
def copy(post: str, to: str, calendar: Path | None, style: str, *, diff: bool, yes: bool) -> int:
    """Write a copy of a post at another time, with an id of its own: +1w, a day, a time of day, or both.

    POST is an id, ALIAS@TIME, FILE:LINE or words of its text. Shows the lines and asks. A copy of a use is another use, and
    of a stored post a use of it. Works offline: the next apply creates the post in Publer.

    \b
    Examples:
      publer-sync copy launch +1w
      publer-sync copy tip-3 "next tue 9:00"
    """
    from publer_sync.commands.move import PostMoveRequest, run
    from publer_sync.commands.running.choice import Choice

    return run(Choice(calendar), PostMoveRequest(post, to, copies=True, diff=diff, yes=yes), style=style)


@main_group.command(short_help="Stop managing posts, or a whole calendar.")
@click.argument("posts", nargs=-1, metavar="[POST]...", shell_complete=completing.ids)
@click.option(
    "--all", "everything", is_flag=True, help="Stop managing the whole calendar, and end its state."
)
@click.option(
    "--state-name",
    "name",
    metavar="NAME",
    help="With --all: the calendar's name in the state, if it is gone or has another name now.",
)
@click.option("--drop-holds", is_flag=True, help="With --all: leave posts that are on hold out of Publer.")
@THE_CALENDAR
@formats("text", "json")
@DIFF
@YES
@reaching
def forget(
    posts: tuple[str, ...], calendar: Path | None, style: str, *, everything: bool, **options: Any
) -> int:
    """Stop managing posts. They stay in Publer as they are, and publish at their times.

    POST is the post's id, or ALIAS@TIME, as in facebook@2027-03-02T09:00. Remove the post from the file on your computer
    first: otherwise the next apply adopts it again. Only then commit, push or apply: an apply that comes between removes
    the post from Publer.

    With --all it stops managing the whole calendar: it ends the state, after a backup, and sends nothing to Publer.

    \b
    Examples:
      publer-sync forget launch facebook@2027-03-02T09:00
      publer-sync forget --all --calendar clients/acme
      publer-sync forget --all --state-name clients/bank
    """
    from publer_sync.commands import forget as some
    from publer_sync.commands import forget_all

    if everything == bool(posts):
        raise UsageError("name the posts to forget, or give --all" if not posts else "--all takes no posts")
    of_all, agreed = take(options, "name", "drop_holds"), take(options, "diff", "yes")
    if not everything and (of_all["name"] is not None or of_all["drop_holds"]):
        raise UsageError(f"{'--drop-holds' if of_all['drop_holds'] else '--state-name'} requires --all")
    if everything:
        leave = forget_all.LeaveRequest(**of_all, **agreed)
        return forget_all.run(choice(calendar, options), leave, style=style)
    return some.run(choice(calendar, options), some.ForgetRequest(posts, **agreed), style=style)


@main_group.group(short_help="Move the state to another name or place.")
def state() -> None:
    """Manage the state, publer-sync's record of its own work."""


@state.command("mv", short_help="Move the state to another name or place.")
@click.argument("name", metavar="[NEW_NAME]", required=False)
@THE_CALENDAR
@click.option(
    "--from",
    "source",
    metavar="NAME|PLACE",
    help="The name or the place that it has now.  [default: the calendar's]",
)
@click.option(
    "--to", "target", metavar="PLACE", help="Where to keep it from now on: a folder, or git:BRANCH."
)
@click.option(
    "--account",
    "reconnected",
    metavar="OLD=NEW",
    help="Move the posts of a reconnected account to its new id.",
)
@formats("text", "json")
@DIFF
@YES
@reaching
def state_mv(calendar: Path | None, style: str, *, diff: bool, yes: bool, **options: Any) -> int:
    """Move the calendar's state to another name or place, with its holds.

    A marker stays behind: a command that still uses the old name or place ends with an error that says where the state
    is. Do this before `name:` or `state:` in publer.yaml changes. If they have changed already, say with --from what they
    were.

    \b
    Examples:
      publer-sync state mv clients/acme
      publer-sync state mv clients/acme --from acme
      publer-sync state mv --to git:publer-sync-state
      publer-sync state mv --from .git/publer-sync
      publer-sync state mv --account 63c675e94e299e9cf2b667ec=6563d8a1c2f0aa10b7c9e001
    """
    if (words := options.pop("reconnected")) is not None:
        from publer_sync.commands import reconnect

        if any(take(options, "name", "source", "target").values()):
            raise UsageError("--account stands alone: it moves posts to another account, not the state")
        wish = reconnect.ReconnectRequest.of(words, diff=diff, yes=yes)
        return reconnect.run(choice(calendar, options), wish, style=style)
    from publer_sync.commands.state import MoveRequest, run

    request = MoveRequest(**take(options, "name", "source", "target"), diff=diff, yes=yes)
    return run(choice(calendar, options), request, style=style)
