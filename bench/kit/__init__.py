"""What bench and drills are made of: a counting sink, letters with readers, processes that are measured, rows of figures."""
