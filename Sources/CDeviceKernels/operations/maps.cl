// What is done to maps pixel by pixel; a thread an element of the output. Types are numbers of load_element.

// The flat index of a thread in a grid of rows of 2^15 threads: no axis of a grid reaches 2^16 (README.md,
// traps).
#define MAP_INDEX (((ulong)GROUP_ID(1) << 15) + GLOBAL_ID(0))

// output = base + scale · values; output may be either.
KERNEL void add_scaled(BUFFER(values), uint values_type, float scale, BUFFER(base), uint base_type,
                       BUFFER(output), uint output_type, ulong count) {
  ulong i = MAP_INDEX;
  if (i < count) {
    float product = MUL_RN(scale, load_element(values_type, BYTES(values), i));
    float sum = ADD_RN(load_element(base_type, BYTES(base), i), product);
    store_element(output_type, BYTES(output), i, sum);
  }
}

// The pixel of a larger map from one of `factor` by `factor` channels of a smaller one, or where it is not
// shuffled from the one channel it has; plus the base's pixel of that place, where there is one.
KERNEL void spread_pixels(BUFFER(input), uint input_type, BUFFER(base), uint base_type, BUFFER(output),
                          uint output_type, uint factor, uint is_shuffled, uint height, uint width,
                          ulong count) {
  ulong index = MAP_INDEX;
  if (index < count) {
    uint x = (uint)(index % (width * factor));
    ulong row = index / (width * factor);
    uint y = (uint)(row % (height * factor));
    uint c = (uint)(row / (height * factor));
    uint source = is_shuffled ? (c * factor + y % factor) * factor + x % factor : c;
    ulong place = (ulong)(y / factor) * width + x / factor, plane = (ulong)height * width;
    float value = load_element(input_type, BYTES(input), source * plane + place);
    if (base_type) value = ADD_RN(load_element(base_type, BYTES(base), c * plane + place), value);
    store_element(output_type, BYTES(output), index, value);
  }
}
