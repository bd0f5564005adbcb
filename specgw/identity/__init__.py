"""Where the gateway learns how to verify: discovery, key sets and introspection endpoints of issuers, and files."""
