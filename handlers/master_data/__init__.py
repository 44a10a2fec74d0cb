"""Master data: what each kind looks like, and how it is read, checked, changed, imported and exported."""
