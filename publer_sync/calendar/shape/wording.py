"""Errors of jsonschema in words for writers: what is wrong, where, and how to fix it.

Worded by the rule that failed and the path to the value; the library's own text is never shown, as it may hold a whole
file. A fix is offered if the writer's own words allow only one; otherwise an example shows the form.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from publer_sync.calendar import composing
from publer_sync.calendar.shape import examples, keys, meant, reshaping
from publer_sync.calendar.when.time_forms import form_error
from publer_sync.calendar.yaml import slips, strays, traps
from publer_sync.calendar.yaml.nodes import Map, Seq, last_line
from publer_sync.calendar.yaml.scalars import snippet
from publer_sync.values.problems import Fix, Help, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from publer_sync.calendar.yaml.lines import Lines
    from publer_sync.calendar.yaml.nodes import Mark

_TIMES: Final = ("at", "not_before", "time", "until", "except")
_ONE_NEEDED: Final = ("file", "url", "id", "name", "never", "say", "must")
"""Keys of which a map needs one."""
_DURATIONS: Final = ("after", "duration")
_SWITCHES: Final = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
_MOST_CHOICES: Final = 30
"""Nobody reads more choices than these in a message."""
_TYPES: Final = {
    "array": "a list",
    "object": "keys with values",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "string": "a text",
}
_LIMITS: Final = {
    "minLength": ("{} is empty", "Write something, or remove it"),
    "maxLength": ("{} is longer than {} characters", "Shorten it to {} characters"),
    "minItems": ("{} has fewer items than {}", "Write {} or more items"),
    "maxItems": ("{} has more than {} items", "Keep {} or fewer"),
    "minimum": ("{} is less than {}", "Write {} or more"),
    "maximum": ("{} is more than {}", "Write {} or less"),
}


class Wording:
    """One error. `note` marks the keys on the way to it as `broken`, so that nothing uses their values."""

    def __init__(
        self, error: Any, root: Any, ref: str, lines: Lines, place: Location, fits: Callable[[Any, Any], bool]
    ) -> None:
        self.error, self.ref, self.lines, self.fits = error, ref, lines, fits
        self.value, self.rule, self.wanted = error.instance, error.validator, error.validator_value
        self.path: list[str | int] = list(error.absolute_path)
        self.key = next((str(step) for step in reversed(self.path) if isinstance(step, str)), "")
        self.is_item = bool(self.path) and isinstance(self.path[-1], int)
        self._way: list[tuple[Any, str | int]] = []
        self.place, self.length = place, 1
        self.mark: Mark | None = None
        self._walk(root)

    def _walk(self, node: Any) -> None:
        """Go down to the value, noting where it and its parents are."""
        for step in self.path:
            self._way.append((node, step))
            self.mark = mark = node.marks[step]
            self.place = mark.key_location if mark.is_empty else mark.location
            self.length = len(str(step)) if mark.is_empty else mark.length
            node = node[step]
        self.node = node

    @property
    def known(self) -> bool:
        """Whether reading the value failed, which was reported: what is there now is not a value."""
        maps = [pair for pair in self._way if isinstance(pair[0], Map)]
        if not maps:
            return False
        node, step = maps[-1]
        return step in node.broken and (self._way[-1] == maps[-1] or self.value is None)

    def note(self) -> None:
        """Mark the keys on the way as broken."""
        for node, step in self._way:
            if isinstance(node, Map):
                node.broken |= {str(step)}

    def problems(self) -> Iterator[Problem]:
        if "propertyNames" in self.error.absolute_schema_path:
            yield self._bad_name()
            return
        match self.rule:
            case "additionalProperties":
                yield from self._unknown_keys()
            case "required":
                yield from self._missing_keys()
            case "type":
                yield self._wrong_type()
            case "oneOf" | "anyOf" if (
                any(map(self._misspelt, _ONE_NEEDED)) if isinstance(self.value, Map) else self.rule == "oneOf"
            ):
                return  # reported where the misspelled key is, or for its type
            case _:
                yield self._wrong_value()

    def _problem(
        self, code: str, message: str, say: str = "", fix: Fix | None = None, *, example: str = ""
    ) -> Problem:
        """A problem of the value; if there is nothing else to say, an example shows the form."""
        if fix is not None:
            at = (self.place.line, self.place.column)
            return self.lines.problem(code, message, at, say, fix, length=self.length)
        if not say and (example := self._example()):
            say = "Write it in this form"
        return Problem("error", code, message, self.place, Help(say, example=example), self.length)

    def _example(self) -> str:
        """Lines that show what the key takes."""
        name, settings = self.key or "posts", "settings" in self.ref and self.path[:1] == [self.key]
        if shown := (keys.OF_SETTINGS.get(name) if settings else None) or keys.EXAMPLES.get(name):
            return shown
        return examples.first(self.error.schema, self.key, in_list=self.is_item)

    @property
    def _name(self) -> str:
        name = f"`{self.key}`" if self.path else self._title
        return f"an item of {name}" if self.is_item else name

    @property
    def _title(self) -> str:
        return str(self.error.schema.get("title", "this part"))

    def _with(self, singular: str, plural: str) -> str:
        """The title and its verb."""
        title = self._title
        return f"{title} {plural if title.startswith('the ') and title.endswith('s') else singular}"

    @property
    def _condition(self) -> str:
        """What the schema says of a value that does not have the form it needs."""
        return str(self.error.schema.get("errorMessage", f"{self._name} does not have the form it needs"))

    # --- keys

    @property
    def _map(self) -> str:
        """Which map of a calendar the value is: `post`, `defaults`, `account`, `network`, or the key that holds it."""
        if not self.path:
            return self.ref.rpartition("/")[2].partition("_")[0]
        if self.key == "accounts" and self.is_item:
            return "account"
        return "network" if "networks" in self.path[-2:-1] else self.key

    def _unknown_keys(self) -> Iterator[Problem]:
        known = list(self.error.schema.get("properties", {}))
        if self._map == "networks":
            return  # aliases and groups are known where posts are made
        post = self._bare_post()
        if post and "posts" in self.value:
            line = self.value.marks[post[0]].key_line
            yield traps.dash_missing(self.lines, line, len(self.lines), 0)
        for key in self.value:
            if key in known or key in post:
                continue
            self.place, self.length = self.value.marks[key].key_location, len(key)
            near = keys.nearest(key, known)
            self.value.broken |= {key, near or key}  # so that it is not reported as missing, too
            stray = strays.words_outside(self.lines, self.place.line)
            if stray is not None:
                self.value.broken |= {"?"}  # the text above is empty only because of it
            yield (
                stray
                or slips.missing_space(self.lines, self.place.line)
                or self._unknown_key(key, known, near)
            )

    def _bare_post(self) -> list[str]:
        """The keys of a post that is at the top of the file instead of under `posts`."""
        if self._map != "calendar.schema.json" or not {"at", "text"} & self.value.keys():
            return []
        return [key for key in self.value if key in self.lines.vocabulary.only_items]

    def _nameless_account(self, key: str) -> bool:
        """Whether an account entry has its account as a key: `- linkedin:`."""
        known = list(self.error.schema.get("properties", {}))
        if self._map != "account" or "account" in self.value or key in known:
            return False
        near, inner = keys.nearest(key, known), self.value[key]
        return (inner is None or isinstance(inner, Map)) and not (near and keys.alike(key, near))

    def _unknown_key(self, key: str, known: list[str], near: str | None) -> Problem:
        name, synonym = snippet(key).strip('"'), keys.SYNONYMS.get(key) in known
        if self._nameless_account(key):
            message = f"an account with keys of its own is written as `account: {name}`"
            example = f"- account: {name}\n  text: |\n    Words"
            return self._problem(
                "key.unknown", message, "Put its keys below, as deep as `account`", example=example
            )
        if self.ref.startswith("shared") and not self.path and key in keys.OF_ONE_CALENDAR:
            message = f"`{name}` belongs to one calendar, not to settings that calendars share"
            say = "Move it to the calendar's publer.yaml"
            if key == "extends":
                message = "settings that calendars share cannot extend others"
                say = "Copy those settings into this file, and remove this line"
            return self._problem("key.place", message, say)
        items = self.error.schema.get("items", {})
        # A list of maps may be written in its place.
        if near is None and {"$ref", "properties"} & items.keys():
            message = f"`{name}` belongs to an item of {self._name}, and each item begins with a dash"
            return self._problem("key.type", message, 'Put "- " in front of it', example=self._example())
        if (refused := keys.unsendable(key)) is not None:
            return self._problem("key.unknown", *refused)
        owners = keys.owners_of(key)
        if not synonym and (home := keys.home_of(key, self.value, self._map)) is not None:
            post = "the post" if self._map == "post" else self._title
            message = f"`{name}` belongs to {home.owner}, not to {post}"
            return self._problem("key.place", message, f"Move it {home.way}", example=home.example)
        others = ", ".join(other for other in known if other != near)
        say, fix = f"Use one of these keys: {others}", None
        if owners and not synonym:
            say = f"It is a key of {owners}. {say}"
        elif near:
            fix = self._renamed(key, near)
            ask = (
                f"Here it is called `{near}`."
                if keys.SYNONYMS.get(key.lower()) == near
                else f"Did you mean `{near}`?"
            )
            say = f"Rename it to `{near}`" if fix else f"{ask} The other keys are: {others}"
        return self._problem("key.unknown", f"{self._with('has', 'have')} no key `{name}`", say, fix)

    def _renamed(self, key: str, to: str) -> Fix | None:
        """The line with a misspelled key corrected; None if the value would not fit the right key."""
        line, column = self.place.line, self.place.column
        fits = to not in self.value and self.fits(self.error.schema["properties"][to], self.value[key])
        elsewhere = key in self.lines.vocabulary.keys and (key, to) != ("account", "accounts")
        if not fits or elsewhere or not keys.alike(key, to):
            return None
        if not self.lines.texts[line - 1].startswith(key, column - 1):
            return None
        return self.lines.replaced(line, column, column + len(key), to)

    def _missing_keys(self) -> Iterator[Problem]:
        for key in self.wanted:
            if key in self.value or self.value.broken & {key, "?"} or self._misspelt(key):
                continue
            if key == "account" and any(map(self._nameless_account, self.value)):
                continue  # reported where it is
            example = keys.EXAMPLES.get(key) or keys.EXAMPLES.get(self.key, "")
            example = example or examples.first(self.error.schema["properties"][key], key)
            say = "Add it"
            if key == "posts" and self._bare_post():
                say = 'Put a line posts: above the post and "- " in front of it, and indent its other lines 2 spaces'
            yield self._problem("key.missing", f"{self._with('needs', 'need')} `{key}`", say, example=example)

    def _misspelt(self, key: str) -> bool:
        """Whether an unknown key, which is reported as such, is likely the missing one."""
        known = list(self.error.schema.get("properties", {}))
        return any(keys.nearest(other, known) == key for other in self.value if other not in known)

    def _bad_name(self) -> Problem:
        name = str(self.value)
        self.node.broken |= {name}
        self.place, self.length = self.node.marks[name].key_location, len(name)
        return self._problem("key.value", f"{snippet(name)} cannot be a name here: {self._condition}")

    # --- types

    def _wrong_type(self) -> Problem:
        if (slip := slips.missing_space(self.lines, self.place.line)) is not None:
            return slip
        wanted = [self.wanted] if isinstance(self.wanted, str) else list(self.wanted)
        if self.value is False and self.key in composing.KEYS:
            message = f"`{self.key}` adds nothing if it is null"
            return self._problem("key.type", message, "Write null", self._replaced("null"))
        if "string" in wanted and isinstance(self.value, Map | Seq):
            return self._not_a_text(wanted)
        if "string" in wanted and self.value is not None:
            return self._number_for_text()
        message = f"{self._name} must be {' or '.join(_TYPES[name] for name in wanted if name != 'null')}"
        if self.value is None:
            message = f"{self._name} has no value; it{message.removeprefix(self._name)}"
        if "boolean" in wanted:
            switch = _SWITCHES.get(str(self.value).lower())
            fix = self._replaced(switch) if switch else None
            return self._problem("key.type", message, "Write true or false", fix)
        say = "Write it as a list" if "array" in wanted else "Write it as keys with values, below it"
        if "array" in wanted and not self.is_item:
            one = reshaping.bracketed(self.key, self.value, self.mark, self.lines)
            if one is not None and (fix := self._replaced(one)) is not None:
                return self._problem("key.type", message, say, fix)
        if self.key == "posts" and isinstance(self.value, Map) and self.value.mark.style == "m":
            return traps.dash_missing(
                self.lines, self.place.line, len(self.lines), max(0, self.place.column - 3)
            )
        placed = reshaping.in_place(self.key, self.value, self.mark, self._way, self.lines)
        if placed is not None:
            mark, paste = placed
            fix = Fix(mark.line, mark.line, paste) if reshaping.is_alone(mark, self.lines) else None
            problem = self._problem("key.type", message, say, fix)
            return problem if fix else replace(problem, help=Help(say, paste))
        return self._problem("key.type", message)

    def _number_for_text(self) -> Problem:
        written = self._written
        if not isinstance(self.value, bool):
            if self.key in _TIMES:
                return self._number_for_time(written)
            if self.key in _DURATIONS:
                return self._no_duration(written)
        if (problem := self._of_no_pattern()) is not None:
            return problem
        kind = "true or false" if isinstance(self.value, bool) else "a number"
        message = f"{self._name} must be text, but YAML reads {snippet(written)[1:-1]} as {kind}"
        return self._problem("key.type", message, "Put it in quotes", self._replaced(f'"{written}"'))

    def _of_no_pattern(self) -> Problem | None:
        """The problem of a value that would not fit in quotes either."""
        fits = re.search(self.error.schema.get("pattern", ""), self._written)
        return None if fits else self._problem("key.value", self._cannot_be(self._written))

    def _cannot_be(self, written: str) -> str:
        return f"`{self.key}` cannot be {snippet(written)}: {self._condition}"

    @property
    def _written(self) -> str:
        """The value as it is in the file, if it is on one line."""
        mark = self.mark
        if mark is None or mark.line != mark.end_line:  # an anchor can be on the line above
            return str(self.value)
        rest = self.lines.texts[mark.line - 1][mark.column - 1 :]
        if isinstance(self.value, Map | Seq):  # where it ends is not known
            return re.split(r"(?<=[\]}])", rest)[0]
        return rest[: mark.end_column - mark.column]

    def _number_for_time(self, written: str) -> Problem:
        """A time that YAML reads as a number, such as 20270301: judged as it was written."""
        trouble = form_error(written, self.key)
        whole = trouble.written and (":" in trouble.written or self.key in ("until", "except"))
        if whole and trouble.written and (fix := self._replaced(trouble.written)):
            return self._problem(trouble.code, trouble.message, trouble.help.say, fix)
        return Problem("error", trouble.code, trouble.message, self.place, trouble.help, self.length)

    def _not_a_text(self, wanted: list[str]) -> Problem:
        style, mark = self.value.mark.style, self.mark
        if mark is not None and "object" not in wanted:
            if style in "{[":
                return self._of_no_pattern() or traps.bracket(self.lines, mark, style)
            if isinstance(self.value, Map) and self.is_item:
                return traps.item(self.lines, mark, last_line(self.value, mark), self.key)
        kind = "a list" if isinstance(self.value, Seq) else "keys with values"
        return self._problem("key.type", f"{self._name} must be text, not {kind}")

    # --- values

    def _wrong_value(self) -> Problem:
        if self.rule == "minItems" and self.wanted == 1:
            return self._problem("key.value", f"{self._name} is empty", "Write something, or remove it")
        if self.rule in _LIMITS:
            message, say = _LIMITS[self.rule]
            return self._problem(
                "key.value", message.format(self._name, self.wanted), say.format(self.wanted)
            )
        if self.rule == "enum":
            return self._no_choice()
        if self.rule != "pattern":
            return self._problem("key.value", self._condition)
        value = str(self.value)
        if self.key in _DURATIONS:
            return self._no_duration(value)
        if self.wanted.startswith("^https?://") and (address := meant.address(value)) is not None:
            help_ = Help("Write the whole address", address if self.is_item else f"{self.key}: {address}")
            return Problem("error", "key.value", self._cannot_be(value), self.place, help_, self.length)
        rhythm = meant.every(value) if self.key == "every" else None
        fix = self._replaced(rhythm) if rhythm is not None and re.search(self.wanted, rhythm) else None
        say = "Write it in these words" if fix else ""
        return self._problem("key.value", self._cannot_be(value), say, fix)

    def _no_choice(self) -> Problem:
        choices = {str(each).lower(): str(each) for each in self.wanted if each is not None}
        names = list(choices.values())
        say, value, fix = f"Choose one of: {', '.join(names)}", str(self.value), None
        value = value.lower() if isinstance(self.value, bool) else value
        if len(names) > _MOST_CHOICES:
            say = f"Choose one of the {len(names)} that publer-sync schema calendar lists, such as {names[0]}"
        for near in difflib.get_close_matches(value.lower()[:60], choices, 1, 0.6):
            say = f'Did you mean "{choices[near]}"? {say}'
            fix = self._replaced(choices[near]) if keys.alike(value, near) else None
        return self._problem("key.value", f"`{self.key}` cannot be {snippet(value)}", say, fix)

    def _no_duration(self, written: str) -> Problem:
        readings, message = meant.duration(written), self._cannot_be(written)
        if len(readings) == 1:
            return self._problem("key.value", message, "Write it as one number", self._replaced(readings[0]))
        say = f"Add the unit: {', '.join(readings[:-1])} or {readings[-1]}" if readings else ""
        return self._problem("key.value", message, say)

    def _replaced(self, by: str) -> Fix | None:
        """The value's line with another value in its place."""
        mark = self.mark
        if mark is None or mark.line != mark.end_line or mark.style not in ("", '"', "'"):
            return None
        return self.lines.replaced(mark.line, mark.column, mark.end_column, by)
