"""`manage.py lab`: everything on one machine under one supervisor: Valkey, workers, sweeper, server."""

import argparse
import contextlib
import ipaddress
import os
import shutil
import signal
import socket
import sys
import time
from types import FrameType

from podlab.cli import database, valkey
from podlab.cli.children import Child, Family
from podlab.cli.place import listen, only_one, state_file, tell, url
from podlab.cli.steps import step
from podlab.cli.waiting import await_ready, await_valkey
from podlab.home import home, redis_url, valkey_socket

SHARDS = 64
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LOOK_EVERY_S = 0.25


def parse(arguments: list[str]) -> argparse.Namespace:
    """The options; also refuses at once, before anything is set up, when a lab already runs here."""
    parser = argparse.ArgumentParser(prog="manage.py lab", description="Start the lab and print its address.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1, this machine only)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: 8000; 0: a free one)")
    options = parser.parse_args(arguments)
    with only_one(), listen(options.host, options.port):
        return options


def main(options: argparse.Namespace) -> int:
    """Run the lab until it is asked to end (Ctrl-C, SIGTERM, a closed terminal); the exit code."""
    for number in ENDINGS:
        signal.signal(number, _end)
    with only_one(), listen(options.host, options.port) as listener:
        family = Family(_say, lambda children: tell(url(listener), children))
        try:
            _start(family, listener)
            _say(f"\nPodlab is ready: {url(listener)}   (Ctrl-C ends it)")
            while True:
                time.sleep(LOOK_EVERY_S)
                family.tend()
        except KeyboardInterrupt:
            _say("\nEnding …")
        finally:
            for number in ENDINGS:
                signal.signal(number, signal.SIG_IGN)
            family.end()
            state_file().unlink(missing_ok=True)
    return 0


def _end(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _start(family: Family, listener: socket.socket) -> None:
    environment = _environment(listener)
    if "PODLAB_REDIS_URL" not in os.environ:
        with step("Valkey"):
            command = valkey.command(home() / "valkey", valkey_socket())
            await_valkey(family.add(Child("valkey", command, environment, signal.SIGTERM)), valkey_socket())
    with step("Database"):
        database.ensure()
    count = _workers()
    with step(f"Server, {count} worker{'s' if count > 1 else ''}, sweeper"):
        serve = [sys.executable, "-m", "podlab.cli.serve", "--fd", str(listener.fileno())]
        server = family.add(Child("server", serve, environment, keep=(listener.fileno(),)))
        for number in range(count):
            family.add(Child(f"worker-{number + 1}", worker_command(number, count), environment))
        family.add(Child("sweeper", [sys.executable, "manage.py", "sweep"], environment))
        await_ready(family, server, listener)


def worker_command(number: int, count: int) -> list[str]:
    """The command line of worker `number` (from 0) of `count`: it takes every `count`-th shard's queue."""
    queues = ",".join(f"sim.{shard:02d}" for shard in range(number, SHARDS, count))
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO"]
    celery = [sys.executable, "-m", "celery", "-A", "podlab.celery", "worker"]
    return [*celery, "--pool", "solo", "-n", f"worker-{number + 1}@podlab", "-Q", queues, *quiet]


def _workers() -> int:
    return int(os.environ.get("PODLAB_WORKERS") or max(1, min(2, os.cpu_count() or 1)))


def _environment(listener: socket.socket) -> dict[str, str]:
    """What the children see. A lab that other machines reach answers to every name, unless `PODLAB_HOSTS` says which."""
    counters = home() / "run" / "metrics"
    shutil.rmtree(counters, ignore_errors=True)
    counters.mkdir(parents=True)
    local = ipaddress.ip_address(listener.getsockname()[0]).is_loopback
    names = os.environ.get("PODLAB_HOSTS") or ("127.0.0.1,[::1]" if local else "*")
    return {
        **os.environ,
        "PODLAB_HOME": str(home()),
        "PODLAB_REDIS_URL": redis_url(),
        "PODLAB_HOSTS": f"{names},localhost",
        "PROMETHEUS_MULTIPROC_DIR": str(counters),
        "PYTHONUNBUFFERED": "1",
    }


def _say(text: str) -> None:
    """Print, even where the terminal has gone."""
    with contextlib.suppress(OSError):
        print(text, flush=True)
