"""Encrypt to age recipients and decrypt with age identities; pyrage is imported here alone.

Sealing needs public keys only, so CI can add secrets that it cannot read back. `recipients` parses public keys,
`identities` reads private ones, `age` seals and opens text, `plugins` runs age plugins, and `sealed_key` is what is
sealed: an embed key together with the interview that it belongs to.
"""
