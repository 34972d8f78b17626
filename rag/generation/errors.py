"""What can go wrong with a language model. None of these is ever the end of an answer."""

from index.errors import ParleyError


class ModelAwayError(ParleyError):
    """The model gives no answer now: not there, refusing, failing, or silent for too long."""

    code = "model_away"


class NoRoomError(ParleyError):
    """Question and rules leave no room for a passage in the model's window."""

    code = "no_room"
