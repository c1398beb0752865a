"""Alarms ring for what takes too long, and for nothing else."""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
import weakref
from itertools import pairwise
from unittest import mock

import pytest

from publer_sync.machine import alarms
from publer_sync.machine.alarms import Alarm

PATIENCE = 10


class Bell(threading.Event):
    def __init__(self, name: str, rung: list[str]) -> None:
        super().__init__()
        self.name, self.rung = name, rung

    def __call__(self) -> None:
        self.rung.append(self.name)
        self.set()


@pytest.fixture(autouse=True)
def keeper(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that no other test has used."""
    monkeypatch.setattr(alarms, "_KEEPER", alarms._Keeper())


def test_what_takes_too_long_is_rung_for_once() -> None:
    rung: list[str] = []
    bell = Bell("once", rung)
    with Alarm(0.001, bell):
        assert bell.wait(PATIENCE)
        time.sleep(0.01)
    assert rung == ["once"]


def test_the_one_that_is_due_first_rings_first_whichever_was_set_first() -> None:
    rung: list[str] = []
    never, late, early = (Bell(name, rung) for name in ("never", "late", "early"))
    with Alarm(PATIENCE * 10, never), Alarm(0.05, late), Alarm(0.001, early):
        assert early.wait(PATIENCE)
        assert late.wait(PATIENCE)
    assert rung == ["early", "late"]


def test_what_has_ended_is_not_rung_for_and_the_next_one_is() -> None:
    rung: list[str] = []
    ended = Alarm(0.02, Bell("ended", rung))
    with ended:
        pass
    ended.sound()
    following = Bell("following", rung)
    with Alarm(0.04, following):
        assert following.wait(PATIENCE)
    assert rung == ["following"]


def test_it_rings_again_after_as_many_seconds_until_it_is_told_that_this_was_enough() -> None:
    answers, at, done = [True, True, None], [time.monotonic()], threading.Event()

    def ring() -> bool | None:
        at.append(time.monotonic())
        if len(at) == 4:
            done.set()
        return answers[len(at) - 2]

    with Alarm(0.02, ring):
        assert done.wait(PATIENCE)
        time.sleep(0.05)
    assert len(at) == 4
    assert all(later - earlier >= 0.02 for earlier, later in pairwise(at))


def test_one_that_waits_makes_no_other_late() -> None:
    go_on, other = threading.Event(), threading.Event()
    with Alarm(0.001, lambda: go_on.wait(PATIENCE)), Alarm(0.002, other.set):
        assert other.wait(PATIENCE / 2)
        go_on.set()


def test_where_no_thread_can_be_started_it_rings_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    start = threading.Thread.start

    def refused(thread: threading.Thread) -> None:
        if thread.name == "alarm":
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", refused)
    rung: list[str] = []
    for name in ("first", "second"):
        bell = Bell(name, rung)
        with Alarm(0.001, bell):
            assert bell.wait(PATIENCE)
    assert rung == ["first", "second"]


def test_where_its_own_thread_cannot_be_started_the_next_alarm_starts_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", mock.Mock(side_effect=RuntimeError))
        with pytest.raises(RuntimeError), Alarm(PATIENCE, print):
            pass
    bell = Bell("rings", [])
    with Alarm(0.001, bell):
        assert bell.wait(PATIENCE)


def test_one_thread_keeps_them_all() -> None:
    def keepers() -> int:
        return sum(each.name == "alarms" for each in threading.enumerate())

    before = keepers()
    with Alarm(PATIENCE, print), Alarm(PATIENCE, print), Alarm(PATIENCE, print):
        assert keepers() == before + 1


def test_what_has_ended_is_let_go_long_before_it_would_have_been_due() -> None:
    ended = Alarm(PATIENCE * 10, print)
    with ended:
        pass
    left = weakref.ref(ended)
    del ended
    gc.collect()
    assert left() is None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system forks no processes")
def test_a_process_that_was_forked_has_a_thread_of_its_own() -> None:
    with Alarm(PATIENCE, print):
        child = os.fork()
        if not child:
            signal.alarm(PATIENCE)  # it fails, however it hangs
            rung = threading.Event()
            with Alarm(0.001, rung.set):
                os._exit(0 if rung.wait(PATIENCE) else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
