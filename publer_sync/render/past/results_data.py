"""`results` as JSON: each post with what became of it, its figures, and the sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NotRequired, TypedDict, cast

from publer_sync.planning.publication import summary, totals
from publer_sync.render.layout import documents
from publer_sync.render.layout.dates import utc
from publer_sync.render.past.results import link_of
from publer_sync.values.documented import Count, Moment, Version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publer_sync.planning.publication import Publication, Results, Status
    from publer_sync.values.model import Figure


class FigureData(TypedDict):
    """A figure of a post, as Publer names it."""

    key: str
    name: str
    value: float | None


class ResultsSummaryData(TypedDict):
    """How many posts."""

    not_found: Count
    failed: Count
    unpublished: Count
    held: Count
    taken_down: Count
    due: Count
    published: Count


class PublicationData(TypedDict):
    """What became of one post on one account."""

    status: Annotated[
        Status,
        "`not_found`, `failed`, `unpublished` (Publer lists it and has not published it), `held` (its time passed on hold), `taken_down`, `due` (its time "
        "came within the last hour), `published`",
    ]
    id: Annotated[str | None, "the post's id in the calendar"]
    account: documents.AccountData
    planned_at: Annotated[Moment | None, "null for a post that was not planned here"]
    published_at: Annotated[Moment | None, "the minute that Publer shows: the actual one, or the planned one"]
    link: Annotated[str | None, "where the post can be read"]
    text: str
    labels: Annotated[list[str], "as they were sent; known for 30 days"]
    reason: Annotated[
        str | None,
        "why it was not found or not published, in publer-sync's words, with what Publer said of one that it refused",
    ]
    publer_said: Annotated[str | None, "why it failed, in Publer's words"]
    state: Annotated[str | None, "Publer's own word for it"]
    post_id: Annotated[str | None, "Publer's id"]
    source: documents.SourceData | None
    figures: Annotated[
        list[FigureData] | None, "with `--insights`: `key`, `name` and `value` as Publer has them"
    ]
    signed_off: NotRequired[
        Annotated[list[documents.SignedData], "only if it was signed off: each yes to what was sent"]
    ]


class GroupData(TypedDict):
    """The posts that have something in common."""

    name: Annotated[str | None, "null: without a label, or not a use of a stored post"]
    summary: ResultsSummaryData
    figures: Annotated[list[FigureData] | None, "with `--insights`: added up, without rates and averages"]


_PeriodFrom = TypedDict("_PeriodFrom", {"from": Moment})


class PeriodData(_PeriodFrom):
    """The results of another period."""

    to: Annotated[Moment, "not included"]
    summary: ResultsSummaryData
    figures: Annotated[list[FigureData] | None, "with `--insights`: added up, without rates and averages"]


_ResultsFrom = TypedDict("_ResultsFrom", {"from": Annotated[Moment, "the first instant"]})


class ResultsDocument(_ResultsFrom):
    """What publer-sync results --format json prints."""

    format_version: Version
    calendar: Annotated[str, "the calendar's name"]
    workspace: documents.WorkspaceData
    created_at: Annotated[Moment, "when"]
    to: Annotated[Moment, "the instant after the last day"]
    summary: Annotated[ResultsSummaryData, "how many posts"]
    unlisted: Annotated[
        Count, "how many posts Publer counts and does not list: what is not found may be one of them"
    ]
    posts: Annotated[
        list[PublicationData],
        "not found, failed, unpublished, on hold, taken down, then the rest in order of time",
    ]
    by: Annotated[Literal["label", "account", "network", "use"] | None, "what `--by` says"]
    groups: Annotated[
        list[GroupData],
        "with `--by`. A post with several labels is in several, and a use of a stored post with variants in that of the post and that of the variant",
    ]
    before: Annotated[PeriodData | None, "with `--compare`: the period before, as long as this one"]


def document(results: Results) -> ResultsDocument:
    return {
        "format_version": documents.FORMAT_VERSION,
        "calendar": results.calendar,
        "workspace": documents.workspace_data(results.workspace),
        "created_at": utc(results.days.now),
        "from": utc(results.days.since),
        "to": utc(results.days.until),
        "summary": _counts(results.publications),
        "unlisted": results.unlisted,
        "posts": [_post(one, figures=results.insights) for one in results.publications],
        "by": results.by,
        "groups": [
            {
                "name": name or None,
                "summary": _counts(members),
                "figures": _figures(totals(members).values()) if results.insights else None,
            }
            for name, members in results.groups
        ],
        "before": _before(results.before) if results.before else None,
    }


def _before(results: Results) -> PeriodData:
    told = results.publications
    return {
        "from": utc(results.days.since),
        "to": utc(results.days.until),
        "summary": _counts(told),
        "figures": _figures(totals(told).values()) if results.insights else None,
    }


def _counts(told: Iterable[Publication]) -> ResultsSummaryData:
    return cast("ResultsSummaryData", {str(status): number for status, number in summary(told).items()})


def _post(one: Publication, *, figures: bool) -> PublicationData:
    told: PublicationData = {
        "status": one.status,
        "id": one.id,
        "account": documents.account_data(one.account),
        "planned_at": documents.time_data(one.planned),
        "published_at": documents.time_data(one.published_at),
        "link": link_of(one) or None,
        "text": one.text,
        "labels": list(one.labels),
        "reason": one.reason or None,
        "publer_said": one.live.error if one.live else None,
        "state": one.live.state if one.live else None,
        "post_id": one.live.id if one.live else None,
        "source": documents.place_data(one.post.location if one.post else None),
        "figures": _figures(one.figures) if figures else None,
    }
    if one.signed:
        told["signed_off"] = documents.signed_data(one.signed)
    return told


def _figures(figures: Iterable[Figure]) -> list[FigureData]:
    return [{"key": figure.key, "name": figure.name, "value": figure.value} for figure in figures]
