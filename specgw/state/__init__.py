"""What nodes share. For now: the keys that consumers call with, in an SQLite file or in Redis."""
