"""One exchange after another: listener, stages, forward, answer, and the change from one Plan to the next."""
