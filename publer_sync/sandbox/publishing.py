"""What happens to a post when its time has come."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from publer_sync.sandbox.tables import SIGNATURE

if TYPE_CHECKING:
    from publer_sync.sandbox.exchange import Context
    from publer_sync.sandbox.records import Record, Stored


RENUMBERED_AFTER = timedelta(hours=6)
"""Published posts were found under their first id for 3 to 10 hours, and not any more later."""


def publish_due(context: Context) -> None:
    """Publish what is due, a little after its time as the service does."""
    for post in context.database.due(context.now() - context.faults.publish_lag):
        publish(context, post)
    for post in context.database.to_take_down():
        _take_down(context, post)
    if context.faults.published_ids == "later":
        for post in context.database.published_with_first_id(context.now() - RENUMBERED_AFTER):
            _renumber(context, post)


def _take_down(context: Context, post: Stored) -> None:
    """Publer docs, "Auto delete": the network's post goes or is hidden once it has the age, and Publer keeps its own."""
    wanted = post.body["sent"]["account"]["delete"]
    try:
        clauses = wanted["conditions"]["clauses"]
        if clauses.keys() != {"age"}:
            return  # when a post has a reach or an engagement is not modelled
        age = clauses["age"]
        after = timedelta(**{f"{age['unit'].lower()}s": age["duration"]})
    except (AttributeError, KeyError, TypeError, OverflowError):
        return  # what the service does not understand it passes over
    if post.at is not None and post.at + after <= context.now():
        state = "published_hidden" if wanted.get("hide") else "published_deleted"
        context.database.save_posts([replace(post, state=state)])


def _renumber(context: Context, post: Stored) -> None:
    context.database.remove_posts([post.id])
    context.database.save_posts([replace(post, id=context.database.next_number())])


def publish(context: Context, post: Stored) -> Stored:
    """Publish a post, or fail to, and return what it is then. Its id and its time may change with that."""
    faults, database = context.faults, context.database
    if faults.publish_error is not None:
        post = replace(post, state="failed", body={**post.body, "error": faults.publish_error})
        database.save_posts([post])
        return post
    kept = faults.published_ids != "integer" or len(post.id) < 24
    number = post.id if kept else database.next_number()
    body = {**_signed(context, post), "post_link": f"https://{post.body.get('network')}.example/{number}"}
    at = post.at
    if at is not None and faults.published_times == "actual":
        at = (at + faults.publish_lag).replace(second=0, microsecond=0)
    database.remove_posts([post.id])
    if post.at is not None:
        database.reach(post.at)
    post = replace(post, id=number, state="published", at=at, body=body)
    database.save_posts([post])
    return post


def _signed(context: Context, post: Stored) -> Record:
    """Publer docs, "Post with Signature": it is added when the post is published. After what kind of break is not documented."""
    account = (post.body.get("sent") or {}).get("account") or {}
    text = SIGNATURE if account.get("signature") else context.faults.signature
    if not text or not post.body.get("text"):
        return post.body
    return {**post.body, "text": f"{post.body['text']}\n\n{text}"}


def on_its_way(context: Context, post: Stored) -> bool:
    """Whether the post's time has come and its network has not answered yet: nothing can be done to it now."""
    return post.family == "scheduled" and post.at is not None and post.at <= context.now()
