"""Compares apply's plan with the reviewed one: a plan's comment carries a digest of each change.

Whoever may write to the repository may edit the comment. With PUBLER_SYNC_STATE_KEY the digests are signed, with the
commit that they are of: an older comment of the same pull request that somebody puts back is of another one.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from dataclasses import field
from typing import TYPE_CHECKING, Any

from publer_sync.action.github import GitHubError
from publer_sync.render import data
from publer_sync.render.layout.dates import Dates
from publer_sync.render.layout.escaping import escaped_line
from publer_sync.render.layout.wording import count
from publer_sync.render.post.entries import plan_entries
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.content import digest_of
from publer_sync.values.errors import StalePlanError

if TYPE_CHECKING:
    from publer_sync.planning.allow import Allow
    from publer_sync.planning.plan import Change, Plan

MOST = 2000
"""Changes that get a digest each; if there are more, they share one."""
_LISTED = 20
"""Posts that are named."""
_WHICH, _WHAT = 4, 8
"""Bytes of a digest: of which post, only to count, and of what happens to it, long enough not to be forged."""
_LINE = re.compile(
    r"<!-- publer-sync [^\n]* -->\r?\n"
    r"<!-- publer-sync reviewed: ([A-Za-z0-9+/=]*)(?: of: ([0-9a-f]*))?(?: run: ([\w.-]*))?(?: hmac-sha256:([0-9a-f]{64}))? -->\r?\n"
)
"""With the comment's mark before it: further down are the words of posts."""


@dataclass(frozen=True, slots=True)
class Seal:
    """Signs the digests for one calendar of one pull request at one commit, so that no comment is good for another.

    `head` is the newest commit of the pull request, or the one that was merged; `run` is the run that writes, which keeps its
    id when it is run again. The first key signs, all of them verify. Without any, nothing is signed, and every comment is believed.
    """

    repository: str
    number: int
    folder: str
    head: str
    run: str = ""
    keys: tuple[str, ...] = field(default=(), repr=False)

    def of(self, carried: str, *, refusable: bool) -> str:
        """What follows the digests in the line: the run in any case where a plan may be one that was refused."""
        if not self.keys:
            return f" run: {self.run}" if refusable else ""
        signature = self._signature(self.keys[0], carried, self.head, self.run)
        return f" of: {self.head} run: {self.run} hmac-sha256:{signature}"

    def fits(self, carried: str, head: str | None, run: str | None, signature: str | None) -> bool:
        if not self.keys:
            return True
        given = (signature or "").encode()
        signatures = (self._signature(key, carried, head or "", run or "") for key in self.keys)
        return head == self.head and any(hmac.compare_digest(one.encode(), given) for one in signatures)

    def _signature(self, key: str, carried: str, head: str, run: str) -> str:
        # A state is signed with the same key for another purpose: neither signature is good for the other.
        what = ("publer-sync review", self.repository, str(self.number), head, run, carried, self.folder)
        return hmac.new(
            key.encode(errors="surrogateescape"), "\n".join(what).encode(errors="surrogateescape"), "sha256"
        ).hexdigest()


def line(plan: Plan, seal: Seal, *, refusable: bool = False) -> str:
    """A hidden line of a comment; `refusable`: of apply's own plan, which counts only once its run is run again."""
    carried = base64.b64encode(b"".join(sorted(_digests(plan)))).decode()
    return f"<!-- publer-sync reviewed: {carried}{seal.of(carried, refusable=refusable)} -->"


def read(body: str, seal: Seal, *, again: bool = False) -> frozenset[bytes] | None:
    """The digests that a comment carries; None if it carries none, or not as they were signed for this commit.

    `again`: only those that the same run wrote, so that no other run takes for read what was refused.
    """
    found = _LINE.match(body)
    if found is None or not seal.fits(*found.groups()) or (again and found[3] != seal.run):
        return None
    try:
        carried = base64.b64decode(found[1])
    except binascii.Error:
        return None
    size = _WHICH + _WHAT
    return frozenset(carried[at : at + size] for at in range(0, len(carried), size))


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a plan differs from what was reviewed. `gone` are reviewed changes of posts that nothing happens to now."""

    plan: Plan
    changed: tuple[Change, ...]
    gone: int
    reviewed: bool
    """Whether there was a plan to review."""
    lost: str = ""
    """Why GitHub did not tell all that was reviewed."""
    signed: bool = False
    """Whether only a signed plan counts."""

    def text(self, allow: Allow) -> str:
        """For the page of the apply; "" if nothing changed since the review."""
        if not self.changed and not self.gone:
            return ""
        if self.lost:
            return (
                "⚠️ **Not compared with the review**: GitHub could not be asked what was reviewed "
                f"({escaped_line(self.lost)})."
            )
        if not self.reviewed and self.signed:
            return (
                "⚠️ **Not reviewed**: there was no plan to review that is signed with PUBLER_SYNC_STATE_KEY for the commit that "
                "was merged, so nothing could be compared. It was made without the key or for another commit, or someone edited "
                "the comment."
            )
        if not self.reviewed:
            return "⚠️ **Not reviewed**: there was no plan to review, so nothing could be compared."
        dates = Dates.around(self.plan.timezone, self.plan.created_at)
        lines = ["⚠️ **Changed since the review**:\n"]
        entries = plan_entries(self.changed, self.plan, dates, allow=allow, whole=False)
        for entry in entries[:_LISTED]:
            head = f"**{dates.both(entry.at)} · {escaped_line(entry.accounts)}** · {entry.mark.word}"
            lines.append(f"- {head}: {escaped_line(entry.title(60, words_first=True))}")
        if len(entries) > _LISTED:
            lines.append(f"- … and {count(len(entries) - _LISTED, 'more post', 'more posts')}.")
        if self.gone:
            what = f"{count(self.gone, 'reviewed change')} {'is' if self.gone == 1 else 'are'}"
            lines.append(f"- {what} no longer needed or possible.")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Review:
    """The digests of every plan that was reviewed, None if there was none; `hint` says what to do if it is `strict`.

    `lost` says why GitHub did not tell all of them; `signed`: only a signed plan counts.
    """

    digests: frozenset[bytes] | None
    strict: bool
    hint: str
    lost: str = ""
    signed: bool = False

    def compare(self, plan: Plan) -> Comparison:
        now, seen = _digests(plan), self.digests or frozenset()
        changed = [change for digest, changes in now.items() if digest not in seen for change in changes]
        gone = {digest[:_WHICH] for digest in seen} - {digest[:_WHICH] for digest in now}
        return Comparison(plan, tuple(changed), len(gone), self.digests is not None, self.lost, self.signed)

    def check(self, plan: Plan, allow: Allow) -> None:
        """Raise StalePlanError if apply would send what nobody reviewed, GitHubError if nobody knows."""
        if self.strict and any(allow.passes(change) for change in self.compare(plan).changed):
            if self.lost:
                raise GitHubError(
                    f"GitHub could not be asked what was reviewed: {self.lost}",
                    hint="Nothing was done, because the workflow says reviewed: strict. Run this again.",
                )
            raise StalePlanError("this is not the plan that was reviewed", code="reviewed", hint=self.hint)


def _digests(plan: Plan) -> dict[bytes, list[Change]]:
    told: list[Any] = data.changes(plan)
    if len(told) > MOST:
        return {_digest("all", [_essence(each) for each in told]): list(plan.listed)}
    found: dict[bytes, list[Change]] = {}
    for change, each in zip(plan.listed, told, strict=True):
        post = [change.account.id, change.id or each["scheduled_at"]]
        found.setdefault(_digest(post, _essence(each)), []).append(change)
    return found


def _essence(change: dict[str, Any]) -> dict[str, Any]:
    """What happens to a post, wherever it is in the files and whatever its account is called."""
    return {
        **{key: value for key, value in change.items() if key not in ("source", "reason")},
        "account": change["account"]["id"],
    }


def _digest(which: Any, what: Any) -> bytes:
    return b"".join(bytes.fromhex(digest_of(part))[:size] for part, size in ((which, _WHICH), (what, _WHAT)))
