"""What lies on disk: the state, its journal, its lock, and writing that a crash cannot halve."""
