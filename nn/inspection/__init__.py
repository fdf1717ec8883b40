"""What a model consists of and costs. Read ``model_summary`` first: ``summary`` puts the table together.

``places`` is the tree of modules, ``calls`` what happens in a forward pass, ``costs`` the FLOPs of each op, ``measurement`` the
runs that are made; ``report`` holds the result, which ``text_table`` and ``html_table`` write down.
"""

from nn.inspection.model_summary import summary
from nn.inspection.report import Row, Summary, Totals

__all__ = ["Row", "Summary", "Totals", "summary"]
