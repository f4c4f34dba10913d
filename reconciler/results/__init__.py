"""Answers of candidates, joined to the manifest that asked. Values and pure functions; no requests to the service."""
