"""``make bench``: the same issue to the same sink, by Hebdo and by others, in one run, interleaved."""
