"""A synthetic kind: what a second kind of resource has to bring, and no more."""
