"""The embedded sample: dermoscopy-like pictures drawn by code, for when nothing outside can be reached.

numpy and Pillow are all it needs. The pictures show no patient; results on them say nothing about real skin.
"""

from utils.data.sample.folder import SAMPLE_COUNTS, SampleFolders, draw_sample, sample_numbers
from utils.data.sample.picture import draw_pair

__all__ = ["SAMPLE_COUNTS", "SampleFolders", "draw_pair", "draw_sample", "sample_numbers"]
