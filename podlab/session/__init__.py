"""A learner's session: what is kept (database), what is live (Redis), and the way between wall time and virtual time."""
