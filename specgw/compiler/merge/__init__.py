"""The merged document: the contracts of all services as one OpenAPI 3.1 document, as clients of the gateway see it."""
