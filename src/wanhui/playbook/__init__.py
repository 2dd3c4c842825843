"""The playbook: causes, plays, rule packs, lint rules and wording, kept as data and read once.

Floor: above `stores`, below `connectors`. `loader`, `shapes`, `reading` and `rules` know nothing of Django.
"""
