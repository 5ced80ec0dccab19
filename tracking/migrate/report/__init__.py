"""The report for the team: what moved, the proof, and what was checked, as one file."""
