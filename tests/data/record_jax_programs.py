"""Record JAX's gradients of 300 random programs into ``jax_programs.json``.

Run in an environment of its own that has JAX: ``python tests/data/record_jax_programs.py``. JAX's arrays cannot be written
and have no views, so the memory that NumPy's variables share is modelled: a variable is a buffer and the positions of its
elements in it.
"""

import json
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
import programs

jax.config.update("jax_enable_x64", True)

COUNT, SHORTEST, LONGEST = 300, 6, 20


def shares(program, arrays):
    """For each variable after the inputs: whether NumPy gave it memory of its own."""
    variables, own = list(arrays), []
    for kind, name, *operands in program:
        if kind == "write":
            programs.write(
                name, variables[operands[0]], programs.INDICES[operands[2]](variables[operands[0]]), variables[operands[1]]
            )
            continue
        if kind == "pure":
            variables.append(programs.PURE[name](np, *[variables[i] for i in operands]))
            own.append(True)
        else:
            variables.append(programs.VIEWS[name](variables[operands[0]]))
            own.append(not np.shares_memory(variables[-1], variables[operands[0]]))
    return own


def run(program, arrays, own):
    """``programs.run`` in JAX."""
    buffers, places = [], []
    own = iter(own)

    def add(value):
        places.append((len(buffers), np.arange(value.size).reshape(value.shape)))
        buffers.append(jnp.reshape(value, -1))

    def read(i):
        buffer, positions = places[i]
        return buffers[buffer][positions]

    for each in arrays:
        add(each)
    for kind, name, *operands in program:
        if kind == "pure":
            next(own)
            add(programs.PURE[name](jnp, *[read(i) for i in operands]))
        elif kind == "view":
            view = programs.VIEWS[name](places[operands[0]][1])
            if next(own):
                add(programs.VIEWS[name](read(operands[0])))
            else:
                places.append((places[operands[0]][0], np.asarray(view)))
        else:
            buffer, positions = places[operands[0]]
            index = (np.array([0, -1, 0]),) if name == "add.at" else programs.INDICES[operands[2]](positions)
            where = positions[index]
            value = jnp.broadcast_to(
                jnp.reshape(read(operands[1]), _without_surplus(read(operands[1]).shape, where.ndim)), where.shape
            )
            if name == "add.at":
                buffers[buffer] = buffers[buffer].at[where].add(value)
            else:
                before = buffers[buffer][where]
                value = {"set": value, "add": before + value, "multiply": before * value}[name]
                buffers[buffer] = buffers[buffer].at[where].set(value)
    return [read(i) for i in range(len(places))]


def _without_surplus(shape, ndim):
    """NumPy lets the value of a write have more leading axes, of length 1, than the place it is written to."""
    return shape[max(len(shape) - ndim, 0) :]


def main():
    recorded = []
    for seed in range(COUNT):
        program = programs.make(seed, SHORTEST + seed % (LONGEST - SHORTEST + 1))
        arrays = programs.inputs(seed)
        own = shares(program, [each.copy() for each in arrays])

        def loss(*xs, program=program, own=own):
            return programs.loss_of(run(program, xs, own), jnp)

        expected = programs.loss_of(programs.run(program, [each.copy() for each in arrays]))
        value, gradients = jax.value_and_grad(loss, argnums=(0, 1, 2))(*map(jnp.asarray, arrays))
        assert abs(float(value) - expected) < 1e-11 * max(1.0, abs(expected)), (seed, float(value), expected)
        recorded.append(
            {
                "seed": seed,
                "program": program,
                "loss": float(f"{float(value):.13g}"),
                "gradients": [[float(f"{g:.13g}") for g in np.asarray(each).reshape(-1).tolist()] for each in gradients],
            }
        )
    lines = ",\n".join(json.dumps(each, separators=(",", ":")) for each in recorded)
    text = f'{{"made by": "record_jax_programs.py, JAX {jax.__version__}",\n"programs": [\n{lines}\n]}}\n'
    (Path(__file__).parent / "jax_programs.json").write_text(text)


if __name__ == "__main__":
    main()
