"""OpenAPI documents in: files with their positions, references, operations, and schemas lowered to JSON Schema 2020-12."""
