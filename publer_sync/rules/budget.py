"""Whether a network or an account keeps to its budget, over all calendars of the command. Drafts do not count."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from publer_sync.networks.links import find_addresses
from publer_sync.rules.rulebook import problem
from publer_sync.values.policies import BudgetLeft

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime, tzinfo

    from publer_sync.rules.rulebook import PostProblem
    from publer_sync.values.model import Post
    from publer_sync.values.policies import PostBudget

CODE: Final = "budget"
_LISTED: Final = 4


class Spending:
    """What posts take of the budgets; `beside` are those of other calendars."""

    def __init__(
        self, posts: Iterable[Post], beside: Iterable[Post], budgets: Iterable[PostBudget], zone: tzinfo
    ) -> None:
        counting = [(post, True) for post in posts if not post.draft]
        counting += [(post, False) for post in beside if not post.draft]
        counting.sort(key=lambda each: (*_order(each[0]), each[1]))
        self.spent: list[tuple[PostBudget, dict[date, list[tuple[Post, bool, int]]]]] = []
        for budget in budgets:
            periods: dict[date, list[tuple[Post, bool, int]]] = defaultdict(list)
            for post, is_own in counting:
                if _concerns(budget, post, is_own=is_own) and (units := _units(budget, post)):
                    periods[_first_day(budget, post.at.astimezone(zone).date())].append((post, is_own, units))
            self.spent.append((budget, periods))
        self.zone = zone

    def check(self) -> Iterator[tuple[Post, PostProblem]]:
        """The first post over each budget. Those that silence the rule count, and are not told."""
        for budget, periods in self.spent:
            for first, spent in periods.items():
                total, used, over = sum(units for *_, units in spent), 0, []
                for post, is_own, units in spent:
                    used += units
                    if used > budget.most and is_own and CODE not in post.ignore:
                        over.append(post)
                if over:
                    yield over[0], _over(budget, first, total, over)

    def left(self, now: datetime) -> Iterator[BudgetLeft]:
        """What is left of each budget now, and in the fullest time ahead."""
        today = now.astimezone(self.zone).date()
        for budget, periods in self.spent:
            this = _first_day(budget, today)
            used = {first: sum(units for *_, units in spent) for first, spent in periods.items()}
            yield BudgetLeft(budget, this, name_of_period(budget, this), used.get(this, 0))
            ahead = {first: units for first, units in used.items() if first > this}
            if ahead:
                fullest = min(ahead, key=lambda first: (-ahead[first], first))
                yield BudgetLeft(budget, fullest, name_of_period(budget, fullest), ahead[fullest])


class Allowance:
    """What the budgets still allow, as posts are given times one after the other."""

    def __init__(self, spending: Spending) -> None:
        self._spending, self._taken = spending, dict[tuple[int, date], int]()

    def allows(self, post: Post, at: datetime) -> bool:
        """Whether a post at this time keeps to every budget that it does not silence."""
        return CODE in post.ignore or all(used <= budget.most for budget, _, used in self._with(post, at))

    def allows_all(self, posts: Iterable[tuple[Post, datetime]]) -> bool:
        """The same of several posts together, each at its time."""
        tried = Allowance(self._spending)
        tried._taken |= self._taken
        for post, at in posts:
            if not tried.allows(post, at):
                return False
            tried.take(post, at)
        return True

    def take(self, post: Post, at: datetime) -> None:
        for _, key, used in [*self._with(post, at)]:
            self._taken[key] = used

    def _with(self, post: Post, at: datetime) -> Iterator[tuple[PostBudget, tuple[int, date], int]]:
        """Each budget that the post concerns, and what would be used of it."""
        for number, (budget, periods) in enumerate(self._spending.spent):
            if not post.draft and _concerns(budget, post, is_own=True) and (units := _units(budget, post)):
                key = number, _first_day(budget, at.astimezone(self._spending.zone).date())
                used = self._taken.get(key)
                if used is None:
                    used = sum(spent for *_, spent in periods.get(key[1], ()))
                yield budget, key, used + units


def _order(post: Post) -> tuple[datetime, str, int, str, str]:
    """The same for every calendar, so that of two posts of one minute each of their calendars takes the same one for the first."""
    place, account = post.location, post.account
    return post.at, place.file, place.line, account.provider, account.name


def _over(budget: PostBudget, first: date, total: int, over: list[Post]) -> PostProblem:
    what = "with an address" if budget.kind == "links" else ""
    posts = " ".join(filter(None, (f"{total:,} {'post' if total == 1 else 'posts'}", what)))
    message = f"{posts} on {budget.of} {name_of_period(budget, first)}; its budget is {budget}"
    listed = ", ".join(dict.fromkeys(str(post.location) for post in over[:_LISTED]))
    more = f" and {len(over) - _LISTED} more" if len(over) > _LISTED else ""
    related = ((budget.location, "the budget"),)
    return problem(CODE, "at", message, f"Move to another {budget.per}: {listed}{more}", related=related)


def _concerns(budget: PostBudget, post: Post, *, is_own: bool) -> bool:
    account = post.account
    if budget.network is not None:
        return account.provider == budget.network
    if is_own:
        return account.alias == budget.of
    return (account.provider, account.name) == budget.account


def _units(budget: PostBudget, post: Post) -> int:
    """The post, each part of its thread and each comment; or those of them with an address."""
    content = post.content
    texts = [content.text, *(part.text for part in content.thread), *(each.text for each in content.comments)]
    if budget.kind == "posts":
        return len(texts)
    found = [bool(find_addresses(text)) if text else False for text in texts]
    found[0] = found[0] or content.link is not None
    return sum(found)


def _first_day(budget: PostBudget, day: date) -> date:
    match budget.per:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case _:
            return day.replace(day=1)


def name_of_period(budget: PostBudget, first: date) -> str:
    """`in March 2027`, `in the week of Mon 1 Mar 2027`, `on Mon 1 Mar 2027`."""
    if budget.per == "month":
        return f"in {first:%B %Y}"
    day = f"{first:%a} {first.day} {first:%b %Y}"
    return f"on {day}" if budget.per == "day" else f"in the week of {day}"
