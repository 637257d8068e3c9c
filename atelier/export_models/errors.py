"""What can go wrong with an export, in one sentence."""


class ExportError(Exception):
    """The export was refused; nothing was written. The message is for the person who asked."""
