"""What `accounts` means: which accounts its words are, and what is offered for those that are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.calendar.load import read
from tests.calendar.calendars import judged
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path


@each_of(
    ("accounts", "on", "told"),
    [
        ("x", "x", {}),
        ("twitter", "x", {}),
        ("words", "linkedin x", {}),
        ("all", "facebook linkedin x", {}),
        ("[all, -x]", "facebook linkedin", {}),
        ("[words, -twitter]", "linkedin", {}),
        ("[all, -words]", "facebook", {}),
        ("[x, -x]", "x", {"4:17 account.left-out": "Remove one of the two"}),
        ("[-x]", "", {"4:14 account.left-out": "Name the accounts to leave it out of\naccounts: [all, -x]"}),
        ("[]", "", {"4:13 key.value": "Write something, or remove it"}),
        ("x, linkedin", "", {"4:13 account.unknown": "fix:  accounts: [x, linkedin]"}),
        ("x and linkedin", "", {"4:13 account.unknown": "fix:  accounts: [x, linkedin]"}),
        ("x linkedin", "", {"4:13 account.unknown": "fix:  accounts: [x, linkedin]"}),
        ("x; linkedin", "", {"4:13 account.unknown": "fix:  accounts: [x, linkedin]"}),
        ("x/linkedin", "", {"4:13 account.unknown": "fix:  accounts: [x, linkedin]"}),
        ("[x linkedin]", "", {"4:14 account.unknown": "fix:  accounts: [x, linkedin]"}),
        ("[x linkedin, facebook]", "facebook", {"4:14 account.unknown": "fix:  accounts: [x, linkedin, facebook]"}),
        ("[{account: x linkedin}]", "", {"4:24 account.unknown": "Write an entry for each\n- account: x\n- account: linkedin"}),
        ("\n  - account: x, linkedin", "", {"5:14 account.unknown": "Write an entry for each\n- account: x\n- account: linkedin"}),
        ("\n  - x, linkedin", "", {"5:5 account.unknown": "fix:  - x\n  - linkedin"}),
        ("all -x", "", {"4:13 account.unknown": "fix:  accounts: [all, -x]"}),
        ("all, -x", "", {"4:13 account.unknown": "fix:  accounts: [all, -x]"}),
        ("[all -x]", "", {"4:14 account.unknown": "fix:  accounts: [all, -x]"}),
        ("[all, -x -linkedin]", "facebook linkedin x", {"4:19 account.unknown": "fix:  accounts: [all, -x, -linkedin]"}),
        ("-x, -linkedin", "", {"4:13 account.left-out": "Name the accounts to leave it out of\naccounts: [all, -x, -linkedin]"}),
        ("-x linkedin", "", {"4:13 account.left-out": "Name the accounts to leave it out of\naccounts: [all, -x linkedin]"}),
        ("[all, -x linkedin]", "facebook linkedin x", {"4:19 account.unknown": "Put a comma between them, and a - in front of each account to leave out"}),
        ("\n  - all\n  - -x -linkedin", "facebook linkedin x", {"6:5 account.unknown": "fix:  - -x\n  - -linkedin"}),
        ("\n  - all\n  - -x, facebook", "facebook linkedin x", {"6:5 account.unknown": "Put a comma between them, and a - in front of each account to leave out"}),
        ("linkdin", "", {"4:13 account.unknown": "fix:  accounts: linkedin"}),
        ("Linkedin", "", {"4:13 account.unknown": "fix:  accounts: linkedin"}),
        ("LinkedIn", "", {"4:13 account.unknown": "fix:  accounts: linkedin"}),
        ("linked-in", "", {"4:13 account.unknown": "fix:  accounts: linkedin"}),
        ("linkedin2", "", {"4:13 account.unknown": 'Did you mean "linkedin"? publer.yaml has: facebook, x, linkedin, words'}),
        ("facebok", "", {"4:13 account.unknown": "fix:  accounts: facebook"}),
        ("word", "", {"4:13 account.unknown": 'Did you mean "words"? publer.yaml has: facebook, x, linkedin, words'}),
        ("wrods", "", {"4:13 account.unknown": 'Did you mean "words"? publer.yaml has: facebook, x, linkedin, words'}),
        ("nobody", "", {"4:13 account.unknown": "publer.yaml has: facebook, x, linkedin, words"}),
        ("[nobody, x]", "x", {"4:14 account.unknown": "publer.yaml has: facebook, x, linkedin, words"}),
        ("[x, -nobody]", "x", {"4:18 account.unknown": "publer.yaml has: facebook, x, linkedin, words"}),
        ("[x, -linkdin]", "x", {"4:18 account.unknown": "fix:  accounts: [x, -linkedin]"}),
        ("instagram", "", {"4:13 account.unknown": "publer.yaml has: facebook, x, linkedin, words"}),
        ("[x, instagram]", "x", {"4:17 account.unknown": "publer.yaml has: facebook, x, linkedin, words"}),
        ("5", "", {"4:13 key.type": 'fix:  accounts: "5"'}),
        ("{x: y}", "", {"4:13 yaml.start": "Put the words in quotes"}),
        ("[[x]]", "", {"4:14 key.type": "Write it in this form\nFor example:\naccounts: [facebook, x]"}),
        ("[x, x]", "x", {}),
        ("[words, x]", "linkedin x", {}),
        ("[{account: words, text: b}, x]", "linkedin x", {}),
        ("[{account: linkdin}]", "", {"4:24 account.unknown": "fix:  accounts: [{account: linkedin}]"}),
        ("'x '", "x", {}),
        ("[x, '-']", "x", {"4:17 account.unknown": "publer.yaml has: facebook, x, linkedin, words"}),
        ("[{account: -x}]", "", {"4:24 account.unknown": "publer.yaml has: facebook, x, linkedin, words"}),
        ("[{account: all, title: T}]", "facebook linkedin x", {}),
        ("[{text: b}, all, -x]", "facebook linkedin", {"4:14 key.missing": "Add it\nFor example:\naccounts: [facebook, x]"}),
        ("[{text: b}]", "", {"4:14 key.missing": "Add it\nFor example:\naccounts: [facebook, x]"}),
    ],
)  # fmt: skip
def test_each_word_is_the_accounts_that_it_names_or_is_told(
    top: Path, accounts: str, on: str, told: dict[str, str]
) -> None:
    """A fix never puts a post on an account that was to be left out."""
    post = f"posts:\n- at: 2027-03-01 09:00\n  text: hi\n  accounts: {accounts}\n"
    calendar = read(top, instead={"a.yaml": post.encode()})
    assert " ".join(str(each.account.alias) for each in calendar.desired.posts) == on
    assert {
        f"{each.location.line}:{each.location.column} {each.code}": f"fix:{each.fix.text}"
        if each.fix is not None
        else str(each.help)
        for each in judged(calendar)
        if each.location is not None and each.severity == "error"
    } == told


def test_a_word_that_is_nearly_an_account_is_asked_about(top: Path) -> None:
    groups = read(top).groups
    assert [groups.meant(each) for each in ("linkdin", "wrods", "al", "nobody")] == [
        'Did you mean "linkedin"? ',
        'Did you mean "words"? ',
        'Did you mean "all"? ',
        "",
    ]


def test_a_word_for_one_account_is_its_alias_and_any_other_stays_what_it_is(top: Path) -> None:
    groups = read(top).groups
    said = ["linkedin", "x", "twitter", "words", "all", "nobody"]
    assert [groups.alias(each) for each in said] == ["linkedin", "x", "x", "words", "all", "nobody"]
