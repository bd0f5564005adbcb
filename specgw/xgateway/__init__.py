"""The x-gateway vocabulary: typed models, inheritance, gateway.yaml, the published JSON Schemas. Compile time only."""
