"""The hospital's own login, by OpenID Connect Core 1.0: the code flow with PKCE (RFC 7636), a state and a nonce.

One login is allowed, and named in a file of the server's; nothing that a request or a token says leads to another.
"""
