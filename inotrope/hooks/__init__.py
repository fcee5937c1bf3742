"""The CDS Hooks service: a call of a hospital's record in, a few cards out, or none.

Knows CDS Hooks 2.0.1 and nothing of medicine: what a card says stands in a plan and in the check of an order, which
`inotrope.plan` makes. Loaded by a server that has hooks, and by nothing else.
"""
