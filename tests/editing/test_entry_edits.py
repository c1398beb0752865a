"""What somebody changed in Publer on some accounts of a post is written where the file says it, and changes nothing elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.calendar.load import read
from publer_sync.editing.entry_edits import EntryEdits, Unsafe, Wanted
from publer_sync.editing.excerpts import Excerpts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from publer_sync.editing.writing import Writable

SETTINGS = """\
timezone: UTC
accounts: {x: Me, linkedin: Us, facebook: Page, second: {name: Page two, provider: facebook}}
groups: {words: [x, linkedin]}
"""


@pytest.fixture
def entry(tmp_path: Path) -> Any:
    """The edits of the only post of a file: of its `accounts`, and more of its lines."""

    def make(
        accounts: str, *lines: str, settings: str = "", at: str = "2027-03-01 09:00", head: str = ""
    ) -> EntryEdits:
        (tmp_path / "publer.yaml").write_text(f"{SETTINGS}{settings}")
        when = f"at: {at}" if at else "id: one"
        named = [f"accounts: {accounts}"] if accounts else []
        body = "".join(f"  {line}\n" for line in (*named, *lines))
        (tmp_path / "posts.yaml").write_text(f"{head}posts:\n- {when}\n{body}")
        calendar = read(tmp_path)
        placed = {each.alias: each for each in calendar.placed}
        return EntryEdits(calendar, next(iter(placed.values())).entry.document, placed)

    return make


def written(task: EntryEdits, key: str, wanted: Mapping[str, Writable], *, sent: bool = False) -> str:
    """The lines of the post after an edit, without those of `posts` and its first time."""
    moment = datetime(2027, 3, 1, 9, tzinfo=UTC) if sent else None
    task.write(key, {alias: Wanted(value, moment) for alias, value in wanted.items()})
    return lines_of(task)


def lines_of(task: EntryEdits) -> str:
    return task.document.raw.decode().removeprefix("posts:\n- at: 2027-03-01 09:00\n")


def at(day: int, hour: int) -> datetime:
    return datetime(2027, 3, day, hour, tzinfo=UTC)


# --- the layer that says it -----------------------------------------------------------------------------------------


def test_a_text_that_all_accounts_share_stays_shared(entry: Any) -> None:
    task = entry("[x, linkedin]", "text: Old")
    assert written(task, "text", dict.fromkeys(("x", "linkedin"), "New")) == (
        "  accounts: [x, linkedin]\n  text: New\n"
    )


def test_a_text_that_changed_on_one_network_is_written_for_that_network(entry: Any) -> None:
    task = entry("[x, linkedin]", "text: Old")
    assert written(task, "text", {"x": "New"}) == (
        "  accounts: [x, linkedin]\n  text: Old\n  networks:\n    x:\n      text: |\n        New\n"
    )


def test_each_account_gets_its_own_text_where_they_differ(entry: Any) -> None:
    task = entry("[x, linkedin]", "text: Old")
    assert written(task, "text", {"x": "For X", "linkedin": "New"}) == (
        "  accounts: [x, linkedin]\n  text: New\n  networks:\n    x:\n      text: |\n        For X\n"
    )


def test_a_key_that_nothing_says_is_added_to_the_post_and_none_is_left_out(entry: Any) -> None:
    task = entry("x", "text: Old")
    assert written(task, "title", {"x": None}) == "  accounts: x\n  text: Old\n"
    assert written(task, "title", {"x": "T"}) == "  accounts: x\n  text: Old\n  title: T\n"


def test_what_one_network_gets_for_itself_is_written_beside_what_others_have(entry: Any) -> None:
    task = entry("[x, linkedin]", "networks: {linkedin: {text: Own}}", "text: Old")
    assert "networks: {linkedin: {text: Own}, x: {title: T}}" in written(task, "title", {"x": "T"})
    task = entry("[x, linkedin]", "link: {url: https://a.example, title: A}", "text: Old")
    assert written(task, "link", {"x": "https://b.example"}).endswith(
        "    x:\n      link: https://b.example\n"
    )


def test_what_stays_of_a_list_keeps_its_comment(entry: Any) -> None:
    task = entry("x", "labels:", "- a # ours", "text: Old")
    assert written(task, "labels", {"x": ["a", "b"]}) == (
        "  accounts: x\n  labels:\n  - a # ours\n  - b\n  text: Old\n"
    )


def test_a_network_keeps_the_name_that_the_post_gives_it(entry: Any) -> None:
    task = entry("[x, linkedin]", "networks:", "  twitter: {text: Old for X}", "text: Old")
    assert written(task, "text", {"x": "New"}) == (
        "  accounts: [x, linkedin]\n  networks:\n    twitter: {text: New}\n  text: Old\n"
    )


def test_of_two_accounts_of_a_network_one_gets_a_text_of_its_own(entry: Any) -> None:
    task = entry("[facebook, second]", "text: Old")
    assert written(task, "text", {"second": "New"}) == (
        "  accounts: [facebook, {account: second, text: New}]\n  text: Old\n"
    )
    task = entry("[facebook, second]", "networks: {facebook: {text: Old}}", "text: Any")
    assert written(task, "text", {"second": "New"}) == (
        "  accounts: [facebook, {account: second, text: New}]\n  networks: {facebook: {text: Old}}\n  text: Any\n"
    )


def test_the_text_of_a_network_stays_there_beside_an_account_that_has_its_own(entry: Any) -> None:
    accounts = "[{account: facebook, text: Own}, second]"
    task = entry(accounts, "networks: {facebook: {text: Old}}", "text: Any")
    assert written(task, "text", {"second": "New"}) == (
        f"  accounts: {accounts}\n  networks: {{facebook: {{text: New}}}}\n  text: Any\n"
    )


def test_an_account_of_a_group_with_a_text_gets_its_own_beside_the_group(entry: Any) -> None:
    task = entry("[{account: words, text: Of both}]", "text: Old")
    assert written(task, "text", {"x": "New"}) == (
        "  accounts: [{account: words, text: Of both}, {account: x, text: New}]\n  text: Old\n"
    )


def test_an_account_that_has_its_own_text_keeps_the_place_of_it(entry: Any) -> None:
    task = entry("[{account: x, text: Old for X}, linkedin]", "text: Old")
    assert written(task, "text", {"x": "New"}) == (
        "  accounts: [{account: x, text: New}, linkedin]\n  text: Old\n"
    )
    task = entry("[{account: x, text: Old for X}, linkedin]", "text: Old")
    assert written(task, "text", {"linkedin": "New"}) == (
        "  accounts: [{account: x, text: Old for X}, linkedin]\n  text: New\n"
    )


def test_what_the_settings_add_is_not_written_into_the_text(entry: Any) -> None:
    task = entry("x", "text: Old", settings="defaults: {append: The end}\n")
    assert written(task, "text", {"x": "New\n\nThe end"}, sent=True) == "  accounts: x\n  text: New\n"
    with pytest.raises(Unsafe, match="what `append` would add to it is not there") as raised:
        written(task, "text", {"x": "Newer"}, sent=True)
    assert raised.value.paste == "text: |\n  Newer\nappend: null"
    assert written(task, "title", {"x": "T"}, sent=True) == "  accounts: x\n  text: New\n  title: T\n"
    assert written(task, "text", {"x": "As it stands"}) == "  accounts: x\n  text: As it stands\n  title: T\n"
    assert written(task, "text", {"x": None}, sent=True) == "  accounts: x\n  title: T\n"


def test_where_the_text_of_one_account_cannot_be_written_that_of_no_other_is(entry: Any) -> None:
    task = entry("[x, linkedin]", "text: Old", settings="defaults: {append: The end}\n")
    before = lines_of(task)
    with pytest.raises(Unsafe, match="what `append` would add to it is not there") as refused:
        written(task, "text", {"x": "New\n\nThe end", "linkedin": "Other"}, sent=True)
    assert lines_of(task) == before
    assert refused.value.paste.startswith("accounts:\n- account: x\n  text: |\n    New\n- account: linkedin")


def test_what_the_settings_add_to_a_link_is_not_written_into_it(entry: Any) -> None:
    utm = 'utm: {campaign: "{date}"}\nutm_hosts: [example.com]\ndefaults: {append: The end}\n'
    task = entry("x", "link: https://example.com/a", "text: Words", settings=utm)
    new = {"x": "https://example.com/b?utm_campaign=2027-03-01"}
    assert written(task, "link", new, sent=True) == (
        "  accounts: x\n  link: https://example.com/b\n  text: Words\n"
    )


def test_what_comes_from_a_default_is_left(entry: Any) -> None:
    task = entry("x", "text: Words", settings="defaults: {title: Usual}\n")
    with pytest.raises(Unsafe, match="its `title` comes from a default"):
        written(task, "title", {"x": "New"})
    task.firm = False
    assert written(task, "title", {"x": "New"}).endswith("  text: Words\n  title: New\n")


def test_a_link_is_written_where_its_address_is(entry: Any) -> None:
    for old, new in (
        ("link: https://a.example", "link: https://b.example"),
        ("link: {title: A, url: https://a.example}", "link: {title: A, url: https://b.example}"),
    ):
        task = entry("x", old, "text: Words")
        assert written(task, "link", {"x": "https://b.example"}) == f"  accounts: x\n  {new}\n  text: Words\n"
        assert written(task, "link", {"x": None}) == "  accounts: x\n  text: Words\n"


@pytest.mark.parametrize(
    ("accounts", "networks", "paste"),
    [
        ("[x, linkedin]", "{x: {text: *t}}", "networks:\n  x:\n    text: |\n      New"),
        (
            "[{account: x, text: *t}, linkedin]",
            "{}",
            "accounts: # and the others\n- account: x\n  text: |\n    New",
        ),
        (
            "&a [{account: words, text: Of both}]\n  odd: *a",
            "{}",
            "accounts: # and the others\n- account: x\n  text: |\n    New",
        ),
    ],
)
def test_lines_that_cannot_be_written_are_shown_with_the_keys_above_them(
    entry: Any, accounts: str, networks: str, paste: str
) -> None:
    title, text = "title: &t Title", "text: Old"
    lines = [title, text, f"networks: {networks}", f"accounts: {accounts}"]
    with pytest.raises(Unsafe, match="an anchor of YAML shares this value") as refused:
        written(entry("", *lines), "text", {"x": "New"})
    assert refused.value.paste == paste


def test_what_cannot_be_taken_away_leaves_no_lines_to_paste(entry: Any) -> None:
    task = entry("x", "title: &t Title", "networks: {x: {text: Own, title: *t}}")
    with pytest.raises(Unsafe, match="an anchor of YAML shares this value") as refused:
        task.unset("title", {"x"})
    assert refused.value.paste == ""


def test_an_account_with_a_text_of_its_own_does_not_keep_the_post_from_another(entry: Any) -> None:
    """Nor does one with a time of day of its own, on the post's day."""
    accounts = "[{account: x, at: '11:00', text: Own}, linkedin]"
    task = entry(accounts, "text: Old")
    assert written(task, "text", {"linkedin": "New"}) == f"  accounts: {accounts}\n  text: New\n"
    accounts = "[{account: nobody, text: Own}, x]"
    task = entry(accounts, "text: Old")
    assert written(task, "text", {"x": "New"}) == f"  accounts: {accounts}\n  text: New\n"


def test_what_a_network_is_not_to_say_is_null_there(entry: Any) -> None:
    task = entry("[x, linkedin]", "title: T", "networks: {x: {text: Own}}", "text: Old")
    assert written(task, "title", {"x": None}) == (
        "  accounts: [x, linkedin]\n  title: T\n  networks: {x: {text: Own, title: null}}\n  text: Old\n"
    )


@pytest.mark.parametrize(
    ("accounts", "head", "settings", "reason", "paste"),
    [
        (
            "",
            "accounts: [facebook, second]\n",
            "",
            "its accounts are named for the whole file",
            "accounts: # and the others\n- account: second\n  text: |\n    New",
        ),
        (
            "[facebook, second]",
            "",
            "defaults: {text: Usual}\n",
            "its `text` comes from a default",
            "accounts: # and the others\n- account: second\n  text: |\n    New",
        ),
    ],
)
def test_what_is_left_to_a_person_is_said_with_the_lines_to_paste(
    entry: Any, accounts: str, head: str, settings: str, reason: str, paste: str
) -> None:
    task = entry(accounts, *([] if settings else ["text: Old"]), head=head, settings=settings)
    with pytest.raises(Unsafe) as refused:
        written(task, "text", {"second": "New"})
    assert (str(refused.value), refused.value.reason, refused.value.paste) == (reason, reason, paste)


def test_lines_for_accounts_that_differ_name_each_of_them(entry: Any) -> None:
    for titles, paste in (
        ({"x": "A", "linkedin": "A"}, "title: A"),
        ({"x": "A", "linkedin": "B"}, "accounts:\n- account: x\n  title: A\n- account: linkedin\n  title: B"),
    ):
        task = entry("[x, linkedin]", "text: Words", settings="defaults: {title: Usual}\n")
        with pytest.raises(Unsafe) as refused:
            written(task, "title", titles)
        assert refused.value.paste == paste


# --- times ----------------------------------------------------------------------------------------------------------


def test_a_time_that_moved_on_all_accounts_moves_once(entry: Any) -> None:
    task = entry("[x, linkedin]", "text: Words")
    task.write("at", dict.fromkeys(("x", "linkedin"), Wanted(at(2, 10))))
    assert task.document.raw.decode() == (
        "posts:\n- at: 2027-03-02 10:00\n  accounts: [x, linkedin]\n  text: Words\n"
    )


def test_a_time_is_written_in_the_zone_of_its_file(entry: Any) -> None:
    task = entry("x", "text: Words", head="timezone: America/New_York\n")
    task.write("at", {"x": Wanted(at(2, 15))})
    assert "- at: 2027-03-02 10:00\n" in task.document.raw.decode()


def test_a_time_of_day_of_its_own_goes_on_to_the_new_day_of_the_post(entry: Any) -> None:
    task = entry("[{account: x, at: '11:00'}, linkedin]", "text: Words")
    task.write("at", {"x": Wanted(at(2, 11)), "linkedin": Wanted(at(2, 9))})
    assert task.document.raw.decode() == (
        "posts:\n- at: 2027-03-02 09:00\n  accounts: [{account: x, at: '11:00'}, linkedin]\n  text: Words\n"
    )


@pytest.mark.parametrize(
    ("written", "own", "moment"),
    [
        ("2027-03-01 09:00+02:00", "", at(1, 7)),
        ("2027-03-01", "", None),
        ("next", "", None),
        ("soon", "", None),
        ("09:00", "", None),
        ("soon", "2027-03-01 09:00", None),
        ("2027-03-01 09:00", "2027-03-28 02:30+01:00", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
    ],
)
def test_when_a_post_is_published_is_known_where_each_of_its_times_can_be_read(
    entry: Any, written: str, own: str, moment: datetime | None
) -> None:
    networks = [f"networks: {{x: {{at: '{own}'}}}}"] if own else []
    assert entry("x", "text: Words", *networks, at=written).moment_of("x") == moment


def test_of_two_accounts_one_gets_a_time_of_its_own(entry: Any) -> None:
    task = entry("[facebook, second]", "text: Words")
    task.write("at", {"second": Wanted(at(1, 11))})
    assert lines_of(task) == (
        "  accounts: [facebook, {account: second, at: 2027-03-01 11:00}]\n  text: Words\n"
    )
    assert (task.moment_of("facebook"), task.moment_of("second")) == (at(1, 9), at(1, 11))
    task = entry("[facebook, second]", "networks: {facebook: {at: '10:00'}}", "text: Words")
    task.write("at", {"second": Wanted(at(1, 11))})
    assert "{account: second, at: 2027-03-01 11:00}" in lines_of(task), "its day is certain"


def test_a_time_of_day_of_its_own_stays_on_its_day_where_only_the_post_moves(entry: Any) -> None:
    task = entry("[{account: x, at: '11:00'}, linkedin]", "text: Words")
    task.write("at", {"linkedin": Wanted(at(2, 9))})
    assert task.moment_of("x") == at(1, 11)
    assert task.moment_of("linkedin") == at(2, 9)


def test_a_time_of_day_follows_the_post_beside_an_account_with_a_day_of_its_own(entry: Any) -> None:
    accounts = "[{account: x, at: '11:00'}, linkedin, {account: facebook, at: 2027-03-05 10:00}]"
    task = entry(accounts, "text: Words")
    task.write("at", {"x": Wanted(at(2, 11)), "linkedin": Wanted(at(2, 9))})
    assert task.document.raw.decode() == (
        f"posts:\n- at: 2027-03-02 09:00\n  accounts: {accounts}\n  text: Words\n"
    )


def test_a_time_of_day_of_its_own_stays_on_its_day_where_only_its_network_moves(entry: Any) -> None:
    accounts = "[facebook, {account: second, at: '11:00'}]"
    task = entry(accounts, "networks: {facebook: {at: 2027-03-02 10:00}}", "text: Words")
    task.write("at", {"facebook": Wanted(at(3, 10))})
    assert (task.moment_of("facebook"), task.moment_of("second")) == (at(3, 10), at(2, 11))


def test_a_day_of_its_own_on_one_account_does_not_keep_its_network_from_moving(entry: Any) -> None:
    accounts = "[facebook, {account: second, at: 2027-03-05 10:00}]"
    task = entry(accounts, "networks: {facebook: {at: 2027-03-02 10:00}}", "text: Words")
    task.write("at", {"facebook": Wanted(at(3, 10))})
    assert "networks: {facebook: {at: 2027-03-03 10:00}}" in lines_of(task)
    assert (task.moment_of("facebook"), task.moment_of("second")) == (at(3, 10), at(5, 10))


def test_two_accounts_of_a_network_move_each_to_its_own_time(entry: Any) -> None:
    task = entry("[facebook, second]", "networks: {facebook: {at: '10:00'}}", "text: Words")
    task.write("at", {"facebook": Wanted(at(1, 11)), "second": Wanted(at(1, 12))})
    assert (task.moment_of("facebook"), task.moment_of("second")) == (at(1, 11), at(1, 12))


def test_a_time_of_day_of_its_own_stays_where_the_file_gives_the_day(entry: Any) -> None:
    days = "".join(f"- {{account: {alias}, at: 2027-03-05 10:00}}\n" for alias in ("x", "linkedin"))
    task = entry("", "networks: {x: {at: '11:00'}}", "text: Words", at="", head=f"accounts:\n{days}")
    with pytest.raises(Unsafe, match="its `at` comes from a default"):
        task.write("at", {"linkedin": Wanted(at(9, 10))})
    task.firm = False
    task.write("at", {"linkedin": Wanted(at(9, 10))})
    assert task.document.raw.decode().endswith(
        "posts:\n- id: one\n  networks: {x: {at: '11:00'}, linkedin: {at: 2027-03-09 10:00}}\n  text: Words\n"
    )


# --- removal --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accounts", "left"),
    [
        ("[x, linkedin]", "[linkedin]"),
        ("[{account: x, text: For X}, linkedin]", "[linkedin]"),
        ("[linkedin, facebook, x]", "[linkedin, facebook]"),
    ],
)
def test_a_post_that_was_removed_on_one_account_stays_on_the_others(
    entry: Any, accounts: str, left: str
) -> None:
    task = entry(accounts, "text: Words")
    task.remove({"x"})
    assert lines_of(task) == f"  accounts: {left}\n  text: Words\n"


def test_a_post_that_was_removed_on_all_its_accounts_leaves_the_file(entry: Any) -> None:
    task = entry("[x, linkedin]", "text: Words")
    task.remove({"x", "linkedin"})
    assert not task.document.data["posts"]


def test_an_account_of_a_group_is_not_removed_alone(entry: Any) -> None:
    with pytest.raises(Unsafe, match="a group or the whole file names its account") as raised:
        entry("words", "text: Words").remove({"x"})
    assert raised.value.paste == "accounts: [words, -x]"
    with pytest.raises(Unsafe) as raised:
        entry("[words, facebook]", "text: Words").remove({"x", "linkedin"})
    assert raised.value.paste == "accounts: [facebook]"


@pytest.mark.parametrize(
    ("accounts", "head", "paste"),
    [
        (
            "[{account: words, text: Group text}, facebook]",
            "",
            "accounts:\n- account: words\n  text: |\n    Group text\n- facebook\n- -x",
        ),
        ("[words, {account: x, text: Own}, facebook]", "", "accounts: [words, facebook, -x]"),
        ("[words, facebook, second, -second]", "", "accounts: [words, facebook, second, -second, -x]"),
        (
            "[{account: words, text: Both}, {account: x, text: Own}]",
            "",
            "accounts:\n- account: words\n  text: |\n    Both\n- -x",
        ),
        (
            "",
            "accounts: [x, {account: linkedin, text: Own, title: Own}, facebook]\n",
            "accounts:\n- account: linkedin\n  title: Own\n- facebook",
        ),
    ],
)
def test_the_lines_to_paste_keep_the_words_of_the_other_accounts(
    entry: Any, accounts: str, head: str, paste: str
) -> None:
    """Of a whole file, those that count: what the post says itself is nearer."""
    with pytest.raises(Unsafe) as raised:
        entry(accounts, "text: Words", head=head).remove({"x"})
    assert raised.value.paste == paste


# --- times that count from a date with a name -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "moved", "new"),
    [
        ("launch + 2 hours", at(10, 13), "launch + 3h"),
        ("launch + 2 hours", datetime(2027, 3, 10, 13, 20, tzinfo=UTC), "launch + 200m"),
        ("launch + 2h", at(10, 9), "launch - 1h"),
        ("launch - 1d 09:00", at(7, 9), "launch - 3d 09:00"),
        ("launch - 1 week 09:00", at(24, 9), "launch + 2w 09:00"),
        ("launch - 1 week 09:00", at(25, 9), "launch + 15d 09:00"),
        ("launch 09:00", at(10, 15), "launch 15:00"),
    ],
)
def test_a_time_that_counts_from_a_date_goes_on_counting(
    entry: Any, old: str, moved: datetime, new: str
) -> None:
    task = entry("x", "text: Words", settings="dates: {launch: 2027-03-10 10:00}\n", at=old)
    with pytest.raises(Unsafe, match="its time counts from a date with a name") as refused:
        task.write("at", {"x": Wanted(moved)})
    assert refused.value.paste == f"at: {moved:%a %Y-%m-%d %H:%M}"
    task.firm = False
    task.write("at", {"x": Wanted(moved)})
    assert lines_of(task).splitlines()[1] == f"- at: {new}"
    assert task.moment_of("x") == moved


def test_a_time_of_day_of_its_own_moves_on_a_day_that_counts_and_not_to_another_one(entry: Any) -> None:
    accounts, dates = "[{account: x, at: '11:00'}, linkedin]", "dates: {launch: 2027-03-10 10:00}\n"
    task = entry(accounts, "text: Words", settings=dates, at="launch - 1d 09:00")
    task.write("at", {"x": Wanted(at(9, 12))})
    assert "at: launch - 1d 09:00\n  accounts: [{account: x, at: '12:00'}, linkedin]" in lines_of(task)
    with pytest.raises(Unsafe, match="its time counts from a date with a name"):
        task.write("at", {"x": Wanted(at(8, 12))})


def test_a_sum_without_a_time_gets_one_where_it_is_no_longer_the_usual_one(entry: Any) -> None:
    settings = "dates: {launch: 2027-03-10}\ntime: '09:00'\n"
    for hour, new in ((9, "launch + 2d"), (10, "launch + 2d 10:00")):
        task = entry("x", "text: Words", settings=settings, at="launch + 1d")
        task.firm = False
        task.write("at", {"x": Wanted(at(12, hour))})
        assert lines_of(task).splitlines()[1] == f"- at: {new}"


def test_of_several_posts_of_a_file_the_one_that_is_meant_is_edited(tmp_path: Path) -> None:
    (tmp_path / "publer.yaml").write_text(SETTINGS)
    one = "- {id: one, at: 2027-03-01 09:00, accounts: x, text: One}\n"
    two = "- {id: two, at: 2027-03-02 09:00, accounts: x, text: Two}\n"
    (tmp_path / "posts.yaml").write_text(f"posts:\n{one}{one.replace('id: one', 'id: also')}{two}")
    calendar = read(tmp_path)
    placed = {each.alias: each for each in calendar.placed if each.entry.id == "two"}
    whole = placed["x"].entry.document
    excerpt = Excerpts(whole).of(2)
    assert excerpt is not None
    task = EntryEdits(calendar, whole, placed)
    alone = EntryEdits(calendar, excerpt.document, placed, number=excerpt.index)
    for edits in (task, alone):
        edits.write("text", {"x": Wanted("New")})
        assert edits.document.raw.decode().endswith(two.replace("Two", "New"))
        assert edits.document.raw.decode().count("New") == 1


def test_a_time_for_one_account_of_a_post_that_waits_is_that_accounts_alone(entry: Any) -> None:
    slots = "slots: {x: [mon 09:00], linkedin: [mon 09:00]}\n"
    all_of_it = entry("[x, linkedin]", "text: Old", at="next", settings=slots)
    all_of_it.write("at", dict.fromkeys(("x", "linkedin"), Wanted(at(9, 10))))
    assert all_of_it.document.raw.decode().startswith("posts:\n- at: Tue 2027-03-09 10:00\n")
    one = entry("[x, linkedin]", "text: Old", at="next", settings=slots)
    one.write("at", {"x": Wanted(at(9, 10))})
    text = one.document.raw.decode()
    assert text.startswith("posts:\n- at: next\n")
    assert "2027-03-09 10:00" in text


@pytest.mark.parametrize(
    ("accounts", "old", "new"),
    [
        ("[{account: x, at: '11:00'}]", "next", "Tue 2027-03-09 10:00\n  accounts: [{account: x, at: '10:00'}]"),
        ("[{account: x, at: 2027-03-01 10:00}]", "null", "null\n  accounts: [{account: x, at: 2027-03-09 10:00}]"),
        ("[{account: x, at: '11:00'}]", "2027-03-01 09:00", "2027-03-01 09:00\n  accounts: [{account: x, at: '2027-03-09 10:00'}]"),
    ],
)  # fmt: skip
def test_a_post_whose_accounts_have_times_of_their_own_is_moved_where_its_day_is(
    entry: Any, accounts: str, old: str, new: str
) -> None:
    task = entry(accounts, "text: Old", at=old, settings="slots: {x: [mon 09:00]}\n")
    task.write("at", {"x": Wanted(at(9, 10))})
    assert task.document.raw.decode() == f"posts:\n- at: {new}\n  text: Old\n"


def test_a_post_that_waits_moves_with_the_account_that_goes_by_its_time(entry: Any) -> None:
    slots, own = "slots: {x: [mon 09:00], linkedin: [mon 09:00]}\n", "{account: linkedin, at: '11:00'}"
    task = entry(f"[x, {own}]", "text: Old", at="next", settings=slots)
    task.write("at", {"linkedin": Wanted(at(9, 12)), "x": Wanted(at(9, 10))})
    assert task.document.raw.decode().startswith(
        f"posts:\n- at: Tue 2027-03-09 10:00\n  accounts: [x, {own.replace('11:00', '12:00')}]\n"
    )
    accounts = "[{account: x, at: '11:00'}, {account: linkedin, at: 2027-03-05 10:00}]"
    task = entry(accounts, "text: Old", at="next", settings=slots)
    task.write("at", {"x": Wanted(at(9, 10))})
    assert task.document.raw.decode().startswith("posts:\n- at: next\n")


def test_what_an_account_says_without_the_post_is_what_stands_outside_of_it(entry: Any) -> None:
    own = entry(
        "", "accounts:", "- {account: x, title: Its own}", "text: Old", settings="defaults: {title: Usual}\n"
    )
    assert own.outer_value("x", "title") == "Usual"
    outside = entry("", "text: Old", head="accounts: [{account: x, title: Of the file}]\n")
    assert outside.outer_value("x", "title") == "Of the file"


@pytest.mark.parametrize(
    ("accounts", "networks", "without", "left"),
    [
        ("[facebook, x]", "{facebook: {title: T}}", "facebook", "[facebook, x]"),
        ("[facebook, x]", "{facebook: {title: T, text: Own}}", "facebook", "[facebook, x] {facebook: {text: Own}}"),
        ("[facebook, x]", "{facebook: {title: T}, x: {text: Own}}", "facebook", "[facebook, x] {x: {text: Own}}"),
        ("[facebook, second]", "{facebook: {title: T}}", "facebook second", "[facebook, second]"),
        ("[{account: x, title: T}, linkedin]", "", "x", "[x, linkedin]"),
        ("[{account: x, title: T, text: Own}, linkedin]", "", "x", "[{account: x, text: Own}, linkedin]"),
        ("[{account: x, text: Own}, {account: linkedin, title: T}]", "", "x", "[{account: x, text: Own}, {account: linkedin, title: T}]"),
        ("[{account: words, title: T}]", "", "x linkedin", "[words]"),
        ("[{account: x, title: T}, linkedin]", "{x: {text: Own}}", "x", "[x, linkedin] {x: {text: Own}}"),
    ],
)  # fmt: skip
def test_what_some_accounts_no_longer_say_is_taken_away_where_it_is_theirs_alone(
    entry: Any, accounts: str, networks: str, without: str, left: str
) -> None:
    """With what is empty then."""
    task = entry(accounts, "text: Old", *([f"networks: {networks}"] if networks else []))
    task.unset("title", {*without.split()})
    accounts, _, networks = left.partition("] ")
    assert lines_of(task) == (
        f"  accounts: {accounts}{']' if networks else ''}\n  text: Old\n"
        + (f"  networks: {networks}\n" if networks else "")
    )


def test_an_account_that_is_called_as_a_key_begins_says_nothing_by_that(entry: Any) -> None:
    task = entry("[{account: x, link: https://a.example}, linkedin]", "text: Old")
    task.unset("link", {"x"})
    assert lines_of(task) == "  accounts: [x, linkedin]\n  text: Old\n"


@pytest.mark.parametrize(
    ("accounts", "networks", "without", "reason"),
    [
        ("[{account: words, title: T}]", "", "x", "that of a group of accounts"),
        ("[facebook, second]", "{facebook: {title: T}}", "facebook", "that of all its accounts on this network"),
    ],
)  # fmt: skip
def test_what_others_say_too_is_not_taken_away_for_one(
    entry: Any, accounts: str, networks: str, without: str, reason: str
) -> None:
    task = entry(accounts, "text: Old", *([f"networks: {networks}"] if networks else []))
    with pytest.raises(Unsafe, match=f"its `title` there is {reason}"):
        task.unset("title", {without})


def test_what_a_network_no_longer_says_is_taken_away_though_the_whole_file_names_its_accounts(
    entry: Any,
) -> None:
    task = entry("", "networks: {x: {title: T}}", "text: Old", head="accounts: [x]\n")
    task.unset("title", {"x"})
    assert "networks" not in task.document.raw.decode()


def test_of_two_posts_of_a_file_one_leaves_and_of_a_page_the_file(tmp_path: Path) -> None:
    (tmp_path / "publer.yaml").write_text(SETTINGS)
    one, two = (
        "- {at: 2027-03-01 09:00, accounts: x, text: One}\n",
        "- {at: 2027-03-02 09:00, accounts: x, text: Two}\n",
    )
    (tmp_path / "posts.yaml").write_text(f"posts:\n{one}{two}")
    (tmp_path / "page.md").write_text("---\nat: 2027-03-03 09:00\naccounts: x\n---\n\nThree\n")
    calendar = read(tmp_path)
    by_text = {each.parsed.content.text: each for each in calendar.placed}
    first, page = (
        EntryEdits(calendar, by_text[text].entry.document, {"x": by_text[text]}) for text in ("One", "Three")
    )
    first.remove({"x"})
    assert first.document.raw.decode() == f"posts:\n{two}"
    with pytest.raises(Unsafe, match="it is the whole file") as refused:
        page.remove({"x"})
    assert refused.value.paste == f"git rm {tmp_path / 'page.md'}"
    page.write("text", {"x": Wanted("New")})
    assert page.document.raw.decode() == "---\nat: 2027-03-03 09:00\naccounts: x\n---\n\nNew\n"
