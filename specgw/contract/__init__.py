"""Holds what answers at a URL to the documents: contract tests with schemathesis, and the documents' own examples."""
