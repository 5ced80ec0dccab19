"""How often answers are right, counted on rows: a team's own questions, asked and judged.

A file of questions (files) is checked, its gold queries run through the guard (golds), each
answer is judged by its rows (score), and what comes of it is counted (figures) and told
(report, to_mlflow).
"""
