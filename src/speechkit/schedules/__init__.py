"""Learning rates over the steps of training, where Keras has none."""

from speechkit.schedules.inverse_square_root_decay import InverseSquareRootDecay
from speechkit.schedules.tri_stage_decay import TriStageDecay

__all__ = ["InverseSquareRootDecay", "TriStageDecay"]
