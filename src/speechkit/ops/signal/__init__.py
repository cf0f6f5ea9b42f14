"""Waveforms, frames and spectra: windows, mel scales, filter banks, resampling."""
