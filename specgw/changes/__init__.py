"""What differs between two states of the documents, and what that means for protection and for clients."""
