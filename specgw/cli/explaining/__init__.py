"""What `specgw explain` finds out about one request, without sending it."""
