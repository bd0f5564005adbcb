"""Who may call: credentials are verified scheme by scheme, then held against the document's `security`."""
