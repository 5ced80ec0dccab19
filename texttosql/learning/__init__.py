"""What a team has verified: examples, what teaches one, whether it still holds, who is told.

An answer that somebody vouched for becomes an example (lessons, example), is found again for the
same question or one like it (recall), and is used only while it holds: for this asker, at this
time (lasting), in this store (outgrown). The journal keeps it; cli shows it and takes it back.
"""
