"""``make drills``: what may go wrong goes wrong, and everybody still ends in exactly one state."""
