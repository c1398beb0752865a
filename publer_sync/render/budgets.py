"""What is left of budgets, in a line and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypedDict

from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from publer_sync.values.policies import BudgetLeft


def budget_line(left: BudgetLeft) -> str:
    """`x: 17 of 20 posts with an address in March 2027, 3 left`."""
    budget = left.budget
    what = "posts with an address" if budget.kind == "links" else "posts"
    rest = f"{left.left:,} left" if left.used <= budget.most else f"{left.used - budget.most:,} over"
    return f"{one_line(budget.of)}: {left.used:,} of {budget.most:,} {what} {left.period}, {rest}"


_BudgetFrom = TypedDict("_BudgetFrom", {"from": Annotated[str, "its first day, in the calendar's zone"]})


class BudgetData(_BudgetFrom):
    """What is left of a budget in one day, week or month."""

    of: Annotated[str, "the network or the alias, as the settings name it"]
    kind: Annotated[Literal["posts", "links"], "posts, or those with an address"]
    per: Literal["day", "week", "month"]
    used: int
    most: Annotated[int, "the budget"]
    left: Annotated[int, "0 if it is over"]


def budget_data(left: BudgetLeft) -> BudgetData:
    budget = left.budget
    return {
        "of": budget.of,
        "kind": budget.kind,
        "per": budget.per,
        "from": left.first.isoformat(),
        "used": left.used,
        "most": budget.most,
        "left": left.left,
    }
