"""The words of cases stand in webui.words.cases; this name is on its way out."""

from webui.words.cases import *  # noqa: F403
