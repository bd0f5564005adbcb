"""Certificates and keys in files, and the TLS contexts made from them. Knows nothing of plans and connections."""
