"""A text as its author pastes it → an issue or one story, as model objects.

In: the text of a document (raw, Markdown or HTML) and what the editor confirmed. Out: ``Imported``: every word of the source in the
order of the source, none dropped, none under another story, with what was guessed and what was not understood.
"""

from composer.compose.importing.decoding import decode, sniff
from composer.compose.importing.reading import html_to_markdown, import_text
from composer.compose.importing.values import Guess, HeadingStyle, Imported, Shape, Source
from composer.compose.importing.word import WordDocument, WordPicture, is_package, place_pictures, read_word

__all__ = [
    "Guess",
    "HeadingStyle",
    "Imported",
    "Shape",
    "Source",
    "WordDocument",
    "WordPicture",
    "decode",
    "html_to_markdown",
    "import_text",
    "is_package",
    "place_pictures",
    "read_word",
    "sniff",
]
