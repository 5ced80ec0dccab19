"""The journal: one record of every turn, and the only memory a thread has.

`sql.SqlJournal` keeps it in SQLite or MySQL, `memory.MemoryJournal` for one process's life.
"""
