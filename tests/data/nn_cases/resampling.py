"""Maps of another size."""

from nn_cases.describing import function, module, reals

CASES = [
    *[
        function("interpolate", reals(*shape), mode=mode, **settings)
        for mode, settings, shape in (
            ("nearest", {"scale_factor": 2}, (1, 2, 3)),
            ("nearest", {"size": 5}, (1, 1, 3)),
            ("nearest", {"size": (2, 5)}, (2, 1, 4, 3)),
            ("nearest", {"scale_factor": (1.5, 0.7)}, (1, 1, 3, 5)),
            ("nearest", {"scale_factor": 2.6, "recompute_scale_factor": True}, (1, 1, 3)),
            ("nearest", {"size": 3}, (1, 1, 2, 2, 4)),
            ("nearest-exact", {"size": (2, 5)}, (1, 1, 4, 3)),
            ("nearest-exact", {"scale_factor": 1.7}, (1, 1, 5)),
            ("linear", {"size": 5}, (1, 2, 3)),
            ("linear", {"size": 2}, (1, 1, 7)),
            ("linear", {"scale_factor": 1.7, "align_corners": True}, (1, 1, 5)),
            ("linear", {"size": 1, "align_corners": True}, (1, 1, 5)),
            ("linear", {"size": 4}, (1, 1, 1)),
            ("bilinear", {"scale_factor": 2}, (2, 1, 2, 3)),
            ("bilinear", {"size": (5, 2)}, (1, 1, 3, 4)),
            ("bilinear", {"size": (5, 2), "align_corners": True}, (1, 1, 3, 4)),
            ("bilinear", {"scale_factor": (2.3, 0.6)}, (1, 1, 2, 6)),
            ("bilinear", {"scale_factor": (2.3, 0.6), "recompute_scale_factor": True}, (1, 1, 2, 6)),
            ("bilinear", {"size": (3, 4), "antialias": True}, (1, 1, 7, 3)),
            ("bilinear", {"size": (3, 4), "antialias": True, "align_corners": True}, (1, 1, 7, 3)),
            ("bilinear", {"scale_factor": 0.4, "antialias": True}, (1, 1, 7, 6)),
            ("bicubic", {"scale_factor": 2}, (1, 1, 2, 3)),
            ("bicubic", {"size": (5, 2)}, (1, 1, 3, 4)),
            ("bicubic", {"size": (5, 2), "align_corners": True}, (1, 1, 3, 4)),
            ("bicubic", {"size": (3, 5), "antialias": True}, (1, 1, 8, 3)),
            ("trilinear", {"size": (3, 2, 5)}, (1, 1, 2, 3, 2)),
            ("trilinear", {"scale_factor": (1, 2, 0.5), "align_corners": True}, (1, 1, 2, 2, 4)),
            # sizes that stay or double by a factor that is not whole
            ("linear", {"scale_factor": 1.1}, (1, 1, 3)),
            ("nearest", {"scale_factor": (2.4, 1.2)}, (1, 1, 2, 4)),
            ("area", {"size": 3}, (1, 2, 7)),
            ("area", {"scale_factor": (0.5, 1.6)}, (1, 1, 4, 3)),
            ("area", {"size": (1, 2, 3)}, (1, 1, 2, 3, 4)),
        )
    ],
    function("interpolate", reals(1, 1, 2, 2), (3, 3)),
    function("interpolate", reals(1, 1, 2, 3), None, 2, "bilinear", False),
    module("Upsample", scale_factor=2)(reals(1, 2, 2, 2)),
    module("Upsample", (3, 4), mode="bilinear", align_corners=True)(reals(1, 1, 2, 2)),
    module("Upsample", None, 2.6, "linear", None, True)(reals(1, 1, 3)),
    module("Upsample", size=(3, 4), mode="bicubic")(reals(0, 1, 2, 2)),
    module("UpsamplingNearest2d", scale_factor=2)(reals(1, 2, 2, 3)),
    module("UpsamplingNearest2d", (3, 2))(reals(1, 1, 2, 3)),
    module("UpsamplingBilinear2d", scale_factor=2)(reals(1, 2, 2, 3)),
    module("UpsamplingBilinear2d", (3, 2))(reals(1, 1, 2, 3)),
]
