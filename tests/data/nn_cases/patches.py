"""What moves numbers: windows side by side and back, shuffles, and margins."""

from nn_cases.describing import function, module, reals

CASES = [
    module("Unfold", 2)(reals(2, 2, 3, 3)),
    module("Unfold", (2, 3), dilation=(2, 1), padding=(1, 0), stride=(1, 2))(reals(1, 3, 5)),
    module("Unfold", 2)(reals(0, 2, 3, 3)),
    function("unfold", reals(1, 1, 3, 4), 2, 1, 1, 2),
    module("Fold", (3, 3), 2)(reals(2, 8, 4)),
    module("Fold", (3, 5), (2, 3), dilation=(2, 1), padding=(1, 0), stride=(1, 2))(reals(6, 6)),
    function("fold", reals(1, 4, 6), (3, 4), 2, 1, 1, 2),
    module("PixelShuffle", 2)(reals(2, 4, 2, 3)),
    module("PixelShuffle", 3)(reals(2, 1, 9, 1, 2)),
    module("PixelUnshuffle", 2)(reals(2, 1, 4, 2)),
    module("PixelUnshuffle", 3)(reals(2, 3, 6)),
    module("ChannelShuffle", 2)(reals(2, 6, 2, 1)),
    module("ChannelShuffle", 3)(reals(1, 6, 2)),
    function("pixel_shuffle", reals(8, 1, 2), 2),
    function("pixel_unshuffle", reals(2, 4, 2), 2),
    function("channel_shuffle", reals(1, 4, 1, 2, 2), 2),
    *[
        module(f"{name}Pad{rank}d", padding, *([1.5] if name == "Constant" else []))(reals(*shape))
        for name in ("Zero", "Constant", "Reflection", "Replication", "Circular")
        for rank, padding, shape in (
            (1, 1, (2, 2, 3)),
            (1, (0, 2), (2, 3)),
            (1, (2, -1), (1, 4)),
            (2, 1, (1, 1, 2, 3)),
            (2, (2, 0, 1, 1), (1, 2, 3)),
            (3, 1, (1, 1, 2, 2, 2)),
            (3, (1, 0, 0, 1, 1, 0), (1, 2, 2, 2)),
        )
    ],
    module("ZeroPad2d", 1)(reals(0, 2, 2, 2)),
    function("pad", reals(3), (1, 2)),
    function("pad", reals(2, 3), (1, 2, 0, 1), value=-1.0),
    function("pad", reals(2, 3), (-1, 1), "constant", 2),
    function("pad", reals(1, 2, 3), (1, 2), mode="reflect"),
    function("pad", reals(1, 2, 3), (1, 2, 1, 0), mode="replicate"),
    function("pad", reals(1, 2, 3), (3, 1), mode="circular"),
    function("pad", reals(1, 5), (-2, 3), mode="replicate"),
]
