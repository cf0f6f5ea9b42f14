"""Texts to labels and back."""

from speechkit.text.character_vocabulary import CharacterVocabulary

__all__ = ["CharacterVocabulary"]
