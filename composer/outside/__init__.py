"""What else is asked of the world: here, whether links answer."""
