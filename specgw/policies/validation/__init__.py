"""Requests and responses against the contract of their operation: parameters, headers and bodies.

Everything that can be decided from the Plan is decided when a Route's policies are built; a request then meets closures
over compiled validators. `request.build` and `response.build_response` are the ways in.
"""
