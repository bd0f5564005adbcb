"""What only the gateway enforces, by `x-gateway` and gateway.yaml, and what a change of it does to clients and to protection."""
