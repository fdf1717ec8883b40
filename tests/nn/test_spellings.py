"""Names of Keras' and PyTorch's that there are not here: the error says what to write, and that is there."""

import re

import pytest

import autograd as ag
import nn
from nn import spellings

OWNERS = [
    (nn, spellings.NN_SPELLING),
    (nn.callbacks, spellings.CALLBACK_SPELLING),
    (nn.metrics, spellings.METRIC_SPELLING),
    (nn.Trainer, spellings.TRAINER_SPELLING),
    (nn.History, spellings.HISTORY_SPELLING),
    (nn.Module, spellings.MODULE_SPELLING),
]


@pytest.mark.parametrize(("owner", "name", "ours"), [(owner, *item) for owner, table in OWNERS for item in table.items()])
def test_the_error_says_what_to_write_and_it_is_there(owner, name, ours):
    with pytest.raises(AttributeError, match=re.escape(f"{name!r}; write {ours}")):
        getattr(owner, name)
    for path in re.findall(r"\b((?:nn|ag)(?:\.\w+)+)", ours):
        value = {"nn": nn, "ag": ag}[path.partition(".")[0]]
        for part in path.split(".")[1:]:
            value = getattr(value, part)


@pytest.mark.parametrize("owner", [nn, nn.callbacks, nn.metrics])
def test_other_names_have_no_hint(owner):
    with pytest.raises(AttributeError, match=f"^module '{owner.__name__}' has no attribute 'nothing'$"):
        owner.nothing  # noqa: B018
