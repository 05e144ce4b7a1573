"""A Word document → HTML that the import reads, its pictures apart, and what could not be taken over in words.

In: the bytes of a .docx. Out: ``WordDocument``. mammoth does the conversion; before it, the document is put into shapes that mammoth knows
(``preparing``), because what it does not know it leaves out: text boxes, fields, equations, control characters, notes. After it, the words
are counted against those of the document, and any that are missing are told.
"""

from composer.compose.importing.word.package import is_package
from composer.compose.importing.word.placing import place_pictures
from composer.compose.importing.word.reading import WordDocument, read_word
from composer.compose.importing.word.values import WordPicture

__all__ = ["WordDocument", "WordPicture", "is_package", "place_pictures", "read_word"]
