"""The base class of error rates that treat the space between words in its own way."""

from speechkit import _checks
from speechkit.metrics.error_rate import ErrorRate


class SpacedRate(ErrorRate):
    """Knows the label of the space, its own or that of the decoder, if there is one."""

    def __init__(self, decoder, space_label, *, name, **kwargs):
        super().__init__(decoder=decoder, name=name, **kwargs)
        if space_label is not None:
            space_label = _checks.check_int("space_label", space_label, minimum=0)
        self.space_label = space_label

    def _space(self):
        if self.space_label is not None:
            return self.space_label
        return getattr(self.decoder, "space_label", None)

    def get_config(self):
        return {**super().get_config(), "space_label": self.space_label}
