"""What can happen to an exchange on its way; `order.py` says in which order."""
