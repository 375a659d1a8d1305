"""The sockets' addresses."""

from typing import Any

from django.urls import path

from podlab.live.consumer import SessionConsumer
from podlab.session import engine

engine.clusters()  # loaded before the first learner comes

websocket_urlpatterns: list[Any] = [
    path("ws/sessions/<uuid:session>/", SessionConsumer.as_asgi()),  # type: ignore[arg-type]  # Django's stubs know views only
]
