"""A learner who does a lesson through the page: types the lines of a script, uses the fault menu, the editor and the predictions, and waits.

What she waits for (`@until`) is looked up in what the page itself has been shown, so nothing behind the page is asked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import Page, expect

from podlab.checks.expression import compile_
from podlab.checks.scope import Memory, Scope
from podlab.checks.spec import duration
from podlab.checks.subjects import RESOURCE_OF
from podlab.packs.model import Lesson
from podlab.packs.script import Step, value
from tests.browser.person import part

NOW = "() => document.querySelector('pod-clock').lab.clock.now()"
OBJECTS = """kinds => [...document.querySelector('pod-clock').lab.store.state.objects.values()].filter(each => kinds.includes(each.kind))"""
TOTAL = "id => document.querySelector('pod-clock').lab.store.state.screens.get(id)?.total ?? 0"
PROMPT = "([id, total]) => { const s = document.querySelector('pod-clock').lab.store.state.screens.get(id); return s && !s.busy && s.total > total }"
PASTE = """text => { const data = new DataTransfer(); data.setData('text/plain', text);
  document.querySelector('.pane:not([hidden]) .cm-content').dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})) }"""
GIVE_UP_S = 180
SLOW_MS = 12_000


class Picture:
    """The cluster as the page has shown it so far, for expressions to look at; `now` in virtual ms."""

    def __init__(self, objects: list[dict[str, Any]], now: int, zero: int) -> None:
        self._objects, self.now, self.zero = objects, now, zero
        self.api = self
        self.world = self

    def find(self, resource: str, name: str, namespace: str) -> dict[str, Any] | None:
        """An object by its name."""
        return next((each for each in self.list(resource, namespace) if each["metadata"]["name"] == name), None)

    def list(self, resource: str, namespace: str) -> list[dict[str, Any]]:
        """All of a resource; those of a namespace, where they have one."""
        found = [each for each in self._objects if RESOURCE_OF.get(each["kind"]) == resource]
        return [each for each in found if each["metadata"].get("namespace", namespace) == namespace]


class Learner:
    """One learner at one lesson's page."""

    def __init__(self, page: Page, lesson: Lesson, expected: list[int]) -> None:
        self.page, self.lesson = page, lesson
        self._terminal = "1"
        self._expected = expected
        """How long each step takes in the proof (ms): what a person who has read the lesson knows."""
        self._looked = time.monotonic()
        self._lap = 1.0
        """Seconds from one look to the next: others are served in between, and on a busy machine that takes long."""

    def begin(self) -> None:
        """Open the lesson's page and start it."""
        self.page.goto(f"/lessons/{self.lesson.id}/")
        self.page.locator("main form.row .btn").first.click()
        expect(self.page.locator("pod-lesson .progress")).to_be_visible(timeout=30_000)
        expect(self.page.locator("pod-cluster svg")).to_be_visible(timeout=30_000)

    def play(self, steps: list[Step]) -> Iterator[None]:
        """All of a script; gives way whenever she only waits, so that others can go on meanwhile."""
        for step, expected in zip(steps, self._expected, strict=True):
            yield from STEPS[step.word](self, step, expected) or ()
            yield

    def met(self, task: str) -> None:
        """The task is shown as met, soon."""
        expect(self.page.locator(f"pod-task#task-{task}")).to_have_attribute("data-state", "met", timeout=GIVE_UP_S * 1000)

    def speed(self, times: int) -> None:
        """Press a speed's button."""
        button = self.page.locator(".speeds button", has_text=f"×{times}").first
        if button.get_attribute("aria-pressed") != "true":
            button.evaluate("each => each.click()")
            self.page.wait_for_function(f"() => document.querySelector('pod-clock').lab.clock.anchor.speed === {times}")

    def pace(self, left: float) -> None:
        """As fast as so much (virtual ms) may pass in two laps, so that nothing is missed between two looks."""
        now = time.monotonic()
        self._lap, self._looked = max(0.4, now - self._looked, self._lap / 2), now
        self.speed(next((times for times in (60, 10) if left > 2000 * times * self._lap), 1))

    @property
    def now(self) -> int:
        """Virtual time by the page's clock."""
        return int(self.page.evaluate(NOW))

    def _choose(self, step: Step, expected: int) -> None:
        name = step.text
        part(self.page, "term")
        if self.page.locator(f"#tab-{name}").count() == 0:
            self.page.locator(".tabs > .tab.add").first.click()
        self.page.locator(f"#tab-{name}").click()
        self._terminal = name

    def _line(self, step: Step, expected: int) -> None:
        self._typed(step.text, wait=not step.background)

    def _typed(self, line: str, *, wait: bool) -> None:
        part(self.page, "term")
        self.page.locator(f"#tab-{self._terminal}").click()
        self.page.locator(f"#panel-{self._terminal}").click()
        expect(self.page.locator(f"#panel-{self._terminal} .xterm-helper-textarea")).to_be_focused()
        before = self.page.evaluate(TOTAL, self._terminal)
        self.page.keyboard.insert_text(line)
        self.page.keyboard.press("Enter")
        if wait:
            self.page.wait_for_function(PROMPT, arg=[self._terminal, before], timeout=GIVE_UP_S * 1000)

    def _wait(self, step: Step, expected: int) -> Iterator[None]:
        end, give_up = self.now + duration(step.text), time.monotonic() + GIVE_UP_S
        while (left := end - self.now) > 0:
            assert time.monotonic() < give_up, f"line {step.line}: the clock does not come to {end}: it shows {self.now}"
            self.pace(left)
            yield
        self.speed(1)

    def _until(self, step: Step, expected: int) -> Iterator[None]:
        wanted = compile_(step.text)
        kinds = sorted({kind for kind, resource in RESOURCE_OF.items() if any(resource == each for each, _ in wanted.reads.objects)})
        begun, give_up = self.now, time.monotonic() + GIVE_UP_S
        while not wanted.true(Scope(self._picture(kinds), self._memory())):  # type: ignore[arg-type]
            assert time.monotonic() < give_up, f"line {step.line}: {step.text} does not come true"
            left = begun + expected - self.now
            self.pace(left if left > 0 else SLOW_MS * 2 if expected > SLOW_MS else 0)
            yield
        self.speed(1)

    def _picture(self, kinds: list[str]) -> Picture:
        return Picture(self.page.evaluate(OBJECTS, kinds), self.now, 0)

    def _memory(self) -> Memory:
        met = self.page.locator("pod-task[data-state=met]").evaluate_all("all => all.map(each => each.dataset.task)")
        return Memory(times=dict.fromkeys(met, 0))

    def _fault(self, step: Step, expected: int) -> None:
        name, node = step.text.split(" ")
        self.page.locator("[data-faults]").first.click()
        self.page.locator("pod-faults select[name=node]").select_option(node)
        self.page.locator(f"pod-faults [data-fault={name}]").click()
        expect(self.page.locator("pod-faults dialog")).to_be_hidden()

    def _apply(self, step: Step, expected: int) -> None:
        """In the editor: a file of that name, its text, and Ctrl Enter."""
        name = step.text.rpartition("/")[2]
        part(self.page, "term")
        self.page.locator("pod-files > button").click()
        self.page.locator("#files-menu input[name=file]").fill(name)
        self.page.keyboard.press("Enter")
        code = self.page.locator(f"[id='panel-file-{name}'] .cm-content")
        code.click()
        self.page.keyboard.press("Control+a")
        self.page.evaluate(PASTE, self.lesson.answers.get(step.text) or self.lesson.manifests[step.text])
        before = self.page.evaluate(TOTAL, self._terminal)
        self.page.keyboard.press("Control+Enter")
        self.page.wait_for_function(PROMPT, arg=[self._terminal, before], timeout=GIVE_UP_S * 1000)

    def _key(self, step: Step, expected: int) -> None:
        self.page.keyboard.press(step.text.replace("ctrl", "Control"))

    def _predict(self, step: Step, expected: int) -> None:
        name, _, text = step.text.partition(" ")
        part(self.page, "guide")
        asked, guess = self.page.locator(f"pod-predict[data-id={name}]"), value(text)
        form = next(each.form for each in self.lesson.predictions if each.id == name)
        if form in ("instant", "number"):
            asked.locator("input[type=number]").fill(str(guess // 1000 if form == "instant" else guess))
            self.page.keyboard.press("Tab")
        elif form == "share":
            asked.locator("input[type=range]").fill(str(guess))
        elif form == "set":
            for index, ticked in enumerate(guess):
                asked.locator("input[type=checkbox]").nth(index).set_checked(ticked)
        elif form == "table":
            for index, chosen in enumerate(guess):
                asked.locator("select").nth(index).select_option(index=chosen)
        else:
            self._ordered(name, guess)
        asked.locator(".row .btn").click()
        expect(asked.locator("[role=status]")).not_to_be_empty()  # what was said, or already what came

    def _ordered(self, name: str, wanted: list[str]) -> None:
        """Press ↑ until each stands at its place."""
        rows = self.page.locator(f"pod-predict[data-id={name}] .order li")
        for place, each in enumerate(wanted):
            while (at := rows.locator("span").all_inner_texts().index(each)) > place:
                rows.nth(at).locator("button").first.click()


STEPS: dict[str, Callable[[Learner, Step, int], Iterator[None] | None]] = {
    "line": Learner._line,
    "terminal": Learner._choose,
    "wait": Learner._wait,
    "until": Learner._until,
    "fault": Learner._fault,
    "apply": Learner._apply,
    "key": Learner._key,
    "predict": Learner._predict,
}
