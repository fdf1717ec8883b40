"""How each kind of node looks.

Calm tints with a stronger border, told apart by lightness as well as by hue, so that they stay distinct to colour-blind readers
and in grey print; the hues are blue and orange, the pair that all common colour vision deficiencies keep apart. Text has a
contrast of at least 4.5 : 1 on its ground, as WCAG 2.1 (1.4.3) asks.
"""

from typing import NamedTuple


class Look(NamedTuple):
    """The colours of a node: its ground, its border, its name, the smaller text below; and whether its border is dashed."""

    ground: str
    border: str
    text: str
    small: str
    dashed: bool = False


LOOKS = {
    "parameter": Look("#d6e8fa", "#2b6cb0", "#12304f", "#3d5a78"),
    "variable": Look("#fdebd0", "#c77700", "#4a2c00", "#75552a"),
    "constant": Look("#ffffff", "#8794a3", "#323f4b", "#5f6c7b", dashed=True),
    "op": Look("#eef1f4", "#8794a3", "#1f2933", "#566372"),
    "output": Look("#ffffff", "#8794a3", "#1f2933", "#566372"),  # one of several that an op has
    "result": Look("#1f3a5f", "#1f3a5f", "#ffffff", "#cfdbe8"),
}

EDGE = "#7b8794"
CONSTANT_EDGE = "#b4bec9"  # no gradient flows along it
EDGE_TEXT = "#566372"
LEGEND_TEXT = "#3e4c59"

SCOPE_GROUNDS = ("#fafbfc", "#f3f6f9")  # by turns, from the outermost scope inwards
SCOPE_BORDER = "#cbd2d9"
SCOPE_TEXT = "#52606d"

# Two of the fonts that every PostScript device has: what draws knows their widths, and replaces them by close likenesses.
FONT = "Helvetica"
MONOSPACE = "Courier"
