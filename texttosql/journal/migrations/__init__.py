"""The journal's schema, step by step; run by `journal.upgrade` alone."""
