"""What the tests of pages share."""

import json
from pathlib import Path

import pytest
from django_vite.core.asset_loader import DjangoViteAssetLoader
from pytest_django import Settings

MANIFEST = {"static/src/main.ts": {"file": "assets/main-0.js", "src": "static/src/main.ts", "isEntry": True, "css": ["assets/main-0.css"]}}


@pytest.fixture
def front_end(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The front end need not be built for these tests."""
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(MANIFEST), "utf-8")
    settings.DJANGO_VITE = {"default": {"dev_mode": False, "manifest_path": path}}
    monkeypatch.setattr(DjangoViteAssetLoader, "_instance", None)
