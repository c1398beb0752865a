"""A calendar into which somebody imports CSV files, and the first rows of the tools' files."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.conftest import run_here
from tests.schemas import conforms

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Ran

YEAR = datetime.now(UTC).year + 1
SETTINGS = """\
workspace: Fjordlight
timezone: Europe/Berlin
accounts:
  facebook: Fjordlight
  x: Fjordlight
  linkedin: Fjordlight AS
  google: Fjordlight Store
  insta_de: instagram/Fjordlight Deutschland
  insta_no: instagram/Fjordlight Norge
  youtube: Fjordlight
groups: {words: [facebook, linkedin]}
"""
PUBLER = "Date,Text,Link(s),Media URL(s),Title,Label(s),Alt text(s),Comment(s),Board/Album,Post subtype,CTA,Reminder"
METRICOOL = (
    "Text,Date,Time,Draft,Facebook,Twitter/X,LinkedIn,GBP,Instagram,Pinterest,TikTok,Youtube,Threads,Bluesky,"
    "Picture Url 1,Picture Url 2,Alt text picture 1,Alt text picture 2,Shortener,Instagram Post Type,"
    "Youtube Video Title,Youtube Video Type,First Comment Text,Brand name"
)
GOOD = f"{PUBLER}\nYEAR-03-02 09:00,Hello,,,,,,,,,,\n"


class ImportDesk:
    """A folder with a calendar in it, where somebody imports."""

    def __init__(self, home: Path) -> None:
        self.home, self.top = home, home / "calendar"
        self.top.mkdir()
        (self.top / "publer.yaml").write_text(SETTINGS, encoding="utf-8")

    def run(self, *args: str) -> Ran:
        return run_here(args, {"HOME": str(self.home)}, cwd=self.home)

    def importing(self, content: str | bytes, *flags: str, code: int = 0, name: str = "march.csv") -> Any:
        """An import that writes if it may; the document it prints."""
        raw = content if isinstance(content, bytes) else content.replace("YEAR", str(YEAR)).encode()
        (self.home / name).write_bytes(raw)
        ran = self.run("import", name, "--format", "json", *(flags or ("--account", "facebook")), "--yes")
        assert ran.code == code, ran
        document = json.loads(ran.stdout)
        if "error" not in document:
            conforms(document, "import")
        return document

    def file(self, name: str = "imported-march.yaml") -> str | None:
        path = self.top / name
        return path.read_text("utf-8").replace(str(YEAR), "YEAR") if path.exists() else None


def reasons(document: Any) -> list[tuple[int, str]]:
    return [(row["row"], each["message"]) for row in document["rows"] for each in row["reasons"]]
