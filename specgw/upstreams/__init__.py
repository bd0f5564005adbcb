"""Reaching the services: connections, pools, whose turn it is."""
