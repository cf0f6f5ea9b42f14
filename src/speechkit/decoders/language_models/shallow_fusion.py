"""A language model beside the acoustic one, and how much each counts."""

import dataclasses

import keras

from speechkit import _checks
from speechkit.decoders.language_models.language_model import LanguageModel
from speechkit.decoders.language_models.ngram_language_model import NGramLanguageModel


@keras.saving.register_keras_serializable(package="speechkit")
@dataclasses.dataclass(frozen=True)
class ShallowFusion:
    """How a beam search adds a language model to the acoustic score.

    A word adds `weight · ln P(word | words before) + word_bonus`, and `unknown_score`
    if the model does not know it. The end of a sentence adds `weight · ln P(</s>)`.

    Attributes:
        model: The language model.
        weight: Weight of the language model beside the acoustic model, which counts 1.
        word_bonus: Added for each word, so that long texts are not put at a
            disadvantage.
        unknown_score: Added for an unknown word, from its first wrong letter on.
        unit: What a word of the model is: a `"word"`, or a single `"label"`, which only
            an `NGramLanguageModel` can have.
        boundaries: Whether a clip is a whole sentence.

    Raises:
        TypeError: If `model` is no language model.
        ValueError: If a weight is no finite number, or `unit` is something else.
    """

    model: LanguageModel
    _: dataclasses.KW_ONLY
    weight: float = 0.5
    word_bonus: float = 1.5
    unknown_score: float = -10.0
    unit: str = "word"
    boundaries: bool = True

    def __post_init__(self):
        if not isinstance(self.model, LanguageModel):
            raise TypeError(
                "`model` must be a LanguageModel, such as an NGramLanguageModel. "
                f"Received: model={self.model!r}"
            )
        checked = {
            "weight": _checks.check_number("weight", self.weight),
            "word_bonus": _checks.check_number("word_bonus", self.word_bonus, -1e6),
            "unknown_score": _checks.check_number(
                "unknown_score", self.unknown_score, -1e6
            ),
            "boundaries": _checks.check_bool("boundaries", self.boundaries),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        has_ngrams = isinstance(self.model, NGramLanguageModel)
        units = ("word", "label") if has_ngrams else ("word",)
        _checks.check_choice("unit", self.unit, units)

    def get_config(self) -> dict:
        """Returns the arguments that make this fusion again."""
        names = [field.name for field in dataclasses.fields(self)]
        config = {name: getattr(self, name) for name in names}
        return {**config, "model": keras.saving.serialize_keras_object(self.model)}

    @classmethod
    def from_config(cls, config: dict) -> "ShallowFusion":
        """Returns the fusion that `get_config` described."""
        model = config["model"]
        if isinstance(model, dict):
            model = keras.saving.deserialize_keras_object(model)
        return cls(**{**config, "model": model})
