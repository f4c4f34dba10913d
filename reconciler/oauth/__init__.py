"""Sign in with OAuth 2.1: authorization code with PKCE, refresh tokens that are used once, and where they are kept.

`protocol` is pure: URLs, forms and answers. `provider` speaks HTTP to an authorization server, `loopback` receives the
browser's redirect, `credentials` keeps a session on disk or in the keyring, `session` gives out a token that is valid.
"""
