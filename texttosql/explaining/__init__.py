"""What Claude says about an answer's rows: asked for if it may be (asking), shown once checked.

Who writes and checks the sentences is `claude.explain`; nothing here imports a model.
"""
