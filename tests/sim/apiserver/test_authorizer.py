"""Roles, bindings and tokens: who may do what, and how that is told."""

from __future__ import annotations

import pytest

from podlab.sim.apiserver.authorizer import rules, tokens
from podlab.sim.apiserver.authorizer.rbac import Attributes, allowed
from podlab.sim.apiserver.authorizer.users import user_of
from podlab.sim.apiserver.http import handle
from podlab.sim.apiserver.server import ApiServer
from tests.sim.apiserver.http.test_serve import ask
from tests.sim.apiserver.rig import bare

RBAC = "rbac.authorization.k8s.io"
REVIEWS = "/apis/authorization.k8s.io/v1"


def granted() -> ApiServer:
    """`robot` may get and list Pods of the namespace default, and read their logs by name."""
    api = bare()
    held = [
        {"verbs": ["get", "list"], "apiGroups": [""], "resources": ["pods"]},
        {"verbs": ["get"], "apiGroups": [""], "resources": ["pods/log"], "resourceNames": ["web"]},
    ]
    api.create("roles", {"metadata": {"name": "reader", "namespace": "default"}, "rules": held}, by="learner")
    subjects = [{"kind": "User", "name": "robot"}, {"kind": "ServiceAccount", "name": "default", "namespace": "default"}]
    binding = {"roleRef": {"kind": "Role", "name": "reader"}, "subjects": subjects}
    api.create("rolebindings", {"metadata": {"name": "r", "namespace": "default"}, **binding}, by="learner")
    return api


@pytest.mark.parametrize(
    ("user", "asked", "yes"),
    [
        ("robot", Attributes("list", resource="pods", namespace="default"), True),
        ("robot", Attributes("list", resource="pods"), False),
        ("robot", Attributes("delete", resource="pods", namespace="default"), False),
        ("robot", Attributes("get", resource="pods/log", namespace="default", name="web"), True),
        ("robot", Attributes("get", resource="pods/log", namespace="default", name="other"), False),
        ("system:serviceaccount:default:default", Attributes("get", resource="pods", namespace="default"), True),
        ("nobody", Attributes("get", path="/apis/apps"), True),
        ("nobody", Attributes("get", path="/metrics"), False),
        ("system:anonymous", Attributes("get", path="/version"), True),
        ("system:anonymous", Attributes("get", path="/apis"), False),
        ("learner", Attributes("escalate", group=RBAC, resource="roles"), True),
    ],
)
def test_a_binding_gives_what_its_role_says_and_no_more(user: str, asked: Attributes, yes: bool) -> None:
    """By user, by account, by group; in the binding's namespace only."""
    assert allowed(granted(), user_of(user), asked)[0] is yes


def test_cluster_admin_may_be_bound() -> None:
    """The role that gives all is there from the beginning."""
    api = bare()
    binding = {"roleRef": {"kind": "ClusterRole", "name": "cluster-admin"}, "subjects": [{"kind": "Group", "name": "ops"}]}
    api.create("clusterrolebindings", {"metadata": {"name": "b"}, **binding}, by="learner")
    told = 'RBAC: allowed by ClusterRoleBinding "b" of ClusterRole "cluster-admin" to Group "ops"'
    assert allowed(api, user_of("ann", ["ops"]), Attributes("delete", resource="nodes")) == (True, told)


def test_the_rules_are_listed_one_resource_a_row() -> None:
    """Roles first by their verbs, then what everybody has."""
    rows = [row for row in rules.listed(granted(), user_of("robot"), "default") if "pods" in row[0]]
    assert rows == [["pods", "[]", "[]", "[get list]"], ["pods/log", "[]", "[web]", "[get]"]]


def test_a_token_stands_for_its_account_until_it_ends() -> None:
    """The API server knows it again; a false one is Unauthorized."""
    api = granted()
    made = ask(api, "POST", "/api/v1/namespaces/default/serviceaccounts/default/token", {"spec": {"expirationSeconds": 600}})
    token = made.body["status"]["token"]
    headers = {"authorization": f"Bearer {token}"}
    assert 200 == handle(api, "GET", "/api/v1/namespaces/default/pods", "", headers, "", "system:anonymous").code
    assert 401 == handle(api, "GET", "/api/v1/namespaces/default/pods", "", {"authorization": "Bearer x.y.z"}, "", "system:anonymous").code
    api.world.kernel.state.now += 601_000
    assert tokens.owner(api, token) is None


@pytest.mark.parametrize(
    ("plural", "spec", "status"),
    [
        ("selfsubjectaccessreviews", {"nonResourceAttributes": {"path": "/", "verb": "get"}}, {"allowed": True}),
        ("subjectaccessreviews", {"user": "nobody", "resourceAttributes": {"verb": "get", "resource": "pods"}}, {"allowed": False}),
        (
            "namespaces/default/localsubjectaccessreviews",
            {"user": "robot", "resourceAttributes": {"verb": "get", "resource": "pods", "namespace": "default"}},
            {"allowed": True, "reason": 'RBAC: allowed by RoleBinding "r/default" of Role "reader" to User "robot"'},
        ),
    ],
)
def test_a_review_answers_what_a_request_would(plural: str, spec: dict[str, object], status: dict[str, object]) -> None:
    """For oneself, for somebody else, in a namespace."""
    assert ask(granted(), "POST", f"{REVIEWS}/{plural}", {"spec": spec}).body["status"] == status


def test_who_asks_is_told() -> None:
    """The learner is kubernetes-admin."""
    found = ask(bare(), "POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", {}).body["status"]["userInfo"]
    assert ("kubernetes-admin", ["system:masters", "system:authenticated"]) == (found["username"], found["groups"])
