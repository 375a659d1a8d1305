"""Django's settings. Everything that differs between two installations comes from the environment (`PODLAB_*`).

| variable | what | default |
|---|---|---|
| `PODLAB_HOME` | folder of all state | `var/` |
| `PODLAB_DATABASE_URL` | `postgres://user:password@host:port/name` (extra `postgres`) | SQLite in the home |
| `PODLAB_REDIS_URL` | a Redis or Valkey server, as redis-py writes it | the Valkey that `lab` starts |
| `PODLAB_PACKS` | folder of the lesson packs that were installed | `packs/` in the home |
| `PODLAB_PREVIEW` | folder of a pack whose author is looking at it (`pack preview` sets it) | none |
| `PODLAB_SECRET_KEY` | Django's secret key | made once, kept in the home |
| `PODLAB_HOSTS` | names that the site answers to, comma separated; `*` for all | this machine's loopback names |
| `PODLAB_ORIGINS` | origins behind a proxy (`https://lab.example.org`), comma separated | none |
| `PODLAB_HTTPS` | `1` where the site is reached by HTTPS: secure cookies, HSTS | `0` |
| `PODLAB_STUCK_S` | a page's connection that takes nothing for so long is ended | `30` |
| `PODLAB_DEBUG` | `1` shows tracebacks in the page | `0` |
| `PODLAB_LOG_LEVEL` | least level that is logged | `INFO` |
"""

import contextlib
import os
import re
import secrets
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import structlog
from csp.constants import NONCE, NONE, SELF

from podlab import home

BASE_DIR = home.ROOT
HOME = home.home()


def _flag(name: str) -> bool:
    return os.environ.get(name, "0").lower() in {"1", "true", "yes", "on"}


def _names(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def _secret_key() -> str:
    """The key from the environment, else the home's own: made once, readable by its owner only."""
    if given := os.environ.get("PODLAB_SECRET_KEY"):
        return given
    HOME.mkdir(parents=True, exist_ok=True)
    path = HOME / "secret.key"
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=HOME, encoding="ascii") as made, contextlib.suppress(FileExistsError):
            made.write(secrets.token_urlsafe(50))
            made.flush()
            os.link(made.name, path)
    return path.read_text("ascii")


def _database() -> dict[str, Any]:
    url = os.environ.get("PODLAB_DATABASE_URL")
    return _postgres(url) if url else _sqlite(HOME / "podlab.sqlite3")


def _sqlite(path: Path) -> dict[str, Any]:
    """SQLite as a server wants it: readers beside a writer (WAL), writers that queue (IMMEDIATE, busy time-out)."""
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA mmap_size=134217728;"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": 600,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas},
        "TEST": {"NAME": HOME / "test.sqlite3"},
    }


def _postgres(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"PODLAB_DATABASE_URL: {parts.scheme or 'no scheme'!r}; it begins with postgres://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def _broker(url: str) -> str:
    """The Redis address as Celery's transport writes it: a Unix socket is `redis+socket://`."""
    return re.sub(r"^unix://", "redis+socket://", url).replace("?db=", "?virtual_host=")


# --- Django -----------------------------------------------------------------------------------------------------

SECRET_KEY = _secret_key()
DEBUG = _flag("PODLAB_DEBUG")
ALLOWED_HOSTS = _names("PODLAB_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = _names("PODLAB_ORIGINS")
ROOT_URLCONF = "podlab.urls"
ASGI_APPLICATION = "podlab.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": _database()}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "channels",
    "csp",
    "django_vite",
    "podlab.wire",
    "podlab.learners",
    "podlab.session",
    "podlab.jobs",
    "podlab.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "podlab.web.preview.Preview",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "csp.context_processors.nonce",
            ]
        },
    }
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ko", "한국어")]
LANGUAGE_COOKIE_NAME = "podlab_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_TZ = True
TIME_ZONE = "UTC"

# --- Files: Vite builds into static/dist, WhiteNoise serves from there -----------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static" / "dist"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+/assets/.+-[A-Za-z0-9_-]{8}\.\w+$"
DJANGO_VITE = {"default": {"dev_mode": False, "manifest_path": BASE_DIR / "static" / "dist" / "manifest.json"}}

# --- Safety -----------------------------------------------------------------------------------------------------

HTTPS = _flag("PODLAB_HTTPS")
SESSION_COOKIE_NAME = "podlab_session"
SESSION_COOKIE_AGE = 365 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "podlab_csrf"
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]
LOGIN_URL = "sign_in"

# --- Redis, Channels, Celery ------------------------------------------------------------------------------------

REDIS_URL = home.redis_url()
REDIS_OPTIONS: dict[str, Any] = {"socket_timeout": None, "socket_connect_timeout": 5, "max_connections": 1000}
"""redis-py's own defaults (5 s, 100 connections) end idle subscriptions: whoever makes a client passes these."""

CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [{"address": REDIS_URL, **REDIS_OPTIONS}], "prefix": "podlab"},
    }
}

CELERY_BROKER_URL = _broker(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 60,
    "priority_steps": [0],
    "global_keyprefix": "celery.",
    "max_connections": 100,
    "socket_timeout": None,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_DB_REUSE_MAX = 10_000  # tasks that use one database connection: opening one costs more than most tasks
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True

# --- Sessions (podlab.session, podlab.jobs, podlab.live); tests shorten the times ----------------------------------


def _number(name: str, default: float) -> float:
    return float(os.environ.get(name) or default)


PODLAB_ENGINE = os.environ.get("PODLAB_ENGINE") or "podlab.sim.cluster"  # module with `Cluster` and `ENGINE`
PODLAB_LINGER_MS = int(_number("PODLAB_LINGER_MS", 60_000))  # a clock stops so long after the last page has left
PODLAB_KICK_MS = int(_number("PODLAB_KICK_MS", 5_000))  # a shard's task that was sent counts as on its way for so long
PODLAB_RETRY_MS = int(_number("PODLAB_RETRY_MS", 5_000))  # a due session that nobody served is woken again after
PODLAB_MARGIN_MS = 1_000  # wall ms that the told future stays ahead
PODLAB_FIRST_MS = 2_000  # wall ms told at once after a command
PODLAB_SWEEP_S = _number("PODLAB_SWEEP_S", 0.2)
PODLAB_LEASE_S = _number("PODLAB_LEASE_S", 15)  # a worker unheard of for so long has its queues taken over
PODLAB_TASK_LIMIT_S = _number("PODLAB_TASK_LIMIT_S", 30)  # a worker whose task takes longer hangs, and ends
PODLAB_TASK_S = 0.25  # a task takes no further session after
PODLAB_SERVE_CPU_S = 0.03  # a session looks ahead no longer in one go
PODLAB_WINDOW_CPU_S = 0.01
PODLAB_CHECKPOINT_CPU_S = _number("PODLAB_CHECKPOINT_CPU_S", 0.02)  # what the engine ran for is run again, rather than kept, up to so much
PODLAB_WARM_SESSIONS = 500  # sessions that a worker keeps frozen, a quarter of a megabyte each
PODLAB_COMMANDS_PER_S = int(_number("PODLAB_COMMANDS_PER_S", 50))
PODLAB_QUEUE_LIMIT = 200
PODLAB_COMMAND_LIMIT = int(_number("PODLAB_COMMAND_LIMIT", 2_000))
PODLAB_DEATHS = 3  # a session that so many workers died of is paused
PODLAB_HISTORY_CHUNKS = 8  # released windows are written to the database in chunks of so many
PODLAB_ANONYMOUS_CAP = int(_number("PODLAB_ANONYMOUS_CAP", 50))  # sessions of one address without signing in
PODLAB_ANONYMOUS_DAYS = 7

# --- Logs: one JSON object a line, on standard error ------------------------------------------------------------

_PROCESSORS: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]
structlog.configure(
    processors=[*_PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "structlog.stdlib.ProcessorFormatter",
            "foreign_pre_chain": _PROCESSORS,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("PODLAB_LOG_LEVEL", "INFO")},
    "loggers": {"uvicorn.access": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
}
