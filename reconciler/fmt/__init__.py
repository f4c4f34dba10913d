"""One way to write a manifest: keys in a reader's order, two spaces a level, nothing said differently.

Lines are moved and shifted, never written anew: comments, quotes and the breaks inside texts stay what they were. A
file in which that would change a single value is left alone.
"""

from reconciler.fmt.fix import fixed
from reconciler.fmt.formatting import formatted

__all__ = ["fixed", "formatted"]
