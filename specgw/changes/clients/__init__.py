"""What a change of the merged document means for clients: requests that were good, and answers that were expected."""
