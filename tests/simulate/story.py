"""A history as people read it: numbered sentences, and what must not have happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.simulate.history import Ended, History


def story(history: History, ended: Ended) -> str:
    lines = [f"{number}. {sentence}" for number, sentence in enumerate(ended.sentences, 1)]
    if ended.finding is None:
        return "\n".join([f"Seed {history.seed} ends well.", *lines])
    return "\n".join(
        [f"Seed {history.seed}: {ended.finding.code}", *lines, f"Then: {ended.finding.sentence}."]
    )
