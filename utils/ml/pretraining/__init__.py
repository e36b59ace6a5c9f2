"""How the stand-in weights were made: a source task drawn by code, and a short training on it.

The pictures show textured shapes on textured grounds, crossed by lines, in changing light. The network is asked for the
shape, the texture and the plain colour behind each pixel, and for the shape and the textures of the whole picture.
Nobody needs this to take the course: the result is in `utils/ml/pretrained`.
"""
