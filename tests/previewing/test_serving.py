"""`preview --serve`: the page beside the editor."""

from __future__ import annotations

import http.client
import re
import signal
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.conftest import PATIENCE, started
from tests.system.worlds import png

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser import Pages

POST = "accounts: x\nposts:\n- at: 2027-03-02 09:00\n  text: |\n    {}\n"


class Served(NamedTuple):
    process: subprocess.Popen[str]
    address: str

    @property
    def port(self) -> int:
        return int(self.address.rsplit(":", 1)[1].strip("/"))


@contextmanager
def serve(top: Path) -> Iterator[Served]:
    with started("preview", top, "--serve", "--port", "0") as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/", line)
        assert found, line
        yield Served(process, found[0])


@pytest.fixture
def top(tmp_path: Path) -> Path:
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text("timezone: UTC\naccounts:\n  x: My X\n")
    (top / "march.yaml").write_text(POST.format("The first words"))
    return top


@pytest.mark.slow
def test_ctrl_c_ends_it_without_a_word(top: Path) -> None:
    with serve(top) as served:
        served.process.send_signal(signal.SIGINT)
        assert served.process.wait(PATIENCE) == 0
        assert served.process.stderr
        assert served.process.stderr.read() == ""


def test_it_follows_shared_settings_and_media(top: Path, pages: Pages) -> None:
    shared, agency = top.parent / "shared-media", top.parent / "agency.yaml"
    shared.mkdir()
    agency.write_text("append: {x: One}\n")
    (top / "publer.yaml").write_text(
        "extends: ../agency.yaml\nmedia: [../shared-media]\ntimezone: UTC\naccounts: {x: My X}\n"
    )
    with serve(top) as served:
        card = pages.open(served.address, "view=list").page.locator("#list .card")
        card.filter(has_text="One").wait_for()
        for words in ("Two", "Three"):  # saved as editors do it, again and again
            (top.parent / "new").write_text(f"append: {{x: {words}}}\n")
            (top.parent / "new").replace(agency)
            card.filter(has_text=words).wait_for()
        (top / "march.yaml").write_text(f"{POST.format('Words')}  media: [{{file: ../shared-media/a.png}}]\n")
        card.locator(".problems .error").wait_for()
        (shared / "a.png").write_bytes(png(1))
        card.locator(".tile img").wait_for()


def test_it_follows_the_files_keeps_the_view_and_ends_cleanly(top: Path, pages: Pages) -> None:
    with serve(top) as served:
        opened = pages.open(served.address, "view=week&date=2027-03-02")
        entry = opened.page.locator("#grid .entry")
        entry.filter(has_text="The first words").wait_for()
        (top / "march.yaml").write_text(POST.format("Other words"))
        entry.filter(has_text="Other words").wait_for()
        assert opened.page.locator("body").get_attribute("data-shown") == "week"
        (top / "march.yaml").write_text(POST.format("Other words") + "- at: [\n")
        opened.page.locator(".problems .error").first.wait_for(state="attached")
        (top / "publer.yaml").write_text("accounts: [\n")
        opened.page.locator(".about .problems .error").first.wait_for()
        (top / "publer.yaml").write_text("timezone: UTC\naccounts:\n  x: My X\n")
        (top / "march.yaml").write_text(POST.format("Whole again"))
        entry.filter(has_text="Whole again").wait_for()
        assert {url.split("?")[0] for url in opened.requests} == {served.address, f"{served.address}changes"}
        assert [line for line in opened.complaints if "ERR_" not in line] == []
        served.process.send_signal(signal.SIGINT)
        assert served.process.wait(PATIENCE) == 0


@pytest.mark.parametrize(
    ("host", "path", "status"),
    [
        ("127.0.0.1:{}", "/", 200),
        ("localhost:{}", "/", 200),
        ("evil.example:{}", "/", 403),
        ("evil.example", "/changes?since=1", 403),
        ("127.0.0.1", "/", 403),
        ("127.0.0.1:{}", "/publer.yaml", 404),
    ],
)
def test_it_answers_this_machine_alone(served: Served, host: str, path: str, status: int) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", served.port)) as connection:
        connection.request("GET", path, headers={"Host": host.format(served.port)})
        answer = connection.getresponse()
        assert answer.status == status
        assert (b"The first words" in answer.read()) == (status == 200)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    top = tmp_path_factory.mktemp("calendar")
    (top / "publer.yaml").write_text("timezone: UTC\naccounts:\n  x: My X\n")
    (top / "march.yaml").write_text(POST.format("The first words"))
    with serve(top) as served:
        yield served
