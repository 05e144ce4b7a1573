"""Issue in, edition out: slots, MJML, premailer, plain text, checks, seal. Knows no file, clock or network."""
