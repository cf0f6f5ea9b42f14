"""A stream whose frames are decoded as they come."""

import abc
from typing import Any

import keras
from keras import ops

from speechkit.decoders.ctc_prefix_beam_search import CTCPrefixBeamSearch
from speechkit.decoders.decoder import Decoder
from speechkit.export import _decoding
from speechkit.export.streaming.streaming_model import StreamingModel
from speechkit.ops.ctc import dispatch as ctc
from speechkit.ops.ctc import prefix_beams

# How many of the last labels of each beam a stream keeps.
_NUM_LABELS = 64


class StreamDecoder(abc.ABC):
    """Turns the frames of a stream into labels, and knows what came before them.

    Args:
        blank_index: Class of the blank, not negative.
    """

    def __init__(self, blank_index: int):
        self._blank_index = blank_index

    @abc.abstractmethod
    def get_initial_state(self, batch_size: int) -> Any:
        """Returns the state before the first frame."""

    @abc.abstractmethod
    def step(self, output, state) -> Any:
        """Returns the state after the frames `output`."""

    @abc.abstractmethod
    def decode(self, output, state, after) -> dict:
        """Returns `labels`, their `count` and their `score`.

        Args:
            output: The frames of a piece.
            state: The state before them.
            after: The state after them.
        """


class GreedyStreamDecoder(StreamDecoder):
    """Gives the labels that begin in each piece; carries the last class and the score.

    The score is the log probability of the best path of all frames so far.
    """

    def get_initial_state(self, batch_size):
        # A blank stands before a clip.
        last = ops.full((batch_size, 1), self._blank_index, dtype="int32")
        return last, ops.zeros((batch_size, 1), "float32")

    def step(self, output, state):
        last, total = state
        last = ops.concatenate([last, ctc.best_classes(output)], axis=1)[:, -1:]
        score = ctc.best_path_score(output)
        with keras.name_scope(ctc.SCORE_SCOPE):
            return last, total + ops.expand_dims(score, 1)

    def decode(self, output, state, after):
        best = ctc.best_classes(output)
        previous = ops.concatenate([state[0], best], axis=1)[:, :-1]
        new = ops.logical_and(best != self._blank_index, best != previous)
        return {
            "labels": ops.where(new, best, -1),
            "count": ops.sum(ops.cast(new, "int32"), axis=1),
            "score": after[1][:, 0],
        }


class BeamStreamDecoder(StreamDecoder):
    """Gives the most probable labels so far, and carries the beams.

    Args:
        blank_index: Class of the blank, not negative.
        beam_width: How many label sequences are followed.
    """

    def __init__(self, blank_index: int, beam_width: int):
        super().__init__(blank_index)
        self._beam_width = beam_width

    def get_initial_state(self, batch_size):
        beams = prefix_beams.begin(batch_size, self._beam_width, _NUM_LABELS)
        return (*beams, ops.zeros((batch_size, 1), "float32"))

    def step(self, output, state):
        *beams, total = state
        log_probs = ops.log_softmax(ops.cast(output, "float32"), axis=-1)
        beams = prefix_beams.advance(
            prefix_beams.Beams(*beams), log_probs, self._blank_index
        )
        # Beside the sum over hours, the differences between beams would be lost.
        best = prefix_beams.scores(beams)[:, :1]
        beams = beams._replace(blank=beams.blank - best, label=beams.label - best)
        return (*beams, total + best)

    def decode(self, output, state, after):
        *beams, total = after
        beams = prefix_beams.Beams(*beams)
        return {
            "labels": beams.texts[:, 0],
            "count": beams.lengths[:, 0],
            "score": total[:, 0],
        }


class DecodedStream:
    """Streams a CTC model and decodes its frames.

    Args:
        stream: The model.
        decoder: A `CTCGreedyDecoder` or a `CTCPrefixBeamSearch`.

    Raises:
        ValueError: If the output has no frames, or another number of classes.
    """

    def __init__(self, stream: StreamingModel, decoder: Decoder):
        self.model = stream.model
        _decoding.check_classes(decoder, self.model.output_shape)
        self._stream = stream
        self._decoder: StreamDecoder = GreedyStreamDecoder(decoder.blank_index)
        if isinstance(decoder, CTCPrefixBeamSearch):
            self._decoder = BeamStreamDecoder(decoder.blank_index, decoder.beam_width)

    def get_initial_state(self, batch_size: int = 1) -> tuple:
        """Returns the state before the first piece."""
        states = (self._stream, self._decoder)
        return tuple(part.get_initial_state(batch_size) for part in states)

    def step(self, inputs, state: tuple, *, last: bool = False):
        """Takes the next piece, as `StreamingModel.step` does."""
        of_stream, of_decoder = state
        output, of_stream = self._stream.step(inputs, of_stream, last=last)
        return output, (of_stream, self._decoder.step(output, of_decoder))

    def holds_back(self, state: tuple) -> bool:
        """Returns whether frames wait for the end of the clip in this state."""
        return self._stream.holds_back(state[0])

    def decode(self, output, state: tuple, after: tuple) -> dict:
        """Returns `labels`, their `count` and their `score`.

        Args:
            output: The frames of a piece.
            state: The state before them.
            after: The state after them.
        """
        return self._decoder.decode(output, state[1], after[1])
