"""WebSockets (RFC 6455): an exchange that turns into a tunnel, whose frames are watched and never written anew."""
