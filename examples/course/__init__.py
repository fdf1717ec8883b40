"""A first course on neural networks, in numbered lessons that can be run one by one or all at once.

``python -m examples.course.01_network`` runs a lesson: it prints what it explains and computes, and leaves its pictures in
``out/course``. ``python -m examples.course`` runs all of them, and writes one page with all texts and pictures,
``out/course/report.html``. Read ``page`` to see what a lesson is made of, then the lessons in their order.
"""
