"""Manifests for interviews that exist: what the service holds, in the words of a manifest. Pure.

Whatever is written is valid and equals what the service holds, so that the plan after adopting is empty. What cannot be
said or seen is left out and named in a comment.
"""

from reconciler.generate.naming import name_for
from reconciler.generate.manifest_text import manifest_text, unmanageable

__all__ = ["manifest_text", "name_for", "unmanageable"]
