"""The workspace and the accounts that a sandbox starts with."""

from __future__ import annotations

from publer_sync.starting.late_dataclasses import dataclass

NETWORK_NAMES = {
    "facebook": "My Facebook Page",
    "instagram": "My Instagram",
    "twitter": "My X Account",
    "linkedin": "Company LinkedIn Page",
    "tiktok": "My TikTok",
    "youtube": "My YouTube Channel",
    "pinterest": "My Pinterest",
    "google": "My Google Business Profile",
    "wordpress": "My WordPress Blog",
    "telegram": "My Telegram Channel",
    "mastodon": "My Mastodon",
    "threads": "My Threads",
    "bluesky": "My Bluesky",
}


@dataclass(frozen=True, slots=True)
class SeedAccount:
    id: str
    provider: str
    name: str


ONE_OF_EACH = tuple(
    SeedAccount(f"acc{number:021x}", provider, name)
    for number, (provider, name) in enumerate(NETWORK_NAMES.items(), 1)
)


@dataclass(frozen=True, slots=True)
class Seed:
    """Where no accounts are named, one of each network."""

    workspace_id: str = "5fa000000000000000000000"
    workspace_name: str = "My Primary Workspace"
    accounts: tuple[SeedAccount, ...] = ONE_OF_EACH
