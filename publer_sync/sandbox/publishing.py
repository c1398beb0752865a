"""What happens to a post when its time has come."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publer_sync.sandbox.exchange import Context
    from publer_sync.sandbox.records import Stored


def publish_due(context: Context) -> None:
    """Publish what is due by now, a little after its time as the service does."""
    for post in context.database.due(context.now() - context.faults.publish_lag):
        publish(context, post)


def publish(context: Context, post: Stored) -> None:
    """Publish a post, or fail to. Its id may change with that."""
    faults, database = context.faults, context.database
    if faults.publish_error is not None:
        body = {**post.body, "error": faults.publish_error}
        database.save_posts([replace(post, state="failed", body=body)])
        return
    kept = faults.published_ids == "kept" or len(post.id) < 24
    number = post.id if kept else database.next_number()
    body = {**post.body, "post_link": f"https://{post.body.get('network')}.example/{number}"}
    database.remove_posts([post.id])
    database.save_posts([replace(post, id=number, state="published", body=body)])
    if post.at is not None:
        database.reach(post.at)


def on_its_way(context: Context, post: Stored) -> bool:
    """Whether the post's time has come and its network has not answered yet: nothing can be done to it now."""
    return post.family == "scheduled" and post.at is not None and post.at <= context.now()
