"""The part Texts: what a set or an interview says in another language."""
