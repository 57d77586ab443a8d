// output[o, y, x] = f(Σ weight[o, c, i, j] · input[c, y + i − SIZE/2, x + j − SIZE/2] + bias[o]), f the value, or
// where it is negative the value times a slope. What lies outside the map is zero.
//
// A group of 128 threads computes 32 × 8 pixels of 16 outputs: a thread four pixels of a row, of 8 outputs.
// Pixels and weights of a few channels at a time wait in local memory. Types are numbers of load_element.
//
// Defines: SIZE (1 or 3).

#define WIDTH 32
#define HEIGHT 8
#define OUTPUTS 16
#define CHANNELS 8
#define THREADS 128
#define PIXELS 4
#define THREAD_OUTPUTS 8

#define BORDER (SIZE / 2)
#define PLACES (SIZE * SIZE)
#define PATCH_WIDTH (WIDTH + 2 * BORDER)
#define PATCH_HEIGHT (HEIGHT + 2 * BORDER)
// An odd number of floats a row keeps four rows of eight threads out of each other's banks.
#define PATCH_STRIDE (PATCH_WIDTH + 1 - PATCH_WIDTH % 2)
#define PATCH_PLANE (PATCH_STRIDE * PATCH_HEIGHT)
// Where in local memory the weights start, behind the pixels; together they take less than the sums.
#define TAPS (CHANNELS * PATCH_PLANE)

KERNEL void convolve(BUFFER(input), uint input_type, BUFFER(weights), uint weight_type, BUFFER(bias),
                     uint bias_type, BUFFER(slopes), uint slopes_type, float slope, BUFFER(output),
                     uint output_type, uint channels, uint outputs, uint height, uint width) {
  LOCAL float shared[OUTPUTS * HEIGHT * WIDTH];
  uint thread = LOCAL_ID(0);
  uint column = thread % (WIDTH / PIXELS) * PIXELS;
  uint row = thread / (WIDTH / PIXELS) % HEIGHT;
  uint part = thread / (WIDTH / PIXELS * HEIGHT) * THREAD_OUTPUTS;
  uint first_x = GROUP_ID(0) * WIDTH, first_y = GROUP_ID(1) * HEIGHT;
  uint first_output = GROUP_ID(2) * OUTPUTS;

  float sums[THREAD_OUTPUTS][PIXELS];
#pragma unroll
  for (uint o = 0; o < THREAD_OUTPUTS; o++) {
#pragma unroll
    for (uint p = 0; p < PIXELS; p++) sums[o][p] = 0.0f;
  }
#pragma unroll 1
  for (uint first = 0; first < channels; first += CHANNELS) {
#pragma unroll 1
    for (uint i = thread; i < CHANNELS * PATCH_HEIGHT * PATCH_WIDTH; i += THREADS) {
      uint c = i / (PATCH_HEIGHT * PATCH_WIDTH), at = i % (PATCH_HEIGHT * PATCH_WIDTH);
      // Before the first row or pixel the difference wraps around, and is outside like those behind the last.
      uint y = first_y + at / PATCH_WIDTH - BORDER, x = first_x + at % PATCH_WIDTH - BORDER;
      float value = 0.0f;
      if (first + c < channels && y < height && x < width)
        value = load_element(input_type, BYTES(input), ((ulong)(first + c) * height + y) * width + x);
      shared[c * PATCH_PLANE + at / PATCH_WIDTH * PATCH_STRIDE + at % PATCH_WIDTH] = value;
    }
#pragma unroll 1
    for (uint i = thread; i < OUTPUTS * CHANNELS * PLACES; i += THREADS) {
      uint o = i / (CHANNELS * PLACES), at = i % (CHANNELS * PLACES);
      float value = 0.0f;
      if (first_output + o < outputs && first + at / PLACES < channels)
        value = load_element(weight_type, BYTES(weights),
                             ((ulong)(first_output + o) * channels + first) * PLACES + at);
      shared[TAPS + at * OUTPUTS + o] = value;
    }
    BARRIER();
#pragma unroll 1
    for (uint c = 0; c < CHANNELS; c++) {
#pragma unroll
      for (uint i = 0; i < SIZE; i++) {
        float pixels[PIXELS + 2 * BORDER];
#pragma unroll
        for (uint p = 0; p < PIXELS + 2 * BORDER; p++)
          pixels[p] = shared[c * PATCH_PLANE + (row + i) * PATCH_STRIDE + column + p];
#pragma unroll
        for (uint j = 0; j < SIZE; j++) {
#pragma unroll
          for (uint o = 0; o < THREAD_OUTPUTS; o++) {
            float tap = shared[TAPS + ((c * SIZE + i) * SIZE + j) * OUTPUTS + part + o];
#pragma unroll
            for (uint p = 0; p < PIXELS; p++) sums[o][p] = fma(tap, pixels[p + j], sums[o][p]);
          }
        }
      }
    }
    BARRIER();
  }

  // The sums wait in the same memory, to be stored in the order of the output.
#pragma unroll
  for (uint o = 0; o < THREAD_OUTPUTS; o++) {
#pragma unroll
    for (uint p = 0; p < PIXELS; p++)
      shared[((part + o) * HEIGHT + row) * WIDTH + column + p] = sums[o][p];
  }
  BARRIER();
#pragma unroll 1
  for (uint i = thread; i < OUTPUTS * HEIGHT * WIDTH; i += THREADS) {
    uint n = first_output + i / (HEIGHT * WIDTH);
    uint y = first_y + i / WIDTH % HEIGHT, x = first_x + i % WIDTH;
    if (n < outputs && y < height && x < width) {
      float value = shared[i] + load_element(bias_type, BYTES(bias), n);
      if (value < 0.0f)
        value *= slopes_type ? load_element(slopes_type, BYTES(slopes), n) : slope;
      store_element(output_type, BYTES(output), ((ulong)n * height + y) * width + x, value);
    }
  }
}
