"""The metrics of keywords, each with arguments that its tests use."""

from speechkit import metrics

CASES = {
    metrics.DetectionArea: lambda **kw: metrics.DetectionArea(num_bins=64, **kw),
    metrics.EqualErrorRate: lambda **kw: metrics.EqualErrorRate(num_bins=64, **kw),
    metrics.FalseAcceptsPerHour: lambda **kw: metrics.FalseAcceptsPerHour(
        clip_seconds=2, threshold=0.375, **kw
    ),
    metrics.FalseRejectRate: lambda **kw: metrics.FalseRejectRate(0.375, **kw),
}
