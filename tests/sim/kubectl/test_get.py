"""kubectl get: tables, forms of output, selections, and what it says of what is not there."""

from __future__ import annotations

import json

from tests.sim.kubectl.kit import POD, Kit


def kit_with_pods(*names: str) -> Kit:
    kit = Kit()
    for each in names:
        kit.run("kubectl apply -f -", POD.replace("name: web\n", f"name: {each}\n", 1).replace("app: web", f"app: {each}"))
    return kit


def test_a_table_is_aligned_and_sorted_by_name() -> None:
    """Three spaces between the columns."""
    kit = kit_with_pods("b", "a")
    assert kit.says("kubectl get pods") == (
        "NAME   READY   STATUS    RESTARTS   AGE\na      0/1     Pending   0          0s\nb      0/1     Pending   0          0s\n"
    )


def test_short_names_and_plurals_mean_the_same() -> None:
    """po, pod, pods and a name with version."""
    kit = kit_with_pods("a")
    assert {kit.says(f"kubectl get {each} -o name") for each in ("po", "pod", "pods", "pods.v1.", "PODS")} == {"pod/a\n"}


def test_several_kinds_are_told_apart_by_prefixes() -> None:
    """An empty line between the tables."""
    kit = kit_with_pods("a")
    kit.run("kubectl create cm c")
    assert kit.says("kubectl get po,cm") == (
        "NAME    READY   STATUS    RESTARTS   AGE\n"
        "pod/a   0/1     Pending   0          0s\n"
        "\n"
        "NAME          DATA   AGE\n"
        "configmap/c   0      0s\n"
    )


def test_labels_select() -> None:
    """Equality, inequality and sets."""
    kit = kit_with_pods("a", "b", "c")
    assert kit.says("kubectl get po -o name -l app=a") == "pod/a\n"
    assert kit.says("kubectl get po -o name -l app!=a") == "pod/b\npod/c\n"
    assert kit.says("kubectl get po -o name -l 'app in (a, b)'") == "pod/a\npod/b\n"


def test_nothing_there_is_said_on_stderr_and_is_no_failure() -> None:
    """With the namespace; for a name it is one."""
    kit = Kit()
    assert kit.run("kubectl get pods") == (0, "", "No resources found in default namespace.\n")
    assert kit.run("kubectl get pods -A") == (0, "", "No resources found\n")
    assert kit.run("kubectl get pod x") == (1, "", 'Error from server (NotFound): pods "x" not found\n')
    assert kit.run("kubectl get pod x --ignore-not-found") == (0, "", "")


def test_an_unknown_kind_is_refused() -> None:
    """In the server's name."""
    assert Kit().run("kubectl get frogs") == (1, "", 'error: the server doesn\'t have a resource type "frogs"\n')


def test_json_is_the_object() -> None:
    """Several objects come as a List."""
    kit = kit_with_pods("a", "b")
    assert json.loads(kit.says("kubectl get pod a -o json")) == kit.api.get("pods", "a", "default")
    held = json.loads(kit.says("kubectl get pods -o json"))
    assert (held["kind"], [each["metadata"]["name"] for each in held["items"]]) == ("List", ["a", "b"])


def test_an_unknown_form_of_output_is_refused_with_the_known_ones() -> None:
    """All of them, in the order of the alphabet."""
    code, out, err = Kit().run("kubectl get pods -o nope")
    assert (code, out) == (1, "")
    assert err.startswith('error: unable to match a printer suitable for the output format "nope", allowed formats are: custom-columns,')


def test_rows_can_be_sorted() -> None:
    """By any field; the order of names breaks ties."""
    kit = kit_with_pods("a", "b")
    kit.run("kubectl label pod a rank=z")
    kit.run("kubectl label pod b rank=y")
    assert kit.says("kubectl get pods -o name --sort-by=.metadata.labels.rank") == "pod/b\npod/a\n"


def test_a_watch_goes_on_with_what_changes() -> None:
    """It suspends; an object of the kind that changes makes a row: marked for deletion, then gone."""
    kit = kit_with_pods("a")
    ctx = kit.start("kubectl get pods -w")
    assert kit.go_on(ctx, kit.world.now + 1000) is None
    assert ctx.stdout == "NAME   READY   STATUS    RESTARTS   AGE\na      0/1     Pending   0          0s\n"
    kit.world.kernel.handle("later", lambda key: _delete(kit, key))
    kit.world.kernel.at(kit.world.now + 2000, "later", "a")
    assert kit.go_on(ctx, kit.world.now + 5000) is None
    assert ctx.stdout.splitlines()[2:] == ["a      0/1     Terminating   0          3s"] * 2


def _delete(kit: Kit, name: str) -> None:
    kit.api.delete("pods", name, "default", by="learner", grace=0)


def test_raw_gives_what_the_server_answers() -> None:
    """A path of the API, its health, and what is not there."""
    kit = kit_with_pods("a")
    assert "ok" == kit.says("kubectl get --raw /healthz")
    assert kit.says("kubectl get --raw /api/v1/namespaces/default/pods/a").startswith(
        '{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a",'
    )
    listed = json.loads(kit.says("kubectl get --raw '/api/v1/namespaces/default/pods?labelSelector=app=a'"))
    assert ("PodList", ["a"]) == (listed["kind"], [each["metadata"]["name"] for each in listed["items"]])
    assert "Error from server (NotFound): the server could not find the requested resource\n" == kit.says("kubectl get --raw /nothing")


def test_a_watch_ends_without_a_word_when_its_request_times_out() -> None:
    """`--request-timeout` counts for the watch, which is a request of its own; a number alone is seconds."""
    kit = kit_with_pods("a")
    assert kit.run("kubectl get pods --watch-only --request-timeout=1s") == (0, "", "")
    began = kit.world.now
    code, out, err = kit.run("kubectl get pods -w --request-timeout=3")
    assert (code, out.count("Pending"), err, (kit.world.now - began) // 1000) == (0, 1, "", 3)


def test_a_timeout_that_is_none_is_refused() -> None:
    """In client-go's words."""
    _, _, err = kit_with_pods("a").run("kubectl get pods -w --request-timeout=soon")
    assert err.startswith("error: Invalid timeout value. Timeout must be a single integer in seconds")
