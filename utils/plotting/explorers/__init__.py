"""Pictures with controls: in a live notebook they can be moved, elsewhere they are figures that stand still.

An explorer is a list of controls and a function from their values to a `View`. It computes on the CPU within a moment,
leaves the random state alone and changes nothing that it is given.
"""

from utils.plotting.explorers.augmentation import explore_augmentation
from utils.plotting.explorers.encoder import explore_encoder
from utils.plotting.explorers.predictions import explore_predictions

__all__ = ["explore_augmentation", "explore_encoder", "explore_predictions"]
