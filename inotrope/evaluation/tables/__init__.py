"""Tables of doses and measured levels: read to subjects, every level proved, and held against what can be weighed."""
