"""Static Pods and their mirrors."""

from __future__ import annotations

from tests.sim.kubelet.rig import Rig

MANIFEST = (
    "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers: [{name: web, image: 'busybox:1.36', command: [run, '-']}]\n"
)
PATH = "/etc/kubernetes/manifests/web.yaml"


def rig_with_manifest() -> Rig:
    rig = Rig()
    rig.linux.write_file("node/node-1", PATH, MANIFEST)
    rig.run(5)
    return rig


def test_a_manifest_runs_and_its_mirror_shows_it() -> None:
    """The mirror is named after the node, belongs to it, and is Running."""
    rig = rig_with_manifest()
    mirror = rig.get("web-node-1")
    assert mirror is not None
    assert "Running" == mirror["status"]["phase"]
    assert ("Node", "node-1") == (mirror["metadata"]["ownerReferences"][0]["kind"], mirror["metadata"]["ownerReferences"][0]["name"])


def test_a_deleted_mirror_is_made_again_and_the_container_goes_on() -> None:
    """Deleting it is in vain."""
    rig = rig_with_manifest()
    before = rig.get("web-node-1")
    rig.api.delete("pods", "web-node-1", "default", by="learner")
    rig.run(10)
    after = rig.get("web-node-1")
    assert before is not None and after is not None
    assert before["metadata"]["uid"] != after["metadata"]["uid"]
    assert before["status"]["containerStatuses"] == after["status"]["containerStatuses"]


def test_with_its_manifest_the_pod_goes() -> None:
    """The container is stopped, then the mirror is deleted."""
    rig = rig_with_manifest()
    rig.linux.files("node/node-1").remove(PATH)
    rig.run(40)
    assert rig.get("web-node-1") is None
    assert "Stopping container web" in [message for _, _, message, _ in rig.events()]
    assert {} == rig.kubelet.core.state.workers


def test_a_text_that_is_no_pod_is_passed_over() -> None:
    """The kubelet goes on with the others."""
    rig = Rig()
    rig.linux.write_file("node/node-1", PATH.replace("web", "bad"), "kind: [")
    rig.linux.write_file("node/node-1", PATH, MANIFEST)
    rig.run(5)
    assert rig.get("web-node-1") is not None
