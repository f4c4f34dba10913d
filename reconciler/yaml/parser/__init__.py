"""YAML 1.2 text to parser events, written to the specification and slower than libyaml.

Used for what libyaml, which reads YAML 1.1, refuses or could read otherwise; see `reconciler.yaml.events`.
"""

from reconciler.yaml.parser.source import SyntaxFailure
from reconciler.yaml.parser.stream import parse_events

__all__ = ["SyntaxFailure", "parse_events"]
