"""What is left of a budget, in words."""

from __future__ import annotations

from datetime import date

from publer_sync.render.budgets import budget_line
from publer_sync.values.policies import BudgetLeft, PostBudget
from publer_sync.values.problems import Location
from tests.tables import each_of


@each_of(("used", "rest"), [(0, "20 left"), (19, "1 left"), (20, "0 left"), (21, "1 over")])
def test_a_budget_says_how_many_are_left_or_over(used: int, rest: str) -> None:
    budget = PostBudget("x", "twitter", None, "posts", 20, "month", Location("publer.yaml", 3))
    left = BudgetLeft(budget, date(2027, 3, 1), "in March 2027", used)
    assert budget_line(left) == f"x: {used} of 20 posts in March 2027, {rest}"
