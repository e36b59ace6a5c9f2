"""Author a session: one source in, a solution notebook and a student notebook out.

``python -m utils.course build`` writes the notebooks, ``build --check`` says which ones are not what their source
gives. Students never import this package; it needs nbgrader and jupytext.

solutions/SE05/segmentation.py      jupytext py:percent, edited by hand
  -> solutions/SE05/segmentation.ipynb   `utils.course.solution`: ids, points, figures, addresses
  -> notebooks/SE05/segmentation.ipynb   `utils.course.release`: nbgrader's preprocessors and two of ours
"""
