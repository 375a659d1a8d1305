"""A cluster of the learner's own nodes: the form, and what it says of lines that cannot be."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from podlab.learners import service as learners
from podlab.session import service as sessions
from podlab.session.own import PRESET
from podlab.sim.presets.own import LIMIT, Wrong, read
from podlab.web.page import language_of, page
from podlab.web.texts import texts

LONGEST = 20_000
EXAMPLE = """\
node-1 topology.kubernetes.io/zone=a disktype=ssd
node-2 topology.kubernetes.io/zone=b
gpu-1  topology.kubernetes.io/zone=b gpu=true:NoSchedule cpu:8 memory:16Gi
"""


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """Open a cluster with the nodes that were written; what is wrong stands beside the lines (422). A full house says so (429)."""
    if request.method != "POST":
        return page(request, "own.html", {"nodes": EXAMPLE, "limit": LIMIT})
    nodes = request.POST.get("nodes", "").replace("\r\n", "\n")
    wrong = [Wrong(0, "", "many", str(LIMIT))] if len(nodes) > LONGEST else read(nodes)[1]
    if wrong:
        told = [_sentence(each, language_of(request)) for each in wrong[:10]]
        return page(request, "own.html", {"nodes": nodes[:LONGEST], "limit": LIMIT, "wrong": told}, status=422)
    try:
        session = sessions.create_session(learners.learner_of(request), PRESET, nodes=nodes)
    except sessions.TooMany:
        return page(request, "full.html", {}, status=429)
    return redirect("lab", session=session.pk)


def _sentence(wrong: Wrong, language: str) -> dict[str, str]:
    """Where it stands, the word, and what is wrong with it in the reader's language; the API server's own words stay as they are."""
    words = texts(language)
    place = words["own_line"].replace("{line}", str(wrong.line)) if wrong.line else ""
    return {"place": place, "word": wrong.word, "text": words[f"own_wrong_{wrong.code}"].replace("{detail}", wrong.detail)}
