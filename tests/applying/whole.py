"""A whole apply in memory: a Publer that does what it is asked, or what a scene says it does instead."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from publer_sync.applying.applier import apply_plan
from publer_sync.applying.run import ListedPage, Means, Order, Run
from publer_sync.ledger.contact import Contact, Kind
from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.machine.clock import Clock, Deadline
from publer_sync.planning.allow import Allow
from publer_sync.values.model import Failure, Job, JobStatus, Listing, LivePost
from tests.applying.runs import FREEZE, FakePubler
from tests.builders import LINKEDIN, NOW, X, planned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from publer_sync.applying.report import ApplyReport
    from publer_sync.ledger.hold import Hold
    from publer_sync.ledger.runs import RunRecord
    from publer_sync.ledger.state import State
    from publer_sync.planning.plan import Change
    from publer_sync.publer.gateway import Publer
    from publer_sync.values.model import Post

SEEN = Contact(verified=tuple(sorted(map(str, Kind))))
"""A ledger that has seen every kind of write."""
POLL_SECONDS = 1.0


class Ticking(Clock):
    """At NOW, and as much later as was slept."""

    slept = 0.0

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.slept)

    def monotonic(self) -> float:
        return self.slept

    def sleep(self, seconds: float) -> None:
        self.slept += seconds


class Whole(FakePubler):
    """`makes` is what becomes of each new post: that, another post, or what Publer's job says of it. `puts` the same of an edit.

    `errors` are raised in turn by the writes of a method; None lets one pass. `after` errors are raised once it is done.
    """

    before_write: Any = None
    begun = 0
    """Writes, also of earlier applies: no id is given twice."""

    def __init__(
        self,
        *live: LivePost,
        makes: Callable[[LivePost], LivePost | Failure | None] = lambda post: post,
        puts: Callable[[LivePost, LivePost], LivePost | None] = lambda _, new: new,
        errors: Mapping[str, Sequence[Exception | None]] | None = None,
        after: Mapping[str, Sequence[Exception | None]] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(*live, **more)
        self.clock = Ticking()
        self.makes, self.puts = makes, puts
        self.errors = {name: [*each] for name, each in (errors or {}).items()}
        self.after = {name: [*each] for name, each in (after or {}).items()}
        self.jobs: dict[str, Job] = {}
        self.wrote: list[str] = []
        """Each write, by its method and what it is about."""

    def _begin(self, name: str, what: str) -> None:
        if self.before_write is not None:
            self.before_write()
        self.begun += 1
        self.wrote.append(f"{name} {what}")
        self._raise(self.errors, name)

    @staticmethod
    def _raise(errors: dict[str, list[Exception | None]], name: str) -> None:
        if (left := errors.get(name)) and (error := left.pop(0)) is not None:
            raise error

    def schedule(self, items: Sequence[Mapping[str, Any]], *, draft: bool) -> str:
        names = [next(iter(item["networks"].values()))["text"] for item in items]
        self._begin("draft" if draft else "new", ", ".join(names))
        failures = []
        for item, text in zip(items, names, strict=True):
            [account] = item["accounts"]
            at = datetime.fromisoformat(account["scheduled_at"])
            state = "draft" if draft else "scheduled"
            made = self.makes(LivePost(f"n-{self.begun}-{text}", account["id"], state, at, text))
            if isinstance(made, LivePost):
                self.live[made.id] = made
            elif made is not None:
                failures.append(made)
        job = f"j-{len(self.jobs)}"
        self.jobs[job] = Job(JobStatus.COMPLETE, tuple(failures))
        self._raise(self.after, "draft" if draft else "new")
        return job

    def job(self, job_id: str, **_: Any) -> Job:
        return self.jobs.get(job_id, Job(JobStatus.COMPLETE))

    def update(self, post_id: str, *, text: str, title: str | None) -> LivePost:
        self._begin("edit", post_id)
        before = self.live[post_id]
        new = replace(before, text=text, title=before.title if title is None else title)
        shown = self.puts(before, new)
        del self.live[post_id]
        if shown is not None:
            self.live[shown.id] = shown
        self._raise(self.after, "edit")
        return new

    def delete(self, ids: Sequence[str]) -> frozenset[str]:
        self._begin("remove", " ".join(ids))
        gone = super().delete(ids)
        self._raise(self.after, "remove")
        return gone

    def deadline(self, seconds: float) -> Deadline:
        return Deadline.after(seconds, self.clock, excused=float)


def _words(change: Change) -> str:
    """Those of the calendar; of what left it, those in Publer."""
    if change.post is not None:
        return change.post.text
    assert change.live is not None
    return f"-{change.live.text}"


class Applied(NamedTuple):
    report: ApplyReport
    run: Run
    publer: Whole

    @property
    def outcomes(self) -> dict[str, str]:
        """By the words of each change."""
        return {_words(each.change): str(each.outcome) for each in self.report.results}

    @property
    def there(self) -> list[tuple[str, str]]:
        """What Publer has, by its words, each with its state."""
        return sorted((post.text, post.state) for post in self.publer.live.values())

    def why(self, text: str) -> str:
        [message] = [
            each.why.message
            for each in self.report.results
            if each.change.post and each.change.post.text == text
        ]
        return message


def applied(
    desired: Iterable[Post],
    publer: Whole,
    state: State,
    *,
    allow: Allow | None = None,
    contact: Contact = SEEN,
    known: Mapping[str, State] | None = None,
    back_up: Callable[[Listing], str] | None = None,
    meanwhile: Callable[[Whole], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
    save: Callable[..., None] = lambda _, within=0: None,
    theirs: Iterable[str] = (),
    progress: Callable[[str, str], None] = lambda _word, _text: None,
    files: str | None = None,
    unanswered: Mapping[str, str] | None = None,
    record: RunRecord | None = None,
    begun: Iterable[Hold] = (),
    order: Mapping[str, Any] | None = None,
    **more: Any,
) -> Applied:
    """Plan and apply at NOW. `meanwhile` is what happens in Publer between the two."""
    desired = [*desired]
    state.contact = contact
    plan = planned(desired, publer.live.values(), state, **more)
    page = ListedPage(dict(publer.live), NOW)
    meanwhile(publer)
    means = Means(
        cast("Publer", publer),
        save,
        publer.clock,
        poll_seconds=POLL_SECONDS,
        timeout=60.0,
        progress=progress,
        stop=stop,
        parts=lambda: Elsewhere.of(known or {}).parts,
        back_up=back_up,
        theirs=frozenset(theirs),
        accounts=(X.id, LINKEDIN.id),
    )
    run = Run(
        means,
        Order(
            plan,
            freeze=FREEZE,
            allow=allow or Allow(),
            files=files,
            unanswered=unanswered or {},
            record=record,
            begun=tuple(begun),
            **(order or {}),
        ),
        state,
        page,
    )
    return Applied(apply_plan(run), run, publer)
