"""Author a session: one source in, a solution notebook and a student notebook out.

``python -m utils.course build`` writes the notebooks, ``build --check`` says which ones are not what their source
gives. Students never import this package. Building needs nbgrader and jupytext; the grader takes `cells`, `identity`, `layout`
and `questions` from here, which need neither.

solutions/SE05/segmentation.py      jupytext py:percent, edited by hand
  -> solutions/SE05/segmentation.ipynb   `utils.course.solution`: ids, points, figures, addresses
  -> notebooks/SE05/segmentation.ipynb   `utils.course.release`: nbgrader's preprocessors and two of ours
"""
