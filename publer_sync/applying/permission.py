"""May a post in Publer be changed or removed now? Judged once more before each write, by the latest page that showed it.

Between the plan and the write someone may have edited, moved, published or removed it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.applying.report import Cause, Kept, Outcome
from publer_sync.ledger.rewriting import same_words
from publer_sync.values.model import Family, LivePost, same_text

if TYPE_CHECKING:
    from publer_sync.applying.run import Run

OUT = Cause("it was published meanwhile")
EDITED = Cause("someone edited it in Publer meanwhile", hint="Run plan to see the edit.")
MOVED_AWAY = Cause("someone removed it in Publer meanwhile")
HIDDEN = Cause("Publer no longer lists it, and its list is incomplete")


def may_change(run: Run, planned: LivePost, *, frozen: bool = True) -> Kept | None:
    """Why a post may not be changed or removed any more; None where it may. `planned` is what the plan saw.

    `frozen` is whether the freeze protects it.
    """
    now = run.page.posts.get(planned.id)
    if now is None:
        if run.page.short:
            return Kept(HIDDEN, Outcome.UNVERIFIED)
        return Kept(OUT, out=True) if published_anew(run, planned) else Kept(MOVED_AWAY)
    if now.family is Family.PUBLISHED:
        return Kept(OUT, out=True)
    if run.order.protects_edits and _edited(planned, now):
        return Kept(EDITED)
    if frozen and (why := run.freeze_of(now)) is not None:
        return Kept(why)
    return None


def published_anew(run: Run, planned: LivePost) -> list[LivePost]:
    """What the listing shows as published with its words, under an id that was not there when the plan was made."""
    return [
        post
        for post in run.page.posts.values()
        if post.family is Family.PUBLISHED
        and post.id not in run.page.before
        and post.account_id == planned.account_id
        and same_words(planned.text, post.text)
    ]


def _edited(planned: LivePost, now: LivePost) -> bool:
    """Whether it is not as the plan saw it. Edits that the plan saw are already decided on."""
    if (planned.at, planned.account_id, planned.family) != (now.at, now.account_id, now.family):
        return True
    pairs = ((planned.title, now.title), (planned.link, now.link), (planned.media, now.media))
    return not same_text(planned.text, now.text) or any(
        None not in pair and pair[0] != pair[1] for pair in pairs
    )
