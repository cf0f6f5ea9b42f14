"""Parts of words as labels."""

import base64
import dataclasses
import functools
import io
from collections.abc import Iterable, Sequence

import keras

from speechkit import _checks
from speechkit._optional import import_optional
from speechkit.text.vocabulary import Vocabulary

UNKNOWN = "<unk>"


@keras.saving.register_keras_serializable(package="speechkit")
@dataclasses.dataclass(frozen=True)
class SubwordVocabulary(Vocabulary):
    """Turns texts into labels of parts of words, by a model of sentencepiece, and back.

    Label 0 is the CTC blank; piece `i` of the model is label `i + 1`. The model is a
    part of the vocabulary, so it is saved with it.

    Attributes:
        model: The model, as sentencepiece wrote it, in base 64.
        unknown: `"<unk>"`, the piece of the model that stands for what it cannot
            write, or `None`: then that is an error.

    Raises:
        ImportError: If sentencepiece is not installed.
        ValueError: If `model` is none.
    """

    model: str = dataclasses.field(repr=False)
    unknown: str | None = None

    def __post_init__(self):
        _checks.check_choice("unknown", self.unknown, (UNKNOWN, None))
        if not isinstance(self.model, str) or not self.model:
            raise ValueError(
                "`model` must be a model of sentencepiece in base 64. "
                f"Received: model={self.model!r}"
            )
        _ = self._processor

    @classmethod
    def from_texts(
        cls, texts: Iterable[str], num_pieces: int, *, unknown: str | None = None
    ) -> "SubwordVocabulary":
        """Trains a model on texts.

        Args:
            texts: What to train on; a few thousand sentences or more.
            num_pieces: Number of pieces, `<unk>` included.
            unknown: As for the class.

        Raises:
            ImportError: If sentencepiece is not installed.
            ValueError: If the texts are too few for so many pieces.
        """
        _checks.check_int("num_pieces", num_pieces)
        trainer = import_optional(
            "sentencepiece", "sentencepiece", "SubwordVocabulary"
        ).SentencePieceTrainer
        file = io.BytesIO()
        try:
            trainer.train(
                sentence_iterator=iter(texts),
                model_writer=file,
                vocab_size=num_pieces,
                bos_id=-1,
                eos_id=-1,
                character_coverage=1.0,
                minloglevel=3,
            )
        except RuntimeError as error:
            raise ValueError(
                "`num_pieces` must fit the texts. "
                f"Received: num_pieces={num_pieces}, {str(error).splitlines()[-1]}"
            ) from None
        return cls(base64.b64encode(file.getvalue()).decode("ascii"), unknown)

    @functools.cached_property
    def tokens(self) -> Sequence[str]:
        """The pieces; `▁` in them stands for a space."""
        number = self._processor.get_piece_size()
        return tuple(self._processor.id_to_piece(piece) for piece in range(number))

    @functools.cached_property
    def written_tokens(self) -> tuple[bytes, ...]:
        """What each piece adds to a text in UTF-8, with `▁` for a space."""
        return tuple(map(self._written, range(self._processor.get_piece_size())))

    def split(self, text: str) -> list[str]:
        """Returns the pieces of a text."""
        return self._processor.encode(text, out_type=str)

    def join(self, tokens: Iterable[str]) -> str:
        """Returns the text of pieces."""
        return self._processor.decode_pieces(list(tokens))

    def get_config(self) -> dict:
        """Returns the arguments that make this vocabulary again."""
        return {"model": self.model, "unknown": self.unknown}

    def _written(self, piece):
        processor = self._processor
        token = processor.id_to_piece(piece)
        if processor.is_byte(piece):
            return bytes([int(token[1:-1], 16)])
        is_text = not (processor.is_unknown(piece) or processor.is_control(piece))
        return (token if is_text else processor.decode([piece])).encode()

    @functools.cached_property
    def _processor(self):
        sentencepiece = import_optional(
            "sentencepiece", "sentencepiece", "SubwordVocabulary"
        )
        try:
            data = base64.b64decode(self.model, validate=True)
            return sentencepiece.SentencePieceProcessor(model_proto=data)
        except (ValueError, RuntimeError):
            raise ValueError(
                "`model` must be a model of sentencepiece in base 64. "
                f"Received: {self.model[:20]!r}…"
            ) from None
