"""Which records' systems may ask this server: their keys, their servers, and what proves each of their calls."""
