"""The course's figures, drawn by code: ``python -m figs.build`` regenerates every file in this folder."""
