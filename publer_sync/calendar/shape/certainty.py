"""Every fix that `validate --fix` applies, and why it cannot be wrong. What has no such reason is shown as advice."""

from __future__ import annotations

from typing import Final, NamedTuple


class CertainFix(NamedTuple):
    """What is done for problems with a `code`, and the reason why nothing else can have been meant."""

    code: str
    does: str
    why: str


CERTAIN: Final = (
    CertainFix(
        "yaml.hash",
        "puts hashtags that YAML takes for a comment into their text: on the lines below its key, in quotes, or indented like the text",
        "nothing but hashtags is added. A comment has a space after its `#`; words behind a hashtag, `#todo` and its like, a single hashtag "
        "at the start of a line, and lines that an editor may have wrapped are left to you",
    ),
    CertainFix(
        "yaml.colon",
        "puts words with a second `: ` on the lines below their key or in quotes",
        "the key takes a text and has no keys of its own. With a `#` and a space among the words, both ways are shown",
    ),
    CertainFix(
        "yaml.start",
        "puts a text that starts with a sign of YAML on the lines below its key or in quotes, or removes an unclosed quote from a value that is not text",
        "the key takes a text, and quotes that leave it open which words they are around have no fix",
    ),
    CertainFix(
        "yaml.anchor",
        "puts words that start with `&` on the lines below their key",
        "no other place of the file uses the name",
    ),
    CertainFix(
        "yaml.comma",
        "puts a value inside `{ }` that has a comma in quotes",
        "what follows the comma has no colon",
    ),
    CertainFix(
        "yaml.bracket",
        "closes a `[` at the end of its line",
        "everything in the line can only be an item of the list",
    ),
    CertainFix(
        "yaml.indent",
        "moves a line to where the lines around it are, and words that stand beside an empty `text:` below it",
        "the file can be read with it there and nowhere else, and the words can belong to no other key; a key that two depths could have, "
        "or words of which a line may be a key or a remark, have no fix",
    ),
    CertainFix(
        "yaml.dash",
        "puts the missing dash in front of a post",
        "its keys are those that the post above has already",
    ),
    CertainFix(
        "yaml.space",
        "adds the missing space or colon of a key, or writes the plain sign of a dash or a colon",
        "what it makes is a key of the calendar in a place where one can be",
    ),
    CertainFix(
        "yaml.tab",
        "writes spaces in place of tabs that indent",
        "YAML allows no tab there, and the depth is that of the lines around",
    ),
    CertainFix(
        "yaml.character",
        "writes a plain space in place of another kind of space",
        "only where YAML or a value needs one: in words it stays",
    ),
    CertainFix(
        "yaml.escape",
        "writes the character that JSON escapes in two halves, such as \\ud83d\\ude80",
        "the two halves are one character, and nothing else",
    ),
    CertainFix(
        "yaml.form",
        "writes `file: `, `url: ` or `text: ` for an item of media, of comments or of a thread that is one word or sentence with keys below it",
        "an item of these lists that has keys can only be that; an account is left to you, since the keys may be those of the post",
    ),
    CertainFix(
        "key.missing",
        "puts the line `posts:` above a list of posts",
        "a file holds nothing else that is a list",
    ),
    CertainFix(
        "key.unknown",
        "corrects a misspelled key",
        "no key of a calendar has this name, and one key that is missing here has almost the same spelling and can have the value",
    ),
    CertainFix(
        "key.type",
        "puts a single value into the list or the map that the key takes, a number in quotes, and `true` or `false` for yes and no",
        "the same words, in the one form that the key can have",
    ),
    CertainFix(
        "key.value",
        "corrects a misspelled choice, and writes durations and rhythms in the calendar's units",
        "one choice is spelled almost the same; the amount of time is the same",
    ),
    CertainFix(
        "time.form",
        "writes a date and a time as the calendar does",
        "every word of it is understood, a weekday fits the date, and it can be read in one way only",
    ),
    CertainFix("time.zone", "writes the full name of a timezone", "one timezone has this name"),
    CertainFix(
        "account.unknown",
        "writes the account that is meant, or several as a list",
        "the same letters, or a letter more, less or swapped in the name of a network, which nothing else is called; all of several are known",
    ),
    CertainFix(
        "account.network",
        "writes the network that is meant",
        "another name of it, or a letter more, less or swapped",
    ),
    CertainFix(
        "media.missing",
        "writes the path of a file as it is on the disk",
        "only capitals and slashes differ; a file of the same name in another folder is another file",
    ),
    CertainFix(
        "markdown.front",
        "writes the lines `---` around the keys of a Markdown file",
        "keys of a post stand between them, and nothing else is in those lines",
    ),
)
"""Sorted as they are met: YAML, keys, times, accounts, media, Markdown."""

CODES: Final = frozenset(fix.code for fix in CERTAIN)
