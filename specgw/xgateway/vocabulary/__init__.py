"""The words of `x-gateway` and gateway.yaml as typed models: one module a theme, `level` and `gateway` hold the roots."""
