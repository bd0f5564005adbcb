"""Calls of an operation that can be copied and run: one description of the call, and a module for each language."""
