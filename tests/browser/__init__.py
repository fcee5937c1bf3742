"""The bedside page in a real browser. A package, so that one browser serves the whole folder and is then closed."""
