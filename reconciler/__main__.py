"""`python -m reconciler`: jmctl where the console script is not on the PATH."""

from __future__ import annotations

import sys

from reconciler.cli import main

sys.exit(main())
