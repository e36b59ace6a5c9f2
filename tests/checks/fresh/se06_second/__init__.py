"""Answers to SE06's exercises by a second reader of the exercise text."""
