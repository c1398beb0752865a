"""Texts as they are written with the letters from a to z."""

from __future__ import annotations

from publer_sync.values.latin import in_latin
from tests.tables import each_of


@each_of(
    ("text", "latin"),
    [
        ("Größe", "Grosse"),
        ("blåbær på Ærø", "blabaer pa Aero"),
        ("Łódź", "Lodz"),
        ("Ísafjörður", "Isafjordur"),
        ("café", "cafe"),
        ("plain-2.a", "plain-2.a"),
        ("灯", "灯"),
    ],
)
def test_marks_go_and_other_scripts_stay(text: str, latin: str) -> None:
    assert in_latin(text) == latin
