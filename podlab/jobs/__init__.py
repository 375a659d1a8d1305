"""The work: short Celery tasks that run clusters, and the sweeper that wakes them."""
