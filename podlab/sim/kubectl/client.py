"""kubectl's requests to the API server, each as the user whom the flags name.

Objects given out carry apiVersion and kind; warnings of the server go to standard error.

Upstream: staging/src/k8s.io/cli-runtime/pkg/resource/helper.go, client-go/rest/warnings.go. Left out: paging (a list is one answer).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from podlab.sim.api.resources import Resource
from podlab.sim.apiserver.answers import unsupported
from podlab.sim.apiserver.authorizer import tokens
from podlab.sim.apiserver.authorizer.rbac import Attributes, allowed, refusal
from podlab.sim.apiserver.authorizer.users import User, user_of
from podlab.sim.apiserver.beats import renewed
from podlab.sim.apiserver.patching import PatchType
from podlab.sim.changes import Obj
from podlab.sim.errors import StatusError
from podlab.sim.kubectl import selectors, timeouts

if TYPE_CHECKING:
    from podlab.sim.apiserver.server import ApiServer
    from podlab.sim.kubectl.invocation import Invocation

Texts = list[str]
Objs = list[Obj]
USER = "learner"
_UNKNOWN = ('unknown field "', 'duplicate field "')
_WITH_OWNERS = ("jsonpath", "go-template", "template", "custom-columns")
_ENDPOINTS = "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"


class Options(TypedDict):
    """What a PATCH takes besides."""

    dry_run: bool
    subresource: str
    field_manager: str
    force: bool
    strict: bool
    warnings: Texts


class Client:
    """The API server as one run of kubectl sees it."""

    def __init__(self, inv: Invocation) -> None:
        self._inv = inv
        self._checked = False
        self._warned: set[str] = set()

    @property
    def _api(self) -> ApiServer:
        if not self._checked:
            self._inv.config.check(self._inv.path, placed=self._inv.namespace_given)
            timeouts.parse(self._inv.flags["request-timeout"])
            self._checked = True
        return self._inv.ctx.world.api

    def warn(self, text: str) -> None:
        """Print a warning once."""
        if text not in self._warned:
            self._warned.add(text)
            self._inv.err(f"Warning: {text}\n")

    def list(self, resource: Resource, namespace: str = "", labels: str = "", fields: str = "") -> list[Obj]:
        """The objects that both selectors match, by name; StatusError BadRequest for a selector that cannot be read."""
        self._check(resource, "list", namespace)
        try:
            label_matches = selectors.labels(labels)
            field_matches = selectors.fields(resource, fields)
        except ValueError as error:
            where = f'Unable to find "{resource.api_version if resource.group else "/" + resource.version}, Resource={resource.plural}" that match'
            raise StatusError("BadRequest", f'{where} label selector "{labels}", field selector "{fields}": {error}') from None
        found = self._api.list(resource.plural, namespace if resource.namespaced else "")
        self._deprecated(resource)
        return [
            self._shown(resource, each) for each in found if label_matches(each["metadata"].get("labels") or {}) and field_matches(each)
        ]

    def get(self, resource: Resource, namespace: str, name: str) -> Obj:
        """The object; StatusError NotFound."""
        self._check(resource, "get", namespace, name)
        obj = self._api.get(resource.plural, name, namespace if resource.namespaced else "")
        self._deprecated(resource)
        return self._shown(resource, obj)

    def find(self, resource: Resource, namespace: str, name: str) -> Obj | None:
        """The object, or None."""
        obj = self._api.find(resource.plural, name, namespace if resource.namespaced else "")
        return None if obj is None else self._shown(resource, obj)

    def create(self, resource: Resource, obj: Obj, *, dry_run: bool = False) -> Obj:
        """Create; unknown fields are an error unless `--validate` says otherwise."""
        self._check(resource, "create", obj["metadata"].get("namespace", ""))
        said: Texts = []
        new = self._api.create(
            resource.plural, obj, by=USER, dry_run=dry_run, strict=self._strict, warnings=said, field_manager=self._manager
        )
        return self._answered(resource, new, said)

    def replace(self, resource: Resource, obj: Obj, *, dry_run: bool = False, subresource: str = "") -> Obj:
        """PUT the whole object."""
        self._check(resource, "update", obj["metadata"].get("namespace", ""), obj["metadata"]["name"])
        said: Texts = []
        new = self._api.update(
            resource.plural,
            obj,
            by=USER,
            dry_run=dry_run,
            subresource=subresource,
            strict=self._strict,
            warnings=said,
            field_manager=self._manager,
        )
        return self._answered(resource, new, said)

    def patch(
        self,
        resource: Resource,
        namespace: str,
        name: str,
        patch: Any,
        kind: PatchType = "strategic",
        *,
        dry_run: bool = False,
        subresource: str = "",
        manager: str = "",
        force: bool = False,
    ) -> Obj:
        """PATCH; `kind`: strategic, merge, json or apply."""
        self._check(resource, "patch", namespace, name)
        if subresource and subresource not in resource.subresources:
            raise StatusError("NotFound", "the server could not find the requested resource")
        said: Texts = []
        place = namespace if resource.namespaced else ""
        more = Options(
            dry_run=dry_run,
            subresource=subresource,
            field_manager=manager or self._manager,
            force=force,
            strict=self._strict,
            warnings=said,
        )
        new = self._api.patch(resource.plural, name, place, patch, kind, by=USER, **more)
        return self._answered(resource, new, said)

    def _answered(self, resource: Resource, obj: Obj, warnings: Texts) -> Obj:
        ignored = _UNKNOWN if self._inv.flags.get("validate") in ("ignore", "false") else ()
        for each in warnings:
            if not each.startswith(ignored):
                self.warn(each)
        return self._shown(resource, obj)

    def _shown(self, resource: Resource, obj: Obj) -> Obj:
        """The object with its type, and with who owns its fields where the output may tell."""
        flags, obj = self._inv.flags, renewed(self._api, obj)
        if not flags.get("show-managed-fields") and not str(flags.get("output") or "").startswith(_WITH_OWNERS):
            return typed(resource, obj)
        owners = self.owners(obj)
        return typed(resource, {**obj, "metadata": {**obj["metadata"], "managedFields": owners}} if owners else obj)

    def owners(self, obj: Obj) -> Objs:
        """metadata.managedFields of an object."""
        return self._api.managed_fields(obj)

    @property
    def _manager(self) -> str:
        return str(self._inv.flags.get("field-manager") or "kubectl")

    @property
    def _strict(self) -> bool:
        return self._inv.flags.get("validate", "warn") in ("strict", "true")

    def token(self, namespace: str, account: str, seconds: int) -> Obj:
        """A TokenRequest with its token; `seconds` 0: as long as the server likes."""
        found = self._api.get("serviceaccounts", account, namespace)
        return tokens.requested(self._api, found, seconds or 3600)

    def delete(self, resource: Resource, namespace: str, name: str, **options: Any) -> Obj:
        """Delete; options as those of `ApiServer.delete`."""
        self._check(resource, "delete", namespace, name)
        return typed(resource, self._api.delete(resource.plural, name, namespace if resource.namespaced else "", by=USER, **options))

    def _deprecated(self, resource: Resource) -> None:
        if resource.plural == "endpoints":
            self.warn(_ENDPOINTS)

    def _check(self, resource: Resource, verb: str, namespace: str, name: str = "") -> None:
        if resource.absent:
            _check_absent(resource, verb)
        asked = Attributes(
            verb, group=resource.group, resource=resource.plural, namespace=namespace if resource.namespaced else "", name=name
        )
        if not allowed(self._api, self.user, asked)[0]:
            raise StatusError("Forbidden", refusal(self.user, asked))

    @property
    def user(self) -> User:
        """Who asks: the learner, or whom she impersonates."""
        return user_of(self._inv.flags.get("as") or USER, list(self._inv.flags.get("as-group") or ()))


def _check_absent(resource: Resource, verb: str) -> None:
    """StatusError unless there is simply nothing of this kind, as in a new cluster."""
    if verb not in resource.verbs:
        raise StatusError("MethodNotAllowed", "the server does not allow this method on the requested resource")
    if resource.absent != "none" or verb not in ("list", "get", "delete", "patch", "update"):
        raise unsupported(resource)


def typed(resource: Resource, obj: Obj) -> Obj:
    """The object with its apiVersion and kind."""
    return {"apiVersion": resource.api_version, "kind": resource.kind, **obj}


def qualified(resource: Resource) -> str:
    """`deployments.apps`, `pods`."""
    return f"{resource.plural}.{resource.group}" if resource.group else resource.plural
