"""jmctl: interviews as code."""

# A literal: importlib.metadata costs 75 ms of every start.
__version__ = "0.1.0"
