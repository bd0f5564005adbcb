"""Several processes that serve one Plan on one listening socket, and the one that leads them."""
