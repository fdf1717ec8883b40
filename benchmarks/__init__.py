"""Measurements of chainrule, each one command: ``python -m benchmarks`` lists them.

Read ``cases`` (every op and public function with its sample inputs, which the tests use too), then ``gradcheck``, ``memory``
and ``dispatch`` with its ``workers``; ``report`` writes tables, JSON and pictures, ``options`` reads
command lines.
"""
