"""Overlays (Overlay Specification 1.0 and 1.1): changes to a document that stand in a file of their own."""
