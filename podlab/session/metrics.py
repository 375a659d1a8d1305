"""What Prometheus is told. Multi-process: see `podlab.health`."""

from prometheus_client import Counter, Gauge, Histogram

COMMANDS = Counter("podlab_commands", "Commands, by what became of them", ["outcome"])
LATENCY = Histogram(
    "podlab_command_seconds",
    "From acceptance to the published window",
    buckets=(0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
WINDOWS = Counter("podlab_windows", "Windows published, by why", ["why"])
ROLLBACKS = Counter("podlab_rollbacks", "Commands that cut a future that was told")
CONTENDED = Counter("podlab_contended", "Work that another worker had done first")
PARKED = Counter("podlab_parked", "Sessions parked")
RESTORED = Counter("podlab_restored", "Sessions rebuilt from the database")
POISONED = Counter("podlab_poisoned", "Sessions paused because workers died on them")
ENGINE_ERRORS = Counter("podlab_engine_errors", "Simulation bugs met")
ENGINE_SECONDS = Counter("podlab_engine_seconds", "CPU seconds inside the engine")
SERVE_SECONDS = Counter("podlab_serve_seconds", "CPU seconds of serving sessions, engine included")
LAG = Gauge("podlab_lag_seconds", "How far the told future was behind the clock when it was last extended", multiprocess_mode="livemax")
SOCKETS = Gauge("podlab_sockets", "Pages connected", multiprocess_mode="livesum")
FRAMES_REFUSED = Counter("podlab_frames_refused", "Frames refused", ["why"])
