"""The sockets' addresses."""

from typing import Any

from django.urls import path

from podlab.live.consumer import SessionConsumer

websocket_urlpatterns: list[Any] = [
    path("ws/sessions/<uuid:session>/", SessionConsumer.as_asgi()),  # type: ignore[arg-type]  # Django's stubs know views only
]
