"""create, run, label, annotate, patch, scale, set, delete: what they do and what they say."""

from __future__ import annotations

import pytest

from tests.sim.kubectl.kit import POD, Kit, MemoryContext

SAID = [
    ("kubectl create deployment web --image=nginx --replicas=2", "deployment.apps/web created\n"),
    ("kubectl scale deployment web --replicas=3", "deployment.apps/web scaled\n"),
    ("kubectl set image deployment/web nginx=nginx:1.28", "deployment.apps/web image updated\n"),
    ("kubectl set env deployment/web A=b", "deployment.apps/web env updated\n"),
    ("kubectl set resources deployment/web --limits=cpu=1", "deployment.apps/web resource requirements updated\n"),
    ("kubectl expose deployment web --port=80", "service/web exposed\n"),
    ("kubectl create cm c --from-literal=a=b", "configmap/c created\n"),
    ("kubectl create secret generic s --from-literal=a=b", "secret/s created\n"),
    ("kubectl create service clusterip x --tcp=80", "service/x created\n"),
    ("kubectl create ns lab", "namespace/lab created\n"),
    ("kubectl label cm c a=b", "configmap/c labeled\n"),
    ("kubectl label cm c a=b", "configmap/c not labeled\n"),
    ("kubectl label cm c a-", "configmap/c unlabeled\n"),
    ("kubectl annotate cm c a=b", "configmap/c annotated\n"),
    ("""kubectl patch cm c -p '{"data":{"x":"y"}}'""", "configmap/c patched\n"),
    ("""kubectl patch cm c -p '{"data":{"x":"y"}}'""", "configmap/c patched (no change)\n"),
    ("kubectl delete cm c", 'configmap "c" deleted from default namespace\n'),
    ("kubectl run p --image=nginx", "pod/p created\n"),
    ("kubectl delete pod p --now", 'pod "p" deleted from default namespace\n'),
]


def test_each_change_is_said_in_a_line() -> None:
    """One after the other in one cluster."""
    kit = Kit()
    assert [kit.run(line) for line, _ in SAID] == [(0, said, "") for _, said in SAID]
    spec = kit.api.get("deployments", "web", "default")["spec"]
    container = spec["template"]["spec"]["containers"][0]
    assert (spec["replicas"], container["image"], container["env"]) == (3, "nginx:1.28", [{"name": "A", "value": "b"}])


def test_a_label_is_not_overwritten_unasked() -> None:
    """--overwrite is needed."""
    kit = Kit()
    kit.run("kubectl apply -f -", POD)
    assert kit.run("kubectl label pod web app=x") == (1, "", "error: 'app' already has a value (web), and --overwrite is false\n")
    assert kit.run("kubectl label pod web app=x --overwrite") == (0, "pod/web labeled\n", "")


def test_a_generator_can_show_what_it_would_make() -> None:
    """YAML in the order of its keys."""
    assert Kit().says("kubectl create cm c --from-literal=b=1 --from-literal=a=yes --dry-run=client -o yaml") == (
        'apiVersion: v1\ndata:\n  a: "yes"\n  b: "1"\nkind: ConfigMap\nmetadata:\n  name: c\n'
    )


def test_a_kind_that_is_not_served_can_still_be_shown() -> None:
    """A dry run of the client asks no server."""
    assert Kit().says("kubectl create role r --verb=get --resource=pods --dry-run=client -o name") == "role.rbac.authorization.k8s.io/r\n"


@pytest.mark.parametrize("line", ["kubectl delete pods", "kubectl delete pod"])
def test_deleting_nothing_in_particular_is_refused(line: str) -> None:
    """A kind alone is not enough."""
    says = Kit().run(line)
    assert says == (1, "", "error: resource(s) were provided, but no name was specified\n")


def test_deleting_waits_until_the_object_is_gone() -> None:
    """Finalisers keep it; --wait=false does not wait for them."""
    kit = Kit()
    kit.run("kubectl apply -f -", POD)
    kit.run("""kubectl patch pod web -p '{"metadata":{"finalizers":["lab/keep"]}}'""")
    ctx = kit.start("kubectl delete pod web --now")
    assert kit.go_on(ctx, kit.world.now + 60_000) is None
    assert kit.run("kubectl delete pod web --wait=false")[0] == 0
    kit.world.kernel.handle("free", lambda key: _free(kit, key))
    kit.world.kernel.at(kit.world.now + 1000, "free", "web")
    assert kit.go_on(ctx, kit.world.now + 60_000) == 0


def _free(kit: Kit, name: str) -> None:
    kit.api.patch("pods", name, "default", {"metadata": {"finalizers": None}}, "merge", by="learner")


def test_force_comes_with_a_warning() -> None:
    """The Pod may go on running."""
    kit = Kit()
    kit.run("kubectl apply -f -", POD)
    code, out, err = kit.run("kubectl delete pod web --force")
    assert (code, out) == (0, 'pod "web" force deleted from default namespace\n')
    assert err.startswith("Warning: Immediate deletion does not wait for confirmation")


def test_a_shell_without_a_terminal_cannot_be_typed_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused openly instead of ending at once; with a script it runs."""
    kit = Kit()
    monkeypatch.setattr(MemoryContext, "is_tty", lambda self, fd: True)
    code, _, err = kit.run("kubectl run box -i --image=busybox -- sh")
    assert (code, "not supported in this lab" in err) == (1, True)
    assert kit.go_on(kit.start("kubectl run box -it --image=busybox -- sh -c 'echo a'"), kit.world.now + 5000) is None
    assert [each["metadata"]["name"] for each in kit.api.list("pods")] == ["box"]
