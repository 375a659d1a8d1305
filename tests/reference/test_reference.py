"""The simulated cluster does what the real one was recorded to do."""

from __future__ import annotations

import importlib
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.reference import traces, transcripts
from tests.reference.folder import Case, Verdict, cases, entries, load, reference_folder

FOLDER = reference_folder()
CASES = list(cases(FOLDER)) if FOLDER else []
KNOWN = load(Path(__file__).with_name("known.yaml"))
CASE_S = 180
ADAPTERS = {
    "kubelet": ("kubelet", "kubectl", "api"),
    "scheduler": ("scheduler", "controllers", "kubelet", "api"),
}


def group_of(name: str) -> str:
    """Whose vectors a file `<name>-vectors.yaml` holds: a further file of a component is called after it."""
    return next((group for group in ADAPTERS if group in name), name)


def areas_of(group: str) -> dict[str, Callable[[dict[str, Any]], None]]:
    """Area → adapter, of a component's vectors."""
    found: dict[str, Callable[[dict[str, Any]], None]] = {}
    for name in ADAPTERS.get(group, ()):
        module = importlib.import_module(f"tests.reference.adapters.{name}")
        own = name == group or (group, name) in {("kubelet", "kubectl"), ("kubelet", "api"), ("scheduler", "controllers")}
        found |= getattr(module, "AREAS" if own else f"{group.upper()}_AREAS", {})
    return found


def run(case: Case) -> Verdict:
    """What became of the case; an unknown area is not met."""
    if case.kind == "traces":
        return traces.check(case.path)
    if case.kind != "vectors":
        return transcripts.check(case)
    _, group, area = case.area.split("/")
    adapter = areas_of(group_of(group)).get(area)
    if adapter is None:
        return Verdict(0, 1, f"no adapter for area {area}")
    adapter(entries(case.path)[case.number])
    return Verdict(1, 1)


def verdict(case: Case) -> Verdict:
    """`run`, where an error is a case that is not met, and so is one that does not come to an end."""

    def too_long(*_: object) -> None:
        raise TimeoutError(f"more than {CASE_S} s")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(CASE_S)
    try:
        return run(case)
    except (Exception, SystemExit) as error:  # whatever goes wrong is a case that is not met
        return Verdict(0, 1, f"{type(error).__name__}: {error}")
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.skipif(not CASES, reason="no reference folder (PODLAB_REFERENCE, default ../shared/kubernetes)")
@pytest.mark.parametrize("case", CASES, ids=[each.id for each in CASES])
def test_it_does_what_the_real_one_did(case: Case, request: pytest.FixtureRequest) -> None:
    """Each case is met, or stands in known.yaml with a reason."""
    seen = verdict(case)
    met = seen.good == seen.total
    request.node.user_properties.append(("reference", (case.area, seen.good, seen.total)))
    reason = KNOWN["cases"].get(case.id)
    if request.config.getoption("--all", default=False):
        assert met, seen.wrong
    elif case.area in KNOWN["areas"]:
        if not met:
            pytest.xfail(KNOWN["areas"][case.area])
    elif reason is not None:
        assert not met, f"{case.id} is listed in known.yaml but is met: delete its line"
        pytest.xfail(reason)
    else:
        assert met, seen.wrong
