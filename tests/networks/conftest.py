from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publer_sync.networks.media import MediaInfo, inspect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def look(tmp_path: Path) -> Callable[[str, bytes], MediaInfo]:
    """Each file in a folder of its own: what was read of another one of its name is not taken for it."""

    def look(name: str, data: bytes) -> MediaInfo:
        folder = tmp_path / str(sum(1 for _ in tmp_path.iterdir()))
        folder.mkdir()
        (folder / name).write_bytes(data)
        return inspect(folder / name)

    return look
