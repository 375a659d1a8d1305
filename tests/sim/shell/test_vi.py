"""An editor in the learner's terminal is the page's own."""

from podlab.sim.changes import Output
from podlab.sim.cluster import Cluster
from podlab.sim.commands import OpenTerminal, SaveFile, TypeLine


def shown(cluster: Cluster) -> str:
    return "".join(each.text for each in cluster.take_changes() if isinstance(each, Output))


def test_kubectl_edit_opens_the_page_s_editor_and_goes_on_at_enter() -> None:
    """The file's name crosses in a sequence that no terminal shows; what was saved is applied."""
    cluster = Cluster.start(Cluster.boot("solo"), 1, 1_767_571_200_000)
    cluster.apply(OpenTerminal("1"))
    cluster.finish(cluster.script("kubectl run web --image=nginx"))
    cluster.take_changes()
    cluster.apply(TypeLine("1", "kubectl edit pod web"))
    cluster.advance(cluster.now + 1000)
    text = shown(cluster)
    path = text.partition("\x1b]7001;")[2].partition("\x07")[0]
    assert path.startswith("/tmp/kubectl-edit-") and "Save it there, then press Enter here." in text
    held = cluster.linux.read_file("workstation", path) or ""
    cluster.apply(SaveFile(path, held.replace("run: web", "run: other")))
    cluster.apply(TypeLine("1", ""))
    cluster.advance(cluster.now + 1000)
    assert "pod/web edited" in shown(cluster)
    assert {"run": "other"} == cluster.api.get("pods", "web", "default")["metadata"]["labels"]


def test_where_there_is_no_terminal_of_the_page_it_says_what_to_use() -> None:
    """In a script, and on a node."""
    cluster = Cluster.start(Cluster.boot("solo"), 1, 1_767_571_200_000)
    assert "not supported in this lab: vi" in cluster.finish(cluster.script("vi x.yaml")).err
    assert "not supported in this lab: vi" in cluster.finish(cluster.script("vi x.yaml", host="node/node-1")).err
