"""Logits and labels to one loss per clip."""

from speechkit.losses.ctc_loss import CTCLoss, ctc_loss

__all__ = ["CTCLoss", "ctc_loss"]
