"""Text shown to people: quoting, sanitizing, wrapping, word differences. Pure."""
