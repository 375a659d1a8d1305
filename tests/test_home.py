"""Where state lies."""

from pathlib import Path

import pytest

from podlab import home


def test_state_lies_where_podlab_home_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Logs and socket too."""
    monkeypatch.setenv("PODLAB_HOME", str(tmp_path))
    assert home.home() == tmp_path
    assert home.logs() == tmp_path / "log"


def test_without_it_in_var_beside_manage_py(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a clone holds all that it made."""
    monkeypatch.delenv("PODLAB_HOME", raising=False)
    assert home.home() == home.ROOT / "var"


def test_a_deep_home_has_its_socket_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Unix socket's path is short; two homes never share one."""
    sockets = []
    for name in ("a", "b"):
        monkeypatch.setenv("PODLAB_HOME", str(tmp_path / ("deep" * 30) / name))
        sockets.append(home.valkey_socket())
    assert all(len(str(socket)) <= home.SOCKET_PATH_LIMIT for socket in sockets)
    assert sockets[0] != sockets[1]


def test_an_own_redis_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """`PODLAB_REDIS_URL` goes before the embedded one."""
    monkeypatch.setenv("PODLAB_REDIS_URL", "redis://redis.example.org/0")
    assert home.redis_url() == "redis://redis.example.org/0"
