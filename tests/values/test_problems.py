"""Problems of a calendar: where they are, which are errors, and which are new."""

from __future__ import annotations

from publer_sync.values.problems import Location, Problem, added_problems, errors_in, path_in
from tests.tables import each_of

ERROR = Problem("error", "text.length", "too long", Location("a.yaml", 3))
WARNING = Problem("warning", "text.again", "the same text", Location("a.yaml", 3))
NOWHERE = Problem("error", "accounts.none", "no accounts")


@each_of(
    ("folder", "file", "path"),
    [
        ("", "a.yaml", "a.yaml"),
        ("clients/acme", "a.yaml", "clients/acme/a.yaml"),
        ("clients/acme", "../shared/b.yaml", "clients/shared/b.yaml"),
        ("acme", "x/../b.yaml", "acme/x/../b.yaml"),
    ],
)
def test_a_file_is_named_from_the_folder_of_the_command(folder: str, file: str, path: str) -> None:
    assert path_in(folder, file) == path


def test_warnings_are_no_errors() -> None:
    assert errors_in([ERROR, WARNING, NOWHERE]) == [ERROR, NOWHERE]


def test_what_was_there_before_on_another_line_is_not_new_and_what_came_a_second_time_is() -> None:
    moved = Problem("error", "text.length", "too long", Location("a.yaml", 9))
    elsewhere = Problem("error", "text.length", "too long", Location("b.yaml", 3))
    assert added_problems([ERROR, NOWHERE], [moved, NOWHERE, WARNING]) == [WARNING]
    assert added_problems([ERROR], [moved, moved, elsewhere]) == [moved, elsewhere]
    assert added_problems([ERROR], [elsewhere]) == [elsewhere]
