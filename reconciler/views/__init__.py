"""Faces: values become lines, JSON, Markdown or HTML. Nothing here decides anything."""
