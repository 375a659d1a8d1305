"""The words of the server's pages, one file a language, side by side: `en.json`, `ko.json` (same keys, a test says so)."""

import json
from functools import cache
from importlib import resources

FALLBACK = "en"
LANGUAGES = ("en", "ko")


@cache
def texts(language: str) -> dict[str, str]:
    """The words of a language (`en`, `ko-KR` …) by key; English where Podlab does not speak it."""
    code = language.split("-")[0]
    name = code if code in LANGUAGES else FALLBACK
    found: dict[str, str] = json.loads(resources.files(__name__).joinpath(f"{name}.json").read_text("utf-8"))
    return found
