"""The merged documents as pages: a static site that needs no JavaScript and asks nobody else for anything."""
