"""kubectl apply: created, unchanged, configured; what the manifest no longer says is taken away."""

from __future__ import annotations

from tests.sim.kubectl.kit import POD, Kit


def test_it_creates_leaves_alone_and_configures() -> None:
    """The same manifest twice changes nothing; another label is a change."""
    kit = Kit()
    assert kit.run("kubectl apply -f -", POD) == (0, "pod/web created\n", "")
    assert kit.run("kubectl apply -f -", POD) == (0, "pod/web unchanged\n", "")
    assert kit.run("kubectl apply -f -", POD.replace("app: web", "app: web, tier: front")) == (0, "pod/web configured\n", "")


def test_what_the_last_manifest_said_and_this_one_does_not_is_removed() -> None:
    """Labels that others have set stay; the one that the manifest has dropped goes."""
    kit = Kit()
    kit.run("kubectl apply -f -", POD.replace("app: web", "app: web, tier: front"))
    kit.run("kubectl label pod web owner=me")
    kit.run("kubectl apply -f -", POD)
    assert kit.api.get("pods", "web", "default")["metadata"]["labels"] == {"app": "web", "owner": "me"}


def test_the_annotation_holds_the_last_manifest() -> None:
    """It is JSON of one line with an end of line."""
    kit = Kit()
    kit.run("kubectl apply -f -", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b}\n")
    held = kit.api.get("configmaps", "c", "default")["metadata"]["annotations"]
    assert held == {
        "kubectl.kubernetes.io/last-applied-configuration": '{"apiVersion":"v1","data":{"a":"b"},"kind":"ConfigMap",'
        '"metadata":{"annotations":{},"name":"c","namespace":"default"}}\n'
    }


def test_a_dry_run_changes_nothing() -> None:
    """Neither the client's nor the server's."""
    kit = Kit()
    assert kit.says("kubectl apply -f - --dry-run=client", POD) == "pod/web created (dry run)\n"
    assert kit.says("kubectl apply -f - --dry-run=server", POD) == "pod/web created (server dry run)\n"
    assert kit.api.list("pods") == []


def test_one_document_that_is_refused_does_not_keep_the_others_back() -> None:
    """Each document is tried; the exit code tells that one went wrong."""
    kit = Kit()
    bad = POD.replace("name: web\n", "name: Web\n", 1)
    code, out, err = kit.run("kubectl apply -f -", f"{bad}---\n{POD}")
    assert (code, out) == (1, "pod/web created\n")
    assert err.startswith('The Pod "Web" is invalid: metadata.name: Invalid value: "Web"')


def test_an_unknown_field_is_named_with_its_path() -> None:
    """Validation is strict; `--validate=false` leaves the field out in silence."""
    kit = Kit()
    wrong = POD.replace("spec:", "spec:\n  colour: red")
    assert 'strict decoding error: unknown field "spec.colour"' in kit.says("kubectl apply -f -", wrong)
    assert kit.run("kubectl apply --validate=false -f -", wrong) == (0, "pod/web created\n", "")


def test_an_object_made_by_create_is_taken_over_with_a_warning() -> None:
    """It has no annotation of the last manifest."""
    kit = Kit()
    kit.run("kubectl create -f -", POD)
    code, out, err = kit.run("kubectl apply -f -", POD)
    assert (code, out) == (0, "pod/web configured\n")
    assert err.startswith("Warning: resource pods/web is missing the kubectl.kubernetes.io/last-applied-configuration annotation")


MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b, x: one}\n"


def _owners(kit: Kit) -> list[tuple[str, str, list[str]]]:
    found = kit.api.managed_fields(kit.api.get("configmaps", "c", "default"))
    return [(each["manager"], each["operation"], sorted(each["fieldsV1"])) for each in found]


def test_server_side_apply_takes_over_from_client_side_apply() -> None:
    """Its entry is handed over, the annotation has an owner of its own, and what the new manifest drops goes."""
    kit = Kit()
    kit.run("kubectl apply -f -", MAP)
    assert kit.run("kubectl apply --server-side -f -", MAP.replace("a: b, x: one", "a: new")) == (0, "configmap/c serverside-applied\n", "")
    held = kit.api.get("configmaps", "c", "default")
    assert held["data"] == {"a": "new"}
    assert '"data":{"a":"new"}' in held["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"]
    assert sorted(_owners(kit)) == [("kubectl", "Apply", ["f:data"]), ("kubectl-last-applied", "Apply", ["f:metadata"])]


def test_it_takes_nothing_that_somebody_else_has_changed_since() -> None:
    """The last applied value is not the object's any more."""
    kit = Kit()
    kit.run("kubectl apply -f -", MAP)
    kit.run("""kubectl patch cm c -p '{"data":{"a":"theirs"}}' --field-manager=them""")
    code, _, told = kit.run("kubectl apply --server-side -f -", MAP.replace("a: b", "a: mine"))
    assert code == 1
    assert told.startswith('error: Apply failed with 1 conflict: conflict with "them" using v1: .data.a\nPlease review the fields above--')


def test_another_manager_is_told_how_to_resolve_a_conflict() -> None:
    """Only kubectl's own name takes over silently."""
    kit = Kit()
    kit.run("kubectl apply -f -", MAP)
    code, _, told = kit.run("kubectl apply --server-side --field-manager=me -f -", MAP.replace("a: b", "a: mine"))
    assert (code, told.splitlines()[0]) == (
        1,
        'error: Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using v1: .data.a',
    )
    assert "re-run the apply\n  command with the `--force-conflicts` flag." in told


def test_managed_fields_are_patched_away() -> None:
    """An entry without anything resets them."""
    kit = Kit()
    kit.run("kubectl apply -f -", MAP)
    patch = """kubectl patch cm c --type=json -p '[{"op":"replace","path":"/metadata/managedFields","value":[{}]}]'"""
    assert kit.says(patch) == "configmap/c patched\n"
    assert _owners(kit) == []
