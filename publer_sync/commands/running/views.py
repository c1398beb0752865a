"""The formats of each command that reads: one line for each, which names the view that shows what the command found.

A view is a function from what was found to text, or to a JSON document. What else it wants, it names as further
parameters: whatever its command offers, and the `screen`. It is loaded once it shows something, so that the options can
list these formats for nothing. How several calendars are joined is the business of `several`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from publer_sync.render.layout.documents import Document
    from publer_sync.render.several import Ending
    from publer_sync.values.errors import PublerSyncError


class View(NamedTuple):
    function: str
    """Its module and its name, as entry points have them."""
    together: bool = False
    """It is given what was found in all calendars at once, and the endings of those that `failed`, by name."""

    def rendered(self, found: Any, **offered: Any) -> str | Document:
        from publer_sync.commands.running.shared import screen

        module, _, name = self.function.partition(":")
        view = getattr(import_module(module), name)
        code = view.__code__
        wanted = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
        offered["screen"] = screen()
        shown: str | Document = view(found, **{name: offered[name] for name in wanted if name in offered})
        return shown

    def ending(
        self,
        exit_code: int,
        line: str,
        found: Any,
        *,
        brief: bool = False,
        error: PublerSyncError | None = None,
        **offered: Any,
    ) -> Ending:
        """How the command ended for a calendar. What shows all of them together is shown when the last has ended."""
        from publer_sync.render.several import Ending

        if self.together:
            return Ending(exit_code, line, found=found)
        shown = self.rendered(found, **offered)
        if isinstance(shown, str):
            return Ending(exit_code, line, shown, brief=brief, error=error)
        return Ending(exit_code, line, document=shown, error=error)

    def show(self, found: Any, **offered: Any) -> None:
        """Print it."""
        from publer_sync.commands.running.shared import document, out

        shown = self.rendered(found, **offered)
        out(shown) if isinstance(shown, str) else document(shown)


Views: TypeAlias = "dict[str, View]"
"""By the names of the formats; the first is the default."""


def together(function: str) -> View:
    return View(function, together=True)


ACCOUNTS: Final[Views] = {
    "text": View("publer_sync.commands.accounts:text"),
    "json": View("publer_sync.commands.accounts:data"),
}
APPLY: Final[Views] = {
    "text": View("publer_sync.render.text:report"),
    "json": View("publer_sync.render.data:report"),
    "markdown": View("publer_sync.render.markdown:report"),
}
"""What an apply did; what it is about to do is shown as a plan."""
CALENDARS: Final[Views] = {
    "text": View("publer_sync.commands.calendars:text"),
    "json": View("publer_sync.commands.calendars:data"),
}
DOCTOR: Final[Views] = {
    "text": View("publer_sync.render.checks:text"),
    "json": View("publer_sync.render.checks:data"),
}
DOCTOR_SURVEY: Final[Views] = {
    "text": View("publer_sync.checking.survey:text"),
    "json": View("publer_sync.checking.survey:document"),
}
EXPLAIN: Final[Views] = {
    "text": View("publer_sync.render.explain:text"),
    "json": View("publer_sync.render.explain:document"),
}
EXPORT: Final[Views] = {
    "ics": View("publer_sync.render.export:ics"),
    "json": View("publer_sync.render.export:data"),
}
LOG: Final[Views] = {
    "text": together("publer_sync.render.past.log:text"),
    "json": together("publer_sync.render.past.log:document"),
    "markdown": together("publer_sync.render.past.log:markdown"),
}
LOG_APPROVALS: Final[Views] = {
    "text": together("publer_sync.render.past.log_approvals:text"),
    "json": together("publer_sync.render.past.log_approvals:document"),
    "markdown": together("publer_sync.render.past.log_approvals:markdown"),
    "csv": together("publer_sync.render.past.log_approvals:table"),
}
NOTIFY: Final[Views] = {
    "text": View("publer_sync.render.notice:text"),
    "json": View("publer_sync.render.notice:document"),
}
PLAN: Final[Views] = {
    "text": View("publer_sync.render.text:plan"),
    "json": View("publer_sync.render.data:plan"),
    "markdown": View("publer_sync.render.markdown:plan"),
}
RESULTS: Final[Views] = {
    "text": View("publer_sync.render.past.results:text"),
    "json": View("publer_sync.render.past.results_data:document"),
    "csv": together("publer_sync.render.past.results_csv:table"),
    "markdown": View("publer_sync.render.past.results_markdown:page"),
    "html": together("publer_sync.commands.results:page"),
}
STATUS: Final[Views] = {
    "text": View("publer_sync.render.status:text"),
    "json": View("publer_sync.render.status:document"),
    "prometheus": together("publer_sync.render.metrics:metrics"),
}
VALIDATE: Final[Views] = {
    "text": View("publer_sync.commands.running.problems:text"),
    "json": View("publer_sync.render.layout.documents:problems"),
    "concise": View("publer_sync.render.problems:concise"),
    "github": View("publer_sync.render.problems:github"),
}
