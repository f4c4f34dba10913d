"""Write manifests for interviews that exist on the service. Pure.

A generated manifest is valid and equals what the service holds, so the plan after adopting is empty. What cannot be
declared or read is left out and named in a comment.
"""

from reconciler.generate.manifest_text import manifest_text, unmanageable
from reconciler.generate.naming import name_for

__all__ = ["manifest_text", "name_for", "unmanageable"]
