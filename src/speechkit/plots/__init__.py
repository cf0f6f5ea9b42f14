"""Pictures of any step: waveforms, spectra, features, confusions, training."""

from speechkit.plots.alignment import alignment
from speechkit.plots.confusion_matrix import confusion_matrix
from speechkit.plots.ctc_lattice import ctc_lattice
from speechkit.plots.save import save
from speechkit.plots.spectrogram import spectrogram
from speechkit.plots.spectrum import spectrum
from speechkit.plots.training_curves import training_curves
from speechkit.plots.waveform import waveform

__all__ = [
    "alignment",
    "confusion_matrix",
    "ctc_lattice",
    "save",
    "spectrogram",
    "spectrum",
    "training_curves",
    "waveform",
]
