"""Workers say that they live; the queues of one that does not are given to the others. A task that hangs ends its worker.

Shards are for warm caches and order, never for correctness: two workers on one queue do no harm.
"""

from __future__ import annotations

import faulthandler
import gc
import json
import signal
import threading
from typing import Any

import structlog
from celery import current_app
from celery.signals import task_postrun, task_prerun, worker_process_init, worker_ready, worker_shutdown
from django.conf import settings

from podlab.session import engine
from podlab.session import redis as r

log = structlog.get_logger()
_stop = threading.Event()


@worker_process_init.connect
def _warm(**_: Any) -> None:
    """Load the engine before the first learner comes; the garbage collector need not look through what was loaded again and again."""
    engine.clusters()
    gc.collect()
    gc.freeze()
    faulthandler.register(signal.SIGALRM, chain=True)


@task_prerun.connect
def _watch(**_: Any) -> None:
    """A worker whose task hangs says where, and ends: it is started anew, and the session's mark tells of the death."""
    signal.setitimer(signal.ITIMER_REAL, settings.PODLAB_TASK_LIMIT_S)


@task_postrun.connect
def _watch_no_more(**_: Any) -> None:
    signal.setitimer(signal.ITIMER_REAL, 0)


@worker_ready.connect
def _begin(sender: Any = None, **_: Any) -> None:
    """Start to say so, with the queues that this worker was started for."""
    queues = sorted(queue.name for queue in sender.app.amqp.queues.consume_from.values())
    threading.Thread(target=_beat, args=(sender.hostname, queues), daemon=True).start()


@worker_shutdown.connect
def _end(**_: Any) -> None:
    _stop.set()


def _beat(name: str, queues: list[str]) -> None:
    while not _stop.is_set():
        try:
            r.client().hset(r.WORKERS, name, json.dumps({"seen": r.wall_ms(), "queues": queues}))
        except Exception as error:
            log.warning("worker cannot say that it lives", worker=name, error=repr(error))
        _stop.wait(settings.PODLAB_LEASE_S / 3)


def take_over(now_ms: int) -> list[tuple[str, str]]:
    """Give the queues of workers unheard of for `PODLAB_LEASE_S` to the living, in turn; (queue, new worker) of each.

    One that was heard of in the future has not been heard of since the wall clock jumped back.
    """
    workers = {name.decode(): json.loads(data) for name, data in r.client().hgetall(r.WORKERS).items()}
    alive = sorted(name for name, each in workers.items() if abs(now_ms - each["seen"]) <= settings.PODLAB_LEASE_S * 1000)
    lost = {name: each["queues"] for name, each in workers.items() if name not in alive}
    if not alive or not lost:
        return []
    given = []
    for name, queues in sorted(lost.items()):
        for number, queue in enumerate(queues):
            heir = alive[number % len(alive)]
            current_app.control.add_consumer(queue, destination=[heir])
            given.append((queue, heir))
        r.client().hdel(r.WORKERS, name)
        log.warning("worker lost, its queues are taken over", worker=name, queues=len(queues))
    return given
