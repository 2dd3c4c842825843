"""Keeping an installation safe: backup, restore, move to another database, the copy before an upgrade.

Everything goes through one form that belongs to no database: a table is its rows as JSON lines (`tables`). A backup
writes them into an archive, a restore reads them from there, a move does both at once. Reads come from one moment of
the database (`places.snapshot`); writes go to a place aside that takes the old one's place at the very end.
"""
