"""What those who watch over a lab ask."""

import pytest
from django.test import Client
from pytest_django import Settings

from podlab import health


@pytest.mark.django_db
def test_ready_when_database_and_redis_answer(client: Client, valkey: str) -> None:
    """200, and each part by name."""
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "redis": "ok"})


@pytest.mark.django_db
def test_not_ready_without_redis_and_it_says_so(client: Client, settings: Settings) -> None:
    """503, with the part that does not answer."""
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "ok"
    assert answer.json()["redis"].startswith("no answer: ")


def test_alive_needs_nothing(client: Client) -> None:
    """Neither database nor Redis: pytest-django would refuse the first."""
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_metrics_are_prometheus_text(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of this process where no folder is shared."""
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    answer = client.get("/metrics")
    assert answer["Content-Type"].startswith("text/plain")
    assert b"# HELP python_info" in answer.content


def test_the_watchers_addresses_are_public() -> None:
    """Three, at the root."""
    assert [str(pattern.pattern) for pattern in health.urlpatterns] == ["healthz", "readyz", "metrics"]
