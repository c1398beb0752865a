"""The codes of the problems that have a fix which `validate --fix` applies.

docs/rules.md has the reason why each cannot be wrong. What has no such reason is shown as advice.
"""

from __future__ import annotations

from typing import Final

CODES: Final = frozenset(
    {
        "yaml.hash",
        "yaml.colon",
        "yaml.start",
        "yaml.anchor",
        "yaml.comma",
        "yaml.bracket",
        "yaml.indent",
        "yaml.dash",
        "yaml.space",
        "yaml.tab",
        "yaml.character",
        "yaml.escape",
        "yaml.form",
        "key.missing",
        "key.unknown",
        "key.type",
        "key.value",
        "time.form",
        "time.zone",
        "account.unknown",
        "account.network",
        "media.missing",
        "markdown.front",
    }
)
"""As they are met: YAML, keys, times, accounts, media, Markdown."""
