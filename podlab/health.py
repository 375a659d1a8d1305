"""What those who watch over a lab ask: does it live, is it ready, how is it doing."""

import os

import redis
from django.conf import settings
from django.db import connection
from django.db.utils import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector


def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database and Redis answer, else 503; says which of them does not."""
    parts = {"database": _ask_database(), "redis": _ask_redis()}
    ready = all(answer == "ok" for answer in parts.values())
    return JsonResponse(parts, status=200 if ready else 503)


def metrics(request: HttpRequest) -> HttpResponse:
    """The counters in Prometheus' text format; of all processes where `PROMETHEUS_MULTIPROC_DIR` is set, as `lab` does."""
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _ask_database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return f"no answer: {error}"
    return "ok"


def _ask_redis() -> str:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, max_connections=1) as client:
            client.ping()
    except redis.RedisError as error:
        return f"no answer: {error}"
    return "ok"


urlpatterns: list[URLPattern] = [path("healthz", healthz), path("readyz", readyz), path("metrics", metrics)]
