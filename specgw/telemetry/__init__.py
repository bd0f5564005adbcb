"""What is recorded about requests: access log, metrics, trace context."""
