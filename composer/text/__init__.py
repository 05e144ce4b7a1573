"""What all who touch words share: inline Markdown, typography, merge fields, escaping, counting, names."""
