"""Recorded cases of kubectl and of the API server, run in a simulated cluster: one module a form of case."""
