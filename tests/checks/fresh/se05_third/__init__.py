"""Answers to SE05 by a third reader of the exercise text, who had seen neither the checks nor the solutions."""
