"""Tables of cases that one test goes through: as a test of its own, a case would take longer than what it asks."""

from __future__ import annotations

from functools import wraps
from inspect import signature
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Test = Callable[..., None]


def each_of(
    names: str | Sequence[str],
    rows: Iterable[Any],
    *,
    ids: Callable[[Any], str] | Mapping[Any, Any] | None = None,
) -> Callable[[Test], Test]:
    """As `pytest.mark.parametrize`, in one test: it goes on after a row that fails, and names each of them.

    For what keeps nothing: all rows have the same fixtures. A callable in `ids` says how a row is named.
    """
    wanted = (
        [name.strip() for name in names.split(",") if name.strip()] if isinstance(names, str) else list(names)
    )
    table = list(rows)

    def decorate(test: Test) -> Test:
        @wraps(test)
        def run(**given: Any) -> None:
            failed = []
            for row in table:
                values = [row] if isinstance(names, str) and len(wanted) == 1 else list(row)
                try:
                    test(**given, **dict(zip(wanted, values, strict=True)))
                except Exception as error:  # noqa: BLE001 - raised again below, with its row
                    name = ids(values[0]) if callable(ids) else ", ".join(map(repr, values))
                    error.add_note(f"in the row {name[:500]}")
                    failed.append(error)
            if len(failed) == 1:
                raise failed[0]
            if failed:
                raise ExceptionGroup(f"{len(failed)} of {len(table)} rows", failed)

        asked = signature(test)
        left = [each for name, each in asked.parameters.items() if name not in wanted]
        run.__signature__ = asked.replace(parameters=left)  # type: ignore[attr-defined]  # what pytest asks for
        return run

    return decorate
