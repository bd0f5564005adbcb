"""The steps of a compile, one a file; `compile.PASSES` has their order. Each file says why its step stands where it stands."""
