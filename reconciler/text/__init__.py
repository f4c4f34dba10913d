"""Text shown to people: quoting, sanitizing, wrapping, plurals, suggestions, word differences, names, paths."""
