"""A language model beside the acoustic one, and how much each counts."""

import dataclasses

from speechkit import _checks
from speechkit.decoders.language_models.kenlm_language_model import KenLMLanguageModel
from speechkit.decoders.language_models.ngram_language_model import NGramLanguageModel


@dataclasses.dataclass(frozen=True)
class ShallowFusion:
    """How a beam search adds a language model to the acoustic score.

    A word adds `alpha · ln P(word | words before) + beta`, and `unknown_score` if the
    model does not know it. The end of a sentence adds `alpha · ln P(</s>)`.

    Attributes:
        model: The language model.
        alpha: Weight of the language model.
        beta: Added for each word, so that long texts are not put at a disadvantage.
        unknown_score: Added for an unknown word, from its first wrong letter on.
        unit: What a word of the model is: a `"word"`, or a single `"label"`, which a
            `KenLMLanguageModel` cannot have.
        boundaries: Whether a clip is a whole sentence.

    Raises:
        ValueError: If a weight is no finite number, or `unit` is something else.
    """

    model: NGramLanguageModel | KenLMLanguageModel
    alpha: float = 0.5
    beta: float = 1.5
    unknown_score: float = -10.0
    unit: str = "word"
    boundaries: bool = True

    def __post_init__(self):
        if not isinstance(self.model, NGramLanguageModel | KenLMLanguageModel):
            raise TypeError(
                "`model` must be an NGramLanguageModel or a KenLMLanguageModel. "
                f"Received: model={self.model!r}"
            )
        _checks.check_number("alpha", self.alpha)
        _checks.check_number("beta", self.beta, -1e6)
        _checks.check_number("unknown_score", self.unknown_score, -1e6)
        is_binary = isinstance(self.model, KenLMLanguageModel)
        units = ("word",) if is_binary else ("word", "label")
        _checks.check_choice("unit", self.unit, units)
