"""Documents and vocabulary in, Plan and findings out. Nothing here runs while a request is served."""
