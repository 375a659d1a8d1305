"""What an author writes about a lesson's goals: read as it stands, refused where it has no meaning."""

import msgspec
import pytest

from podlab.checks.spec import Guard, Hint, Prediction, Task

TASK = """
id: b
title: {en: Ready, ko: 준비}
after: [a]
check: {happened: Pod web, that: ready(new), within: 30s of a, same: uid}
"""


def test_a_task_is_read_as_it_is_written() -> None:
    """And its schema can be made."""
    task = msgspec.yaml.decode(TASK, type=Task)
    assert ("b", ["a"], "Pod web", "30s of a") == (task.id, task.after, task.check.happened, task.check.within)
    assert "Task" in msgspec.json.schema(Task)["$defs"]
    assert "Prediction" in msgspec.json.schema(Prediction)["$defs"]


@pytest.mark.parametrize(
    ("text", "type_", "words"),
    [
        (TASK.replace("that:", "thta:"), Task, "thta"),
        (TASK.replace("30s of a", "soon"), Task, "30s of b"),
        (TASK.replace("happened: Pod web", "is: ready(x), happened: Pod web"), Task, "exactly one"),
        (TASK.replace("happened: Pod web, that: ready(new)", "is: ready(x)"), Task, "same"),
        ("{id: g, title: {}, never: a, held: b}", Guard, "exactly one of `never`, `held`"),
        ("{id: h, task: a, text: {}}", Hint, "exactly one of `when`, `idle`"),
        ("{id: h, task: a, text: {}, idle: later}", Hint, "later"),
        ("{id: p, form: instant, ask: {}, answer: {happened: Pod a, value: '1'}}", Prediction, "exactly one of `happened`, `is`, `value`"),
    ],
)
def test_what_has_no_meaning_is_refused_in_words(text: str, type_: type, words: str) -> None:
    """The author is told what to write instead."""
    with pytest.raises(msgspec.ValidationError, match=words):
        msgspec.yaml.decode(text, type=type_)
