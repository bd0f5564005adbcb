"""Swagger 2.0 documents, read as OpenAPI 3.0: everything keeps the place where its author wrote it."""
