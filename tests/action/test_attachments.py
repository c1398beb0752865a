"""Which pictures of a request are taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publer_sync.action.attachments import fetched
from publer_sync.drafting.form import FormError
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.action.github import GitHub
    from tests.github.hub import Hub

PICTURE = (ROOT / "examples/calendar/media/table.png").read_bytes()


def test_a_picture_that_was_uploaded_is_taken_and_an_address_elsewhere_is_not(
    github: GitHub, hub: Hub, tmp_path: Path
) -> None:
    [file] = fetched(github, 5, [hub.upload(PICTURE)], hub.url, tmp_path)
    assert (file.name, file.read_bytes() == PICTURE) == ("picture-1.png", True)
    with pytest.raises(FormError, match="is on another website"):
        fetched(github, 5, ["https://example.com/a.jpg"], hub.url, tmp_path)
