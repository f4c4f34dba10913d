"""Composition: defaults, question sets, texts, variables and environments become whole interviews. Pure.

Structure, not text: a value is taken whole from the nearest layer that declares it, and every value keeps its origin.
Nothing here is imported for a project that composes nothing.
"""
