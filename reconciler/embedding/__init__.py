"""Embedded interviews on a web page: links, their signatures, and code that makes them on a server. Pure."""
