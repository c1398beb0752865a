"""A service that answers as a trace shows: the switches of `faults` that follow from its lines.

A trace has the shapes of requests and answers, and nothing of what they say (docs/trace.md). What it does not tell stays as
it is on a good day.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import field
from typing import TYPE_CHECKING, Any

from publer_sync.sandbox.faults import Faults
from publer_sync.sandbox.tables import COMPOSER_TEXT, GAP_TEXT, TYPE_TEXT, WORDS_TEXT, not_modelled
from publer_sync.sandbox.tempers import TEMPERS
from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from publer_sync.sandbox.records import Record

LARGEST = 64 << 20
"""Bytes of a trace."""
LARGEST_PAGE = 1000
MOST_DELAY = 30.0
"""Poll waits: nothing that is played takes longer."""
POLL = 2.0
"""Seconds of a first poll wait where nobody said otherwise."""
VERSION = 1
FINISHED = frozenset({"complete", "completed", "success", "succeeded"})
SAME_WORDS = "duplicative or substantially similar"
SENTENCES = {
    SAME_WORDS: WORDS_TEXT,
    "one minute gap": GAP_TEXT,
    "composer is in a bad state": COMPOSER_TEXT,
    "post type is not valid": TYPE_TEXT,
}
"""Sentences by the names that a trace has for them."""
TEXTS = {
    "unescaped": "texts-entities",
    "spaces_joined": "texts-squeezed",
    "without_markup": "texts-html",
}
"""Tempers by the form in which what was sent and what is listed are equal, the mildest first."""


class TraceFileError(Exception):
    """The text says what is wrong with the file, and where."""


@dataclass(slots=True)
class Likeness:
    """`says` completes "Publer …", once for each thing that was taken from the trace."""

    faults: Faults = field(default_factory=Faults)
    says: list[str] = field(default_factory=list)
    refuses: str | None = None
    """What each account's posts fail with."""

    def take(self, says: str, **switches: Any) -> None:
        for switch, value in switches.items():
            setattr(self.faults, switch, value)
        self.says.append(says)

    def temper(self, name: str) -> None:
        self.take(TEMPERS[name].says, **TEMPERS[name].switches)


def likeness(file: Path) -> Likeness:
    """Raises TraceFileError for a file that is neither a trace nor a survey, and OSError."""
    found = Likeness()
    requests = _requests(file)
    try:
        for read in (_accounts, _lists, _spans, _rows, _jobs, _made, _edits, _limits):
            read(requests, found)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise TraceFileError(f"{file} has lines in another form than publer-sync writes them") from error
    return found


def _requests(file: Path) -> list[Record]:
    """The requests of a trace, a JSON object a line, or of a survey, which is one document."""
    if file.stat().st_size > LARGEST:
        raise TraceFileError(f"{file} is larger than {LARGEST >> 20} MB")
    text = file.read_text(encoding="utf-8", errors="replace")
    try:
        whole = json.loads(text)
        surveyed = isinstance(whole, dict) and isinstance(whole.get("requests"), list)
        lines = whole["requests"] if surveyed else [whole]
        numbered: list[tuple[int | None, Any]] = [(None, line) for line in lines]
    except (ValueError, RecursionError):
        numbered = [*_lines(file, text)]
    requests: list[Record] = []
    run = 0
    for number, line in numbered:
        where = f"{file}:{number}" if number else str(file)
        if not isinstance(line, dict):
            raise TraceFileError(f"{where} is no line of a trace: it is not an object")
        if "trace" in line:
            if line["trace"] != VERSION:
                raise TraceFileError(f"{where} is of a trace that this version does not know")
            run += 1
        elif isinstance(line.get("method"), str) and isinstance(line.get("path"), str):
            requests.append({"query": {}, **line, "run": run})
        else:
            raise TraceFileError(f"{where} is no line of a trace: it names no method and no path")
    if not run:
        raise TraceFileError(f"{file} is not a trace: its first line does not say so")
    return requests


def _lines(file: Path, text: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError):
                raise TraceFileError(f"{file}:{number} is not JSON") from None


def _answers(requests: list[Record], method: str, path: str) -> Iterator[tuple[Record, Any]]:
    for one in requests:
        if one["method"] == method and one["path"] == path and one.get("status") == 200:
            yield one, one.get("answer")


# --- what each kind of line tells -------------------------------------------------------------------------------------


def _accounts(requests: list[Record], like: Likeness) -> None:
    for _, answer in _answers(requests, "GET", "/accounts"):
        rows = answer
        for key in ("accounts", "data"):
            if isinstance(answer, dict) and isinstance(answer.get(key), list):
                rows = answer[key]
                like.take(f"wraps accounts in `{key}`", accounts=key)
        accounts = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        if any(row.get("provider") is None for row in accounts):
            like.temper("odd-account")
        keys = set().union(*(row.keys() for row in accounts))
        health = "status" if "status" in keys else "locked" if "locked" in keys else "permissions"
        if health != "permissions":
            like.take(f"tells by `{health}` whether an account works", health=health)
        elif accounts and "permissions" not in keys:
            like.take("does not tell whether an account works", health="none")
        return


def _pages(requests: list[Record]) -> Iterator[list[tuple[int, Record]]]:
    """The pages of each list of posts, by their numbers."""
    pages: list[tuple[int, Record]] = []
    for one, answer in _answers(requests, "GET", "/posts"):
        number = next(iter(one["query"].get("page", [])), 0)
        if not number:
            yield pages
            pages = []
        if isinstance(answer, dict) and isinstance(answer.get("posts"), list):
            pages.append((number, answer))
    yield pages


def _lists(requests: list[Record], like: Likeness) -> None:
    most = 0
    for pages in _pages(requests):
        ids = [frozenset(_ids(page["posts"])) for _, page in pages]
        if pages and "total" not in pages[0][1]:
            like.take("names no total", total=False)
        distinct = [each for each in dict.fromkeys(ids) if each]
        if len(distinct) > 1:
            most = max(most, *map(len, distinct[:-1]))
            if pages[0][1].get("total") == len(ids[0]):
                like.take(TEMPERS["total-of-page"].says, total_of="page")
            if ids[0] == ids[1]:
                like.take(TEMPERS["pages-from-1"].says, first_page=1)
        elif len(ids) > 2 and len({*ids}) == 1 and ids[0]:
            like.take("ignores `page`", paging="ignored")
        if any(row is None for _, page in pages for row in page["posts"]):
            like.take(TEMPERS["null-rows"].says, null_rows=True)
    if most:
        like.take(f"lists {most} posts a page", per_page=min(most, LARGEST_PAGE))
    like.says[:] = dict.fromkeys(like.says)


def _ids(rows: list[Any]) -> Iterator[str]:
    return (str(row.get("id")) for row in rows if isinstance(row, dict))


def _spans(requests: list[Record], like: Likeness) -> None:
    answered, refused = 0, dict[int, str]()
    for one in requests:
        days = _days(one["query"]) if (one["method"], one["path"]) == ("GET", "/posts") else None
        if days is None:
            continue
        status = one.get("status")
        if status == 200:
            answered = max(answered, days)
        elif status is None or status in {408, 504, 522, 524}:
            refused[days] = "silence" if status is None else "timeout"
        elif 400 <= status < 500 and status not in {401, 403, 429}:
            refused[days] = "refused"
    longer = [days for days in refused if days > answered]
    if longer and answered:
        how = refused[min(longer)]
        like.take(f"lists at most {answered} days ({how} beyond)", longest_span=answered, beyond_span=how)


def _days(query: Mapping[str, Any]) -> int | None:
    first, last = (next(iter(query.get(key, [])), None) for key in ("from", "to"))
    return last - first + 1 if isinstance(first, int) and isinstance(last, int) else None


SHOWN = frozenset(
    {
        "title",
        "url",
        "post_link",
        "has_media",
        "network",
        "media",
        "link",
        "labels",
        "source",
        "updated_at",
        "user",
        "type",
    }
)
"""Keys of a listed post that may be missing."""


def _rows_of(requests: list[Record]) -> list[tuple[Record, Record]]:
    """Each listed post with the request that listed it."""
    return [
        (one, row)
        for one, answer in _answers(requests, "GET", "/posts")
        if isinstance(answer, dict)
        for row in answer.get("posts") or ()
        if isinstance(row, dict)
    ]


def _rows(requests: list[Record], like: Likeness) -> None:
    rows = [row for _, row in _rows_of(requests)]
    if not rows:
        return
    omitted = SHOWN - set().union(*(row.keys() for row in rows))
    if omitted != like.faults.omit:
        like.take(f"lists posts without {', '.join(sorted(omitted)) or 'leaving anything out'}", omit=omitted)
    ahead = [row for row in rows if str(row.get("state")).startswith(("scheduled", "draft"))]
    if any(str(row.get("id")).endswith("(number)") for row in ahead):
        like.take("numbers its posts", integer_ids=True)
    if any(isinstance(row.get("state"), dict) for row in rows):
        like.temper("unknown-states")
    if any(not _is_time(row.get("scheduled_at")) for row in rows):
        like.temper("unreadable-rows")


def _is_time(value: Any) -> bool:
    return value in (None, "") or (isinstance(value, dict) and "time" in value)


def _jobs(requests: list[Record], like: Likeness) -> None:
    asked: dict[tuple[int, str], float] = {}
    for one, answer in _answers(requests, "POST", "/posts/schedule"):
        inner = answer.get("data") if isinstance(answer, dict) else None
        if isinstance(inner, dict) and "job_id" in inner:
            like.take("wraps its answers in `data`", envelope="data")
            asked[one["run"], str(inner["job_id"])] = one["at"]
        elif isinstance(answer, dict):
            asked[one["run"], str(answer.get("job_id"))] = one["at"]
    delays = [0.0]
    for one in requests:
        job = one["path"].removeprefix("/job_status/")
        if (one["run"], job) not in asked:
            continue
        status = _deepest(one.get("answer"), "status")
        if status in FINISHED:
            delays.append((one["at"] - asked.pop((one["run"], job))) / POLL)
            if status != like.faults.finished:
                like.take(f"calls a finished job `{status}`", finished=status)
        payload = _deepest(one.get("answer"), "payload")
        _failures(payload.get("failures") if isinstance(payload, dict) else None, like)
    if max(delays) > 2 * like.faults.job_delay:
        delay = min(MOST_DELAY, max(delays))
        like.take(f"takes {delay * POLL:.0f} seconds for a job", job_delay=delay)


def _deepest(answer: Any, key: str) -> Any:
    found = None
    while isinstance(answer, dict):
        found = answer.get(key, found)
        answer = answer.get("data", answer.get("result"))
    return found


def _failures(failures: Any, like: Likeness) -> None:
    if not failures:
        return
    if isinstance(failures, list):
        shape = "docs" if isinstance(failures[0], dict) and "message" in failures[0] else "strings"
        shape = "errors" if isinstance(failures[0], dict) and "error" in failures[0] else shape
        like.take("lists a job's failures", failures=shape)
    elif isinstance(failures, dict) and "error" in failures:
        like.take("names one failure of a job", failures="error")
    elif isinstance(failures, dict) and not isinstance(next(iter(failures.values())), list):
        like.take("names one failure of each account", failures="objects")


# --- what became of the posts that were sent --------------------------------------------------------------------------


@dataclass(slots=True)
class _Sent:
    """A post that a request asked for: its account, its moment in seconds of the trace, its text, labels, and job."""

    run: int
    account: str
    at: float | None
    text: Any
    labels: Any
    draft: bool
    job: str
    rows: list[Record] = field(default_factory=list)
    """As lists showed it."""


def _made(requests: list[Record], like: Likeness) -> None:
    sent = list(_sent(requests))
    for one, row in _rows_of(requests):
        at = _moment(one, row.get("scheduled_at"))
        for post in sent:
            if post.run == one["run"] and _is_it(post, row, at):
                post.rows.append(row)
    refused = _refused(requests)
    _untrue(sent, refused, like)
    drafts = [post for post in sent if post.draft and post.at is not None]
    if drafts and all(not post.rows for post in drafts):
        like.temper("drafts-hidden")
    elif any(row.get("scheduled_at") is None for post in drafts for row in post.rows):
        like.temper("drafts-undated")
    elif any(str(row.get("state")).startswith("scheduled") for post in drafts for row in post.rows):
        like.temper("drafts-scheduled")
    _texts(sent, like)
    _labels(sent, like)


def _sent(requests: list[Record]) -> Iterator[_Sent]:
    for one, answer in _answers(requests, "POST", "/posts/schedule"):
        bulk = (one.get("body") or {}).get("bulk") or {}
        for item in bulk.get("posts") or ():
            network: Record = next(iter((item.get("networks") or {}).values()), {})
            for account in item.get("accounts") or ():
                yield _Sent(
                    one["run"],
                    str(account.get("id")),
                    _moment(one, account.get("scheduled_at")),
                    network.get("text"),
                    account.get("labels"),
                    str(bulk.get("state")).startswith("draft"),
                    str(_deepest(answer, "job_id")),
                )


def _moment(one: Record, value: Any) -> float | None:
    return one["at"] + value["time"] if isinstance(value, dict) and "time" in value else None


def _is_it(post: _Sent, row: Record, at: float | None) -> bool:
    if row.get("account_id") != post.account:
        return False
    if at is None or post.at is None:
        return _same(post.text, row.get("text"), "exact")
    return abs(at - post.at) < 30


def _same(one: Any, other: Any, form: str) -> bool:
    """Whether two texts are equal in a form."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        return bool(one == other)
    found: bool = one.get(form, one.get("exact")) == other.get(form, other.get("exact"))
    return found


def _refused(requests: list[Record]) -> dict[tuple[int, str], list[str]]:
    """What each job said of its posts, by the names of its sentences; "" for one that has none."""
    said: dict[tuple[int, str], list[str]] = defaultdict(list)
    for one in requests:
        job = one["path"].removeprefix("/job_status/")
        payload = _deepest(one.get("answer"), "payload")
        if isinstance(payload, dict):
            said[one["run"], job] = [*_sentences(payload.get("failures"))]
    return said


def _sentences(failures: Any) -> Iterator[str]:
    if isinstance(failures, list):
        for each in failures:
            yield from _sentences(each)
    elif isinstance(failures, dict) and ("said" in failures or "exact" in failures):
        yield str(failures.get("said", ""))
    elif isinstance(failures, dict) and ("message" in failures or "error" in failures):
        yield from _sentences(failures.get("message", failures.get("error")))
    elif isinstance(failures, dict):
        for each in failures.values():
            yield from _sentences(each)


def _untrue(sent: list[_Sent], refused: Mapping[tuple[int, str], list[str]], like: Likeness) -> None:
    """Whether what was refused was made all the same."""
    of_jobs: dict[tuple[int, str], list[_Sent]] = defaultdict(list)
    for post in sent:
        of_jobs[post.run, post.job].append(post)
    for job, posts in of_jobs.items():
        said = refused.get(job, [])
        if len(said) < len(posts):
            continue
        text = SENTENCES.get(said[0]) or not_modelled("The post was refused")
        again = any(_is_sent_again(post, sent) for post in posts)
        if SAME_WORDS in said and (again or not all(post.rows for post in posts)):
            like.temper("words-once")
        elif all(post.rows for post in posts):
            like.take("makes posts and says that it refused them", untrue_refusal=text)
        elif not any(post.rows for post in posts):
            like.refuses = text
            like.take("refuses every post")


def _is_sent_again(post: _Sent, sent: list[_Sent]) -> bool:
    """Whether another job was asked for the same, so that what lists show may be that."""
    return any(
        (each.run, each.account, each.text) == (post.run, post.account, post.text)
        and each.job != post.job
        and abs((each.at or 0) - (post.at or 0)) < 30
        for each in sent
    )


def _texts(sent: list[_Sent], like: Likeness) -> None:
    pairs = [(post.text, row.get("text")) for post in sent for row in post.rows]
    texts: list[tuple[Record, Record]] = [
        (one, other) for one, other in pairs if isinstance(one, dict) and isinstance(other, dict)
    ]
    changed = [(one, other) for one, other in texts if not _same(one, other, "trimmed")]
    if not changed:
        return
    for form, temper in TEXTS.items():
        if all(_same(one, other, form) for one, other in changed):
            like.temper(temper)
            return
    if all(other.get("without_end") == one.get("trimmed", one.get("exact")) for one, other in changed):
        like.temper("texts-signed")


def _labels(sent: list[_Sent], like: Likeness) -> None:
    """A label is a text when it is sent, and an object with a name when it is listed."""
    for post in sent:
        for row in post.rows:
            shown = row.get("labels")
            if not post.labels or not isinstance(shown, list):
                continue
            names = [
                label.get("name") if isinstance(label, dict) and "name" in label else label for label in shown
            ]
            if not names:
                like.take(TEMPERS["labels-dropped"].says, labels="dropped")
                return
            lower = [(name, label) for name, label in zip(names, post.labels, strict=False)]
            if any(not _same(*pair, "exact") for pair in lower) and all(
                _same(*pair, "lower") for pair in lower
            ):
                like.take(TEMPERS["labels-lower"].says, labels="lower")
                return


def _edits(requests: list[Record], like: Likeness) -> None:
    for one in requests:
        if one["method"] != "PUT" or one.get("status") != 200:
            continue
        post_id: str = one["path"].rpartition("/")[2]
        answer = one.get("answer")
        shown = [answer, answer.get("data"), answer.get("post")] if isinstance(answer, dict) else []
        ids = [level["id"] for level in shown if isinstance(level, dict) and "id" in level]
        if ids and post_id not in ids:
            like.temper("edit-renumbers")
            return


def _limits(requests: list[Record], like: Likeness) -> None:
    told = [one["headers"] for one in requests if isinstance(one.get("headers"), dict)]
    limits = {headers["limit"] for headers in told if isinstance(headers.get("limit"), int)}
    if told and not limits:
        like.take("does not tell its request limit", rate_headers="never")
    elif limits and min(limits) != like.faults.rate_limit and min(limits) > 0:
        like.take(f"takes {min(limits)} requests", rate_limit=min(limits))
