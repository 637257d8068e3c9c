"""What both towers, the tokenizer and the bundle agree on."""

DIMENSION = 256
SIZE = 112  # pixels a side
TRAINING_SIZES = ((0.0, 64), (0.72, SIZE))  # from which part of the training on: small first, where a picture costs a third
CONTEXT = 40  # tokens
MEAN = (0.50, 0.46, 0.42)
STD = (0.27, 0.26, 0.26)
