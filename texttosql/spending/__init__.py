"""What questions cost in a day and in a month: budgets before one is asked, reports afterwards.

The figures are the journal's (`cost.Usage`); nothing here keeps any.
"""
