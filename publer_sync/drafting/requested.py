"""A request by form as a new post of the calendar: the same post that `new` would write, in a file of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publer_sync.calendar.when.slots import NEXT
from publer_sync.calendar.when.zones import TimeError
from publer_sync.drafting.draft import NewMedium, Wish, clock_of, make_draft
from publer_sync.drafting.filling import LEAD, free_slots
from publer_sync.drafting.form import ALTS, PICTURES, WHEN, WHERE, WORDS, FormError
from publer_sync.drafting.spoken import SAY, SpokenTime, spoken_time
from publer_sync.editing.new_posts import new_id
from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.drafting.draft import Draft
    from publer_sync.drafting.form import FormAnswers
    from publer_sync.values.problems import Problem

_FIELDS: Final = (
    (WHEN, ("time.", "slot.", "date.", "day.", "cadence.", "repeat.")),
    (WHERE, ("account",)),
    (ALTS, ("media.no-alt", "media.alt", "alt")),
    (PICTURES, ("media", "image", "video", "gif", "document", "carousel")),
)


@dataclass(frozen=True, slots=True)
class RequestPlaces:
    """What the request `number` may write, from the calendar's top: a file, and the files in a folder."""

    number: int

    @property
    def file(self) -> str:
        return f"requests/issue-{self.number}.yaml"

    @property
    def media(self) -> str:
        return f"media/issue-{self.number}"


def time_of(calendar: Calendar, answers: FormAnswers, now: datetime) -> SpokenTime:
    """When it is meant, as seen at `now`; for `next` the next free slot. Raises FormError."""
    written = " ".join(answers.when.split())
    if not written:
        raise FormError(WHEN, "this field is empty", 'Say when, such as "tomorrow 9".')
    if written.lower() == NEXT:
        aliases = _known(calendar, answers)
        at = next(free_slots(calendar, aliases, now + LEAD), None)
        if at is None:
            raise FormError(WHEN, f"{aliases[0]} has no free slot", "Give a day and a time.")
        return SpokenTime(at)
    try:
        return spoken_time(written, clock_of(calendar), now)
    except TimeError as error:
        fix = SAY if "publer.yaml" in error.help.say else error.help.say
        raise FormError(WHEN, error.message, f"{fix}.") from None


def requested(
    calendar: Calendar,
    answers: FormAnswers,
    when: SpokenTime,
    pictures: Sequence[Path],
    places: RequestPlaces,
    now: datetime,
) -> Draft:
    """The post in memory, with its problems. Raises FormError for what the form lacks, InputError where it can't be written."""
    aliases = _known(calendar, answers)
    if not answers.words.strip() and not pictures:
        raise FormError(WORDS, "the post has neither words nor pictures", "Write what it should say.")
    if len(answers.alts) > len(pictures):
        lines, shown = len(answers.alts), len(pictures)
        message = f"{lines} {'line' if lines == 1 else 'lines'} for {shown} {'picture' if shown == 1 else 'pictures'}"
        raise FormError(ALTS, message, "Write one line for each picture, in their order.")
    alts = (*answers.alts, *[""] * (len(pictures) - len(answers.alts)))
    used = {entry.id for entry in calendar.entries if entry.id}
    wish = Wish(
        when,
        aliases,
        answers.words,
        tuple(NewMedium(str(path), alt) for path, alt in zip(pictures, alts, strict=True)),
        id=new_id(f"issue {places.number}", when.at, used),
        draft=answers.draft,
        note=answers.note,
        to=places.file,
        media_folder=places.media,
    )
    return make_draft(calendar, wish, now)


def _known(calendar: Calendar, answers: FormAnswers) -> tuple[str, ...]:
    if not answers.aliases:
        raise FormError(WHERE, "no account is ticked", "Tick one or more.")
    unknown = [alias for alias in answers.aliases if alias not in calendar.groups.aliases]
    if unknown:
        raise FormError(
            WHERE,
            f"the calendar has no account {', '.join(unknown)} any more",
            "Untick it. Someone with write access renews the form: delete its file, and run publer-sync init --form.",
        )
    return answers.aliases


def field_of(problem: Problem) -> str:
    """The part of the form in which a problem of the post can be put right."""
    code = problem.code
    found = (
        field
        for field, beginnings in _FIELDS
        for beginning in beginnings
        if code.startswith(beginning) or f".{beginning}" in code
    )
    return next(found, WORDS)
