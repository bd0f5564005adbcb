"""The immutable result of a compile: what is served and how, which Route a request is for, and the Plan as bytes."""
