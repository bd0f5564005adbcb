"""What of the portal only a gateway can answer: who is signed in, and the keys that people make for themselves."""
