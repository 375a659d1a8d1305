"""The simulated cluster: pure, deterministic, all of it plain data. See `docs/architecture.md` §1."""
