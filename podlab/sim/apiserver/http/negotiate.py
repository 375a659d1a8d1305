"""What the client accepts: JSON as it is, YAML, a Table, or only the metadata.

Upstream: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/negotiation. Left out: protobuf.
"""

from __future__ import annotations

from podlab.sim.api.goyaml import to_yaml
from podlab.sim.apiserver.http import tables
from podlab.sim.apiserver.http.bodies import ACCEPTED
from podlab.sim.apiserver.http.types import HttpAnswer, Request
from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError
from podlab.sim.world import World

VERSIONS = ("v1", "v1beta1")
STREAMS = "application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch"


class Wish:
    """One media range of an Accept header."""

    def __init__(self, text: str) -> None:
        media, *parameters = (each.strip() for each in text.split(";"))
        self.media = media.lower()
        pairs = (each.partition("=") for each in parameters)
        self.parameters = {name: value for name, _, value in pairs}

    @property
    def kind(self) -> str:
        """`Table`, `PartialObjectMetadata`, `PartialObjectMetadataList` or empty."""
        return self.parameters.get("as", "") if self.parameters.get("g", "") == "meta.k8s.io" else ""

    @property
    def possible(self) -> bool:
        """Whether this server can answer so."""
        plain = self.media in ("*/*", "application/*", "application/json", "application/yaml")
        return plain and (not self.kind or self.version in VERSIONS)

    @property
    def version(self) -> str:
        """The version of the other kind that is asked for."""
        return self.parameters.get("v", "")


def wish_of(request: Request) -> Wish:
    """The first media range that can be met; NotAcceptable."""
    header = request.headers.get("accept", "") or "*/*"
    for each in header.split(","):
        wish = Wish(each)
        if wish.possible:
            return wish
    if "as=" in header:
        raise StatusError("NotAcceptable", f"only the following media types are accepted: {ACCEPTED}")
    listed = ACCEPTED if request.name else f"{ACCEPTED}, {STREAMS}"
    raise StatusError("NotAcceptable", f"406: Not Acceptable\n\nAvailable representations: {listed}", details={})


def check_accept(request: Request) -> None:
    """Refuse before anything is done."""
    if wish_of(request).kind == "Table":
        tables.check(request)


def convert(world: World, request: Request, answer: HttpAnswer) -> HttpAnswer:
    """The answer in the form that was asked for."""
    wish = wish_of(request)
    if answer.code < 400 and answer.text is None and wish.kind == "Table":
        return _tabled(world, request, answer, wish.version)
    if answer.code < 400 and wish.kind.startswith("PartialObjectMetadata"):
        return _only_metadata(answer, wish.kind)
    return answer


def _tabled(world: World, request: Request, answer: HttpAnswer, version: str) -> HttpAnswer:
    """Objects as Tables; a Status and a Scale stay what they are."""
    row = request.row
    if answer.events is not None:
        answer.events = [
            each
            if each["type"] == "ERROR"
            else {**each, "object": tables.table(world, request, each["object"], version, headers=not number)}
            for number, each in enumerate(answer.events)
        ]
    elif row is not None and answer.body.get("kind") in (row.kind, f"{row.kind}List"):
        answer.body = tables.table(world, request, answer.body, version)
    return answer


def _only_metadata(answer: HttpAnswer, kind: str) -> HttpAnswer:
    body = answer.body
    if answer.events is not None:
        answer.events = [{"type": each["type"], "object": _metadata(each["object"])} for each in answer.events]
        return answer
    plural = isinstance(body, dict) and "items" in body
    name = f"*core.{body.get('kind')}"
    if plural and kind == "PartialObjectMetadata":
        raise StatusError("NotAcceptable", f"you requested PartialObjectMetadata, but the requested object is a list ({name})")
    if not plural and kind == "PartialObjectMetadataList":
        raise StatusError("NotAcceptable", f"you requested PartialObjectMetadataList, but the requested object is not a list ({name})")
    answer.body = _list(body) if plural else _metadata(body)
    return answer


def rendered(request: Request, answer: HttpAnswer) -> HttpAnswer:
    """YAML where that was asked for; JSON is left to who sends the answer."""
    wished = request.headers.get("accept", "")
    if "yaml" in wished and answer.text is None and answer.events is None and Wish(wished.partition(",")[0]).media == "application/yaml":
        answer.text, answer.content_type = to_yaml(answer.body), "application/yaml"
    return answer


def _metadata(obj: Obj) -> Obj:
    return {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": obj["metadata"]}


def _list(body: Obj) -> Obj:
    items = [_metadata(each) for each in body["items"]]
    return {"kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1", "metadata": body["metadata"], "items": items}
