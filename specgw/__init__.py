"""specgw: an API gateway that is compiled from OpenAPI documents."""

__version__ = "0.1.0"
