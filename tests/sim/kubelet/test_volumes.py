"""Volumes: what is in them, and what keeps a Pod waiting."""

from __future__ import annotations

import pytest

from podlab.sim.changes import Obj
from tests.sim.kubelet.rig import Rig

READ = {"name": "app", "command": ["sh", "-c", "cat /v/*; sleep 1000"], "volumeMounts": [{"name": "v", "mountPath": "/v"}]}


def config_map(rig: Rig, name: str, **data: str) -> None:
    rig.api.create(
        "configmaps",
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "default"}, "data": data},
        by="learner",
    )


def seen_by(rig: Rig, volume: Obj, path: str) -> str | None:
    """A file of the volume as the container sees it."""
    pod = rig.get() or rig.pod({"containers": [READ], "volumes": [{"name": "v", **volume}]})
    rig.run(rig.world.now / 1000 + 3)
    container = rig.containerd.containers(pod["metadata"]["uid"])[0]
    return rig.linux.read_file(f"container/{container.id}", path)


def test_a_config_map_gives_a_file_a_key() -> None:
    """Items choose keys and names."""
    rig = Rig()
    config_map(rig, "cm", mode="fast", other="x")
    assert "fast" == seen_by(rig, {"configMap": {"name": "cm", "items": [{"key": "mode", "path": "m/ode"}]}}, "/v/m/ode")


def test_downward_api_shows_labels_and_limits() -> None:
    """Fields of the Pod as files."""
    rig = Rig()
    items = [
        {"path": "name", "fieldRef": {"fieldPath": "metadata.name"}},
        {"path": "cpu", "resourceFieldRef": {"containerName": "app", "resource": "limits.cpu"}},
    ]
    assert "p" == seen_by(rig, {"downwardAPI": {"items": items}}, "/v/name")
    assert "2" == seen_by(rig, {}, "/v/cpu")


@pytest.mark.parametrize(
    ("volume", "why"),
    [
        ({"configMap": {"name": "cm"}}, 'configmap "cm" not found'),
        ({"secret": {"secretName": "s"}}, 'secret "s" not found'),
        ({"hostPath": {"path": "/no/such", "type": "Directory"}}, "hostPath type check failed: /no/such is not a directory"),
        ({"nfs": {"server": "a", "path": "/b"}}, "not supported in this lab: volumes of type nfs"),
    ],
)
def test_what_cannot_be_mounted_keeps_the_pod_waiting_and_is_told_at_doubling_distances(volume: Obj, why: str) -> None:
    """EV-2 FailedMount; the container stays ContainerCreating, PodReadyToStartContainers False."""
    rig = Rig()
    rig.pod({"containers": [READ], "volumes": [{"name": "v", **volume}]})
    rig.run(9)
    told = [(t, message) for t, reason, message, _ in rig.events() if reason == "FailedMount"]
    assert [0.01, 0.51, 1.51, 3.51, 7.51] == [t for t, _ in told]
    assert f'MountVolume.SetUp failed for volume "v" : {why}' == told[0][1]
    assert "ContainerCreating" == rig.status()["containerStatuses"][0]["state"]["waiting"]["reason"]


def test_a_mounted_config_map_follows_within_a_resync() -> None:
    """The files change a minute after the last sync; nothing restarts."""
    rig = Rig()
    config_map(rig, "cm", mode="fast")
    assert "fast" == seen_by(rig, {"configMap": {"name": "cm"}}, "/v/mode")
    held = rig.api.get("configmaps", "cm", "default")
    rig.api.update("configmaps", {**held, "data": {"mode": "slow"}}, by="learner")
    rig.run(30)
    assert "fast" == seen_by(rig, {}, "/v/mode")
    rig.run(70)
    assert "slow" == seen_by(rig, {}, "/v/mode")
    assert 0 == rig.status()["containerStatuses"][0]["restartCount"]


@pytest.mark.parametrize("volume", [{"emptyDir": {}}, {"hostPath": {"path": "/data"}}], ids=["emptyDir", "hostPath"])
def test_what_a_sub_path_names_is_a_directory_when_nothing_is_there_yet(volume: Obj) -> None:
    """So containers share parts of one volume."""
    rig = Rig()
    mount = {"name": "v", "mountPath": "/part", "subPath": "a/b"}
    writer = {"name": "app", "command": ["sh", "-c", "echo x > /part/file; sleep 1000"], "volumeMounts": [mount]}
    reader = {"name": "all", "command": ["sleep", "1000"], "volumeMounts": [{"name": "v", "mountPath": "/v"}]}
    pod = rig.pod({"containers": [writer, reader], "volumes": [{"name": "v", **volume}]})
    rig.run(5)
    container = next(each for each in rig.containerd.containers(pod["metadata"]["uid"]) if each.name == "all")
    assert "x\n" == rig.linux.read_file(f"container/{container.id}", "/v/a/b/file")


@pytest.mark.parametrize(
    ("limit", "others", "size"),
    [
        ({}, {}, 2 * 1024**3),
        ({"sizeLimit": "10Mi"}, {}, 10 * 1024**2),
        ({"sizeLimit": "100Mi"}, {"resources": {"limits": {"memory": "64Mi"}}}, 64 * 1024**2),
        ({}, {"resources": {"limits": {"memory": "64Mi"}}}, 64 * 1024**2),
    ],
)
def test_a_volume_in_memory_is_as_large_as_its_limit_its_pod_or_its_node(limit: Obj, others: Obj, size: int) -> None:
    """The smallest of the three counts; volumes on disk have none: they are evicted for."""
    rig = Rig()
    rig.pod(
        {
            "containers": [{"name": "app", "volumeMounts": [{"name": "v", "mountPath": "/v"}, {"name": "d", "mountPath": "/d"}], **others}],
            "volumes": [{"name": "v", "emptyDir": {"medium": "Memory", **limit}}, {"name": "d", "emptyDir": {"sizeLimit": "1Mi"}}],
        }
    )
    rig.run(5)
    host = next(each for each in rig.linux.state.hosts.values() if each.name.startswith("container/"))
    assert {"/v": size, "/d": 0} == {each.path: each.limit for each in host.mounts if each.path in ("/v", "/d")}


@pytest.mark.parametrize(
    ("path", "type_", "why"),
    [
        ("/no/such", "FileOrCreate", "open /no/such: no such file or directory"),
        ("/etc/passwd/x", "DirectoryOrCreate", "mkdir /etc/passwd/x: not a directory"),
        ("/etc/passwd", "DirectoryOrCreate", "hostPath type check failed: /etc/passwd is not a directory"),
    ],
)
def test_what_cannot_be_made_on_the_node_is_told(path: str, type_: str, why: str) -> None:
    """FailedMount with the system's own words."""
    rig = Rig()
    volume = {"name": "v", "hostPath": {"path": path, "type": type_}}
    rig.pod({"containers": [{"name": "app", "volumeMounts": [{"name": "v", "mountPath": "/v"}]}], "volumes": [volume]})
    rig.run(3)
    assert f'MountVolume.SetUp failed for volume "v" : {why}' in [message for _, _, message, _ in rig.events()]
