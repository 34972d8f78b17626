"""Keeps the libraries quiet: no telemetry, no look at a model hub unless the user asked for one."""

import os

_SWITCHES = {
    "ANONYMIZED_TELEMETRY": "False",  # chromadb
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_SSR_MODE": "False",  # would start Node and look for it
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}


def silence_telemetry() -> None:
    """Switch off what chromadb, gradio and huggingface_hub would send. Call it before any of them is imported.

    The model hub is off too, unless HF_HUB_OFFLINE is set already: `HF_HUB_OFFLINE=0` lets a named model be fetched.
    """
    os.environ.update(_SWITCHES)
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
