"""What is looked at once all operations are known: one kind of finding a file."""
