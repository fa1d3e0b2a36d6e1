"""Text becomes frozen objects in one place, which names the misspelt key and the line; and back, canonically."""

from evaluation.codec.read import build, fault, json_value, line, load, near, nearest, parse, version
from evaluation.codec.write import OPTIONAL, canonical, declared, digest, plain

__all__ = [
    "OPTIONAL",
    "build",
    "canonical",
    "declared",
    "digest",
    "fault",
    "json_value",
    "line",
    "load",
    "near",
    "nearest",
    "parse",
    "plain",
    "version",
]
