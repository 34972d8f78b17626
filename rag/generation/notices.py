"""What a reader is told when a model should have written the answer and could not, or not to the end."""

from typing import Literal

_NOTICES = {
    "away": {
        "en": "The language model ({model}) is not available now. This answer is made of the documents' own sentences.",
        "uk": "Мовна модель ({model}) зараз недоступна. Цю відповідь складено з речень самих документів.",
        "ru": "Языковая модель ({model}) сейчас недоступна. Этот ответ составлен из предложений самих документов.",
    },
    "no_room": {
        "en": "The question is too long for the window of the language model ({model}). This answer is made of the "
        "documents' own sentences.",
        "uk": "Питання задовге для вікна мовної моделі ({model}). Цю відповідь складено з речень самих документів.",
        "ru": "Вопрос слишком длинный для окна языковой модели ({model}). Этот ответ составлен из предложений самих "
        "документов.",
    },
    "broke_off": {
        "en": "The language model ({model}) broke off before the answer was complete.",
        "uk": "Мовна модель ({model}) урвала відповідь, не завершивши її.",
        "ru": "Языковая модель ({model}) оборвала ответ, не закончив его.",
    },
}


def notice(kind: Literal["away", "no_room", "broke_off"], language: str, model: str) -> str:
    """One or two plain sentences in the reader's language."""
    return _NOTICES[kind][language].format(model=model)
