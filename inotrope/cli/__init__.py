"""The `inotrope` command: it parses, calls and prints."""
