"""Layers that subtract means and divide by standard deviations."""

from nn_cases.describing import function, given, module, reals

BATCHES = {1: ((4, 3), (2, 3, 4)), 2: ((2, 3, 2, 2),), 3: ((2, 2, 1, 2, 2),)}
POSITIONS = {1: (4,), 2: (2, 3), 3: (2, 1, 2)}
FAR = given([[100.0, -3.0], [101.0, -1.0], [103.0, 2.0]], differentiated=True)

CASES = [
    *[
        module(f"BatchNorm{rank}d", shape[1])(reals(*shape), training=training)
        for rank, shapes in BATCHES.items()
        for shape in shapes
        for training in (True, False)
    ],
    *[
        module("BatchNorm1d", 3, eps=0.1, momentum=momentum, affine=affine, track_running_stats=track)(
            reals(4, 3), training=training
        )
        for momentum, affine, track in ((None, True, True), (0.3, False, True), (0.1, True, False))
        for training in (True, False)
    ],
    module("BatchNorm1d", 1)(reals(1, 1, 260)),  # so many positions that they are gone through in rows
    module("BatchNorm2d", 2, bias=False)(reals(2, 2, 2, 2)),
    module("BatchNorm1d", 2)(FAR),
    module("BatchNorm1d", 3)(reals(0, 3), training=False),
    *[
        module(f"InstanceNorm{rank}d", 2, affine=affine, track_running_stats=track)(
            reals(*lead, 2, *positions), training=training
        )
        for rank, positions in POSITIONS.items()
        for lead, affine, track, training in (
            ((2,), False, False, True),
            ((2,), True, True, True),
            ((), True, True, False),
        )
    ],
    module("InstanceNorm2d", 2, affine=True)(reals(2, 2, 3), training=False),
    module("InstanceNorm1d", 2, eps=0.1, momentum=0.3, affine=True, bias=False, track_running_stats=True)(reals(3, 2, 4)),
    module("InstanceNorm1d", 2, momentum=None, track_running_stats=True)(reals(3, 2, 4)),
    *[
        module("GroupNorm", groups, channels)(reals(*shape))
        for groups, channels, shape in (
            (1, 4, (2, 4)),
            (2, 4, (3, 4, 2)),
            (3, 3, (2, 3, 2, 2)),
            (2, 6, (1, 6, 1, 2, 1)),
            (2, 4, (1, 4, 20)),
            (2, 4, (0, 4, 2)),
        )
    ],
    module("GroupNorm", 2, 4, eps=0.1, affine=False)(reals(2, 4, 2)),
    module("GroupNorm", 2, 4, bias=False)(reals(2, 4, 2)),
    *[
        module("LayerNorm", shape, **settings)(reals(*lead))
        for shape, settings, lead in (
            (4, {}, (3, 4)),
            ((4,), {}, (4,)),
            ((2, 3), {"eps": 0.1}, (2, 2, 3)),
            ((3,), {"bias": False}, (2, 2, 3)),
            (3, {"elementwise_affine": False}, (2, 3)),
            (3, {}, (0, 3)),
        )
    ],
    module("LayerNorm", 3)(given([[100.0, 101.0, 103.0], [-1.0, 0.0, 2.0]], differentiated=True)),
    *[
        module("RMSNorm", shape, **settings)(reals(*lead))
        for shape, settings, lead in (
            (4, {}, (3, 4)),
            ((4,), {}, (4,)),
            ((2, 3), {"eps": 0.1}, (2, 2, 3)),
            (3, {"elementwise_affine": False}, (2, 2, 3)),
            (3, {}, (0, 3)),
        )
    ],
    *[
        module("LocalResponseNorm", size, **settings)(reals(*shape))
        for size, settings, shape in (
            (3, {"alpha": 0.5}, (2, 4, 2)),
            (2, {"alpha": 2.0, "beta": 0.5, "k": 2.0}, (1, 3, 2, 2)),
            (7, {"alpha": 1.0, "beta": 1.0}, (1, 3, 2)),
            (1, {"alpha": 1.0}, (1, 2, 1, 2, 1)),
            (5, {}, (2, 6, 3)),
        )
    ],
    *[
        function("batch_norm", reals(4, 3), mean, variance, training=training, eps=0.1)
        for mean, variance, training in (
            (None, None, True),
            (reals(3, differentiated=False), reals(3, low=0.5, differentiated=False), True),
            (reals(3, differentiated=False), reals(3, low=0.5, differentiated=False), False),
        )
    ],
    function("batch_norm", reals(2, 3, 2), None, None, reals(3), reals(3), training=True),
    function("batch_norm", reals(2, 3, 2), None, None, weight=reals(3), training=True),
    function(
        "batch_norm",
        reals(2, 3, 2),
        reals(3, differentiated=False),
        reals(3, low=0.5, differentiated=False),
        reals(3),
        reals(3),
    ),
    function("instance_norm", reals(2, 3, 4)),
    function("instance_norm", reals(2, 3, 4), weight=reals(3), bias=reals(3), eps=0.1),
    function(
        "instance_norm",
        reals(2, 3, 2, 2),
        reals(3, differentiated=False),
        reals(3, low=0.5, differentiated=False),
        reals(3),
        reals(3),
        use_input_stats=False,
    ),
    function("group_norm", reals(2, 4, 3), 2),
    function("group_norm", reals(2, 4, 3), 4, reals(4), reals(4), eps=0.1),
    function("layer_norm", reals(2, 4), (4,)),
    function("layer_norm", reals(2, 2, 3), (2, 3), reals(2, 3), reals(2, 3), eps=0.1),
    function("layer_norm", reals(2, 3), (3,), bias=reals(3), second=False),
    function("rms_norm", reals(2, 4), (4,)),
    function("rms_norm", reals(2, 2, 3), (2, 3), reals(2, 3), eps=0.1),
    function("local_response_norm", reals(2, 4, 2), 3, alpha=0.5, beta=0.6, k=0.9),
    function("local_response_norm", reals(1, 4, 2, 2), 2),
]
