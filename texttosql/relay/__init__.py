"""The Messages API on this machine, so that anything at hand can stand in for Claude."""
