"""Text from the user's program, made safe for a drawing: names may hold quotes, angle brackets, line ends."""

import html

LONGEST = 40  # characters of a name with its arguments


def escaped(text: str, longest: int = LONGEST) -> str:
    """The text as part of an HTML-like label, shortened to ``longest`` characters.

    >>> escaped('<w & "b">')
    '&lt;w &amp; &quot;b&quot;&gt;'
    """
    text = printable(text)
    return html.escape(text if len(text) <= longest else f"{text[: longest - 1]}…")


def quoted(text: str) -> str:
    r"""The text as the inside of a quoted string that Graphviz shows as it stands.

    >>> print(quoted('"a" & b\\c'))
    \"a\" &amp; b\\c
    """
    return printable(text).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')


def printable(text: str) -> str:
    r"""The text with what no XML may contain (control characters, line ends, lone surrogates) spelled out.

    >>> print(printable("two\nlines"))
    two\nlines
    """
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)
