"""The procedures: look, carry out, record."""
