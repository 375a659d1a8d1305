"""Images: the registry's answers, and what their programs do."""

from __future__ import annotations

import pytest

from podlab.sim.images.registry import IMAGES, canonical, find, refusal
from podlab.sim.images.types import Image
from tests.sim.linux.machines import Machines

ENTRY = [
    "/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration",
    "/docker-entrypoint.sh: Looking for shell scripts in /docker-entrypoint.d/",
    "/docker-entrypoint.sh: Launching /docker-entrypoint.d/10-listen-on-ipv6-by-default.sh",
]


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("nginx", "docker.io/library/nginx:latest"),
        ("nginx:1.27", "docker.io/library/nginx:1.27"),
        ("kubetm/app", "docker.io/kubetm/app:latest"),
        ("registry.k8s.io/pause:3.10", "registry.k8s.io/pause:3.10"),
        ("localhost:5000/x/y:1", "localhost:5000/x/y:1"),
        ("BusyBox:1.36", None),
        ("big:l:x", None),
        ("ng inx", None),
    ],
)
def test_a_reference_has_one_canonical_name(reference: str, name: str | None) -> None:
    """As the distribution's parser normalises it."""
    assert name == canonical(reference)


@pytest.mark.parametrize(
    "reference",
    [
        "nginx:no-such-tag",
        "nginx:not-here",
        "nginx:1.255",
        "busybox:1.366",
        "busybox:no-such-tag",
        "example/does-not-exist:1.0",
        "registry.invalid/team/app:1",
        "ngnix",
    ],
)
def test_images_that_the_traces_miss_are_missing(reference: str) -> None:
    """`traces/images.md`."""
    assert find(reference) is None


def test_the_registry_says_why() -> None:
    """An unknown tag, an unknown repository, an unknown host."""
    assert refusal("nginx:nope").endswith('"docker.io/library/nginx:nope": docker.io/library/nginx:nope: not found')
    assert "pull access denied" in refusal("ngnix")
    assert refusal("registry.invalid/a:1").endswith("dial tcp: lookup registry.invalid: no such host")


def test_a_digest_is_always_the_same_and_leads_back() -> None:
    """Pulling by digest gives the same image."""
    found = find("nginx:1.27")
    assert found is not None
    again = find(found.image_id)
    assert again is not None
    assert (found.digest, found.image) == (again.digest, again.image)


@pytest.mark.parametrize(
    "image", [pytest.param(each, id=f"{each.repository}-{each.tags[-1]}") for each in IMAGES if "invalid" not in each.repository]
)
def test_every_image_starts_what_it_says(image: Image) -> None:
    """Its own command line is there, runs for a second, and writes no error about itself."""
    machines = Machines()
    host = machines.container("x", f"{image.repository}:{image.tags[-1]}")
    argv = [*image.entrypoint, *image.command]
    if argv in (["sh"], ["stress"]):
        argv = [*argv, *(["-c", "sleep 1d"] if argv == ["sh"] else ["--vm", "1", "--vm-bytes", "1M", "--vm-hang", "0"])]
    machines.start(host, argv, log="u/c/0")
    machines.wait(1_000)
    assert machines.end_of("first") is None
    assert "not supported" not in "".join(text for _, text in machines.linux.log("u", "c", 0))


def ask(machines: Machines, host: str, port: int, path: str, method: str = "GET") -> tuple[int, str]:
    """Status and body of a request from inside."""
    result = machines.network.http(machines.linux.state.hosts[host], "127.0.0.1", port, path, {"User-Agent": "test"}, 1_000, method=method)
    return result.status, result.body or result.error


def test_nginx_says_how_it_starts_and_logs_what_it_serves() -> None:
    """The entry point's words first; an access log line a request."""
    machines = Machines()
    host = machines.container("web", "nginx:1.27")
    machines.start(host, machines.image_of(host), log="u/c/0")
    machines.wait(100)
    assert 200 == ask(machines, host, 80, "/")[0]
    assert 404 == ask(machines, host, 80, "/nope")[0]
    assert 405 == ask(machines, host, 80, "/", "POST")[0]
    machines.linux.write_file(host, "/usr/share/nginx/html/docs/a.txt", "a")
    moved = machines.network.http(machines.linux.state.hosts[host], "127.0.0.1", 80, "/docs", {}, 1_000)
    assert (301, "http://127.0.0.1/docs/") == (moved.status, moved.headers["Location"])
    assert [200, 403, 404] == [ask(machines, host, 80, path)[0] for path in ("/docs/a.txt", "/docs/", "/nope/")]
    machines.linux.files(host).remove("/usr/share/nginx/html/index.html")
    assert 403 == ask(machines, host, 80, "/")[0]
    lines = "".join(text for _, text in machines.linux.log("u", "c", 0)).splitlines()
    assert ENTRY == lines[:3]
    assert any('directory index of "/usr/share/nginx/html/docs/" is forbidden' in line for line in lines)
    assert '172.18.0.1 - - [05/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 615 "-" "test" "-"' in [
        line.replace(line.split(" ")[0], "172.18.0.1", 1) for line in lines
    ]


@pytest.mark.parametrize(("tag", "signal"), [("1.27", "QUIT"), ("1.27", "TERM"), ("1.14", "TERM")])
def test_nginx_stops_at_once_with_0(tag: str, signal: str) -> None:
    """Stop signal QUIT; TERM in old ones."""
    machines = Machines()
    host = machines.container("web", f"nginx:{tag}")
    pid = machines.start(host, machines.image_of(host))
    machines.wait(100)
    machines.linux.kill(pid, signal)
    machines.wait(1)
    assert ("first", 100, 0, "") == machines.end_of("first")


def test_a_second_nginx_on_the_port_gives_up_after_its_retries() -> None:
    """bind() fails five times in about 2.5 s."""
    machines = Machines()
    one = machines.container("one", "nginx", network="pod")
    two = machines.container("two", "nginx", network="pod")
    machines.start(one, machines.image_of(one), "one")
    machines.wait(100)
    machines.start(two, machines.image_of(two), "two", log="u/two/0")
    machines.wait(5_000)
    end = machines.end_of("two")
    assert end is not None
    assert 1 == end[2]
    assert 2_000 < end[1] < 3_000
    assert "".join(text for _, text in machines.linux.log("u", "two", 0)).endswith("nginx: [emerg] still could not bind()\n")


def test_nginx_stop_ends_the_master() -> None:
    """`nginx -s stop` in the container."""
    machines = Machines()
    host = machines.container("web", "nginx")
    machines.start(host, machines.image_of(host))
    machines.wait(100)
    machines.run(host, "nginx -s stop")
    machines.wait(1)
    assert machines.end_of("first") is not None


def test_kubetm_app_is_well_until_it_is_told_not_to_be() -> None:
    """/status500 breaks /health, touches the host, and a restart mends it."""
    machines = Machines()
    host = machines.container("pod1", "kubetm/app")
    pid = machines.start(host, machines.image_of(host))
    machines.wait(100)
    before = machines.linux.epoch(host)
    assert (200, "pod1\n") == ask(machines, host, 8080, "/hostname")
    assert (200, "pod1 is running\n") == ask(machines, host, 8080, "/health")
    assert 200 == ask(machines, host, 8080, "/status500")[0]
    assert 500 == ask(machines, host, 8080, "/health")[0]
    assert before + 1 == machines.linux.epoch(host)
    machines.linux.kill(pid, "TERM")
    machines.wait(1)
    assert ("first", 100, 0, "") == machines.end_of("first")


def test_agnhost_liveness_is_well_for_10_s() -> None:
    """Then /healthz answers 500, and the host is touched at that instant."""
    machines = Machines()
    host = machines.container("x", "registry.k8s.io/e2e-test-images/agnhost:2.47")
    machines.start(host, ["/agnhost", "liveness"])
    machines.wait(9_900)
    assert (200, "ok") == ask(machines, host, 8080, "/healthz")
    before = machines.linux.epoch(host)
    machines.wait(200)
    assert 500 == ask(machines, host, 8080, "/healthz")[0]
    assert before + 1 == machines.linux.epoch(host)


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/hostname", (200, "x")),
        ("/echo?msg=hi&code=418", (418, "hi")),
        ("/redirect?location=/hostname", (302, '<a href="/hostname">Found</a>.\n\n')),
        ("/header?key=User-Agent", (200, "test")),
        ("/nope", (200, "NOW: 2026-01-05T00:00:00Z")),
    ],
)
def test_agnhost_netexec_answers(path: str, answer: tuple[int, str]) -> None:
    """What the traces ask of it."""
    machines = Machines()
    host = machines.container("x", "registry.k8s.io/e2e-test-images/agnhost:2.47")
    machines.start(host, ["/agnhost", "netexec", "--http-port=8080"])
    machines.wait(100)
    assert answer == ask(machines, host, 8080, path)


def test_agnhost_grpc_turns_unhealthy() -> None:
    """SERVING, then NOT_SERVING; over plain HTTP its port says nothing."""
    machines = Machines()
    host = machines.container("x", "registry.k8s.io/e2e-test-images/agnhost:2.47")
    machines.start(host, ["/agnhost", "grpc-health-checking", "--port=5000", "--delay-unhealthy-sec=15"])
    machines.wait(100)
    origin = machines.linux.state.hosts[host]
    grpc = "/grpc.health.v1.Health/Check?service="
    assert "SERVING" == machines.network.http(origin, "127.0.0.1", 5000, grpc, {}, 1_000, "grpc").body
    machines.wait(15_000)
    assert "NOT_SERVING" == machines.network.http(origin, "127.0.0.1", 5000, grpc, {}, 1_000, "grpc").body
    assert (0, "timeout") == ask(machines, host, 5000, "/")


def test_leaky_grows_until_it_is_killed() -> None:
    """6 MiB a second against a limit of 20 MiB: the fourth step is one too many."""
    machines = Machines()
    host = machines.container("x", "kubetm/leaky", memory=20 * 1024 * 1024)
    machines.start(host, ["/leaky", "6", "600"])
    machines.wait(10_000)
    assert ("first", 3_005, 137, "OOM") == machines.end_of("first")
