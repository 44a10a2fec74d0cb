"""The studio: owners change files of procedures as drafts, have them checked, and publish them."""
