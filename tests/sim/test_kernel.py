"""The heap keeps its promises."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from podlab.sim.errors import SimulationBug
from podlab.sim.kernel import Kernel, KernelState


def recording(state: KernelState | None = None) -> tuple[Kernel, list[tuple[int, str]]]:
    """A kernel whose timers of kind `tick` are written down."""
    kernel = Kernel(state or KernelState())
    seen: list[tuple[int, str]] = []
    kernel.handle("tick", lambda key: seen.append((kernel.now, key)))
    return kernel, seen


def test_it_runs_timers_in_the_order_of_time_then_of_setting() -> None:
    """Earlier first; of one instant, the one set first."""
    kernel, seen = recording()
    kernel.at(20, "tick", "late")
    kernel.at(10, "tick", "first")
    kernel.at(10, "tick", "second")
    assert kernel.run_until(100)
    assert seen == [(10, "first"), (10, "second"), (20, "late")]
    assert kernel.now == 100


def test_setting_a_timer_again_replaces_it() -> None:
    """A timer is known by its name: the old instant passes in silence."""
    kernel, seen = recording()
    kernel.at(10, "tick", "a")
    kernel.at(30, "tick", "a")
    kernel.run_until(40)
    assert seen == [(30, "a")]


def test_sooner_never_puts_a_timer_off() -> None:
    """`sooner` keeps the earlier of two instants."""
    kernel, seen = recording()
    kernel.sooner(30, "tick", "a")
    kernel.sooner(50, "tick", "a")
    kernel.sooner(20, "tick", "a")
    kernel.run_until(60)
    assert seen == [(20, "a")]


def test_a_cancelled_timer_does_not_run_and_an_empty_heap_says_so() -> None:
    """After a cancel nothing is due."""
    kernel, seen = recording()
    kernel.at(10, "tick", "a")
    kernel.cancel("tick", "a")
    assert kernel.peek() is None
    kernel.run_until(20)
    assert seen == []


def test_a_budget_of_steps_stops_it_where_it_is() -> None:
    """`run_until` with too few steps says no, and `now` tells how far it came."""
    kernel, seen = recording()
    for t in (1, 2, 3):
        kernel.at(t, "tick", str(t))
    assert not kernel.run_until(10, steps=2)
    assert (kernel.now, len(seen)) == (2, 2)


def test_a_kind_that_nobody_handles_is_our_bug() -> None:
    """Silence would lose an event."""
    kernel = Kernel(KernelState())
    kernel.at(1, "nobody", "x")
    with pytest.raises(SimulationBug, match="nobody"):
        kernel.run_until(2)


@given(st.lists(st.tuples(st.integers(0, 50), st.sampled_from("abcd"), st.booleans()), max_size=60), st.integers(0, 50))
def test_saving_and_loading_in_the_middle_changes_nothing(settings: list[tuple[int, str, bool]], middle: int) -> None:
    """The heap is rebuilt from plain data."""
    straight, seen = recording()
    first, before = recording()
    for kernel in (straight, first):
        for t, key, cancel in settings:
            kernel.cancel("tick", key) if cancel else kernel.at(t, "tick", key)
    straight.run_until(60)
    first.run_until(middle)
    state = msgspec.msgpack.decode(msgspec.msgpack.encode(first.state), type=KernelState)
    second, after = recording(state)
    second.run_until(60)
    assert seen == before + after


def test_a_timer_can_be_hurried() -> None:
    """It runs inside the event that runs, and not again; one that is not set is nothing."""
    kernel, seen = recording()
    kernel.handle("impatient", lambda key: kernel.hurry("tick", key))
    kernel.at(20, "tick", "a")
    kernel.at(10, "impatient", "a")
    kernel.at(15, "impatient", "nobody")
    kernel.run_until(30)
    assert [(10, "a")] == seen


def test_what_is_kept_beside_the_state_is_made_once_and_late() -> None:
    """Before the first timer of its kinds, or when somebody wakes the kernel; other timers leave it alone."""
    kernel, seen = recording()
    kernel.before_first("tick", lambda: seen.append((kernel.now, "prepared")))
    kernel.handle("tack", lambda key: seen.append((kernel.now, key)))
    kernel.at(10, "tack", "other")
    kernel.at(20, "tick", "a")
    kernel.run_until(30)
    kernel.wake()
    assert [(10, "other"), (20, "prepared"), (20, "a")] == seen
