"""Review files of any common kind: read, recognise the columns, understand the values. Knows nothing of Django."""
