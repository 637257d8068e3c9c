"""What both towers, the locator, the tokenizer and the bundle agree on."""

DIMENSION = 256
SIZE = 144  # pixels a side
Sizes = tuple[tuple[float, tuple[int, ...]], ...]  # from which part of a training on, 0..1, pictures have which sides, in turn
TRAINING_SIZES: Sizes = ((0.0, (64,)), (0.35, (96,)), (0.65, (96, SIZE)))  # small first, where a picture costs a fifth
CONTINUED_SIZES: Sizes = ((0.0, (96,)), (0.5, (96, SIZE)))  # of a training that goes on from another's weights: what 64 pixels show, they know
SECOND_SIZE = 96  # pixels a side of the exported tower's second look, at the picture's mirror image
CONTEXT = 40  # tokens
MEAN = (0.50, 0.46, 0.42)
STD = (0.27, 0.26, 0.26)

LOCATOR_SIZE = 128  # pixels a side of the square that a whole picture is fitted into
FILL = (127, 127, 127)  # of the rest of that square
MARGIN = 0.10  # of the longer side of the box, left on every side when it is cut out
LEAST_CONFIDENCE = 0.3  # below it, the tower sees the whole picture
PIECE_CONFIDENCE = 0.6  # from it on, a picture is taken to show a piece, and something is claimed by it
SMALL, AROUND_SMALL = 0.6, 0.3  # a box whose longer side is less than this share of the picture's is looked for again, with this margin around it
