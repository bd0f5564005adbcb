"""What differs between two Plans, and what that means: for now, for protection."""
