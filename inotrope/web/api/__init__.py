"""The JSON API under `/api/v1/`: what the command line reads and writes, over HTTP, and its description."""

PREFIX = "/api/v1"
"""Where it stands; another version stands beside it, and takes nothing away."""
