#include "kernels.h"
#include "versions.h"

#include <string.h>

// Every element of a product is summed up along the depth, from the first step to the last, whatever rows and columns
// stand beside it: so tiles, threads and the number of rows do not change its bits.

enum { width = kernel_panel_width, tile = kernel_tile_height };

/// y += x W for `rows` rows and one panel, of which `columns` columns are there.
INLINE void add_tile(
  float *restrict y, long y_stride, const float *restrict x, long x_stride, const float *restrict panel, int rows,
  long depth, long columns, int from_zero) {
// A multiplication and an addition become one instruction where the processor has it, and round once.
#pragma STDC FP_CONTRACT ON
  floats16 before[tile], sums[tile];
  for (int row = 0; row < rows; row++) {
    before[row] = (floats16){0};
    memcpy(&before[row], y + row * y_stride, columns * sizeof *y);
    sums[row] = from_zero ? (floats16){0} : before[row];
  }
  for (long k = 0; k < depth; k++) {
    floats16 w;
    memcpy(&w, panel + k * width, sizeof w);
    for (int row = 0; row < rows; row++) sums[row] = x[row * x_stride + k] * w + sums[row];
  }
  for (int row = 0; row < rows; row++) {
    if (from_zero) sums[row] = before[row] + sums[row];
    memcpy(y + row * y_stride, &sums[row], columns * sizeof *y);
  }
}

INLINE void add_tiles(
  float *restrict y, long y_stride, const float *restrict x, long x_stride, const float *restrict panel, long rows,
  long depth, long columns, int from_zero) {
  for (; rows >= tile && columns == width; rows -= tile, y += tile * y_stride, x += tile * x_stride) {
    add_tile(y, y_stride, x, x_stride, panel, tile, depth, width, from_zero);
  }
  for (; rows >= tile; rows -= tile, y += tile * y_stride, x += tile * x_stride) {
    add_tile(y, y_stride, x, x_stride, panel, tile, depth, columns, from_zero);
  }
  switch (rows) {
    case 5: add_tile(y, y_stride, x, x_stride, panel, 5, depth, columns, from_zero); break;
    case 4: add_tile(y, y_stride, x, x_stride, panel, 4, depth, columns, from_zero); break;
    case 3: add_tile(y, y_stride, x, x_stride, panel, 3, depth, columns, from_zero); break;
    case 2: add_tile(y, y_stride, x, x_stride, panel, 2, depth, columns, from_zero); break;
    case 1: add_tile(y, y_stride, x, x_stride, panel, 1, depth, columns, from_zero); break;
  }
}

VERSIONS void kernel_add_product(
  float *restrict y, long y_stride, const float *restrict x, long x_stride, const float *restrict panel, long rows,
  long depth, long columns) {
  add_tiles(y, y_stride, x, x_stride, panel, rows, depth, columns, 0);
}

VERSIONS void kernel_add_whole_product(
  float *restrict y, long y_stride, const float *restrict x, long x_stride, const float *restrict panel, long rows,
  long depth, long columns) {
  add_tiles(y, y_stride, x, x_stride, panel, rows, depth, columns, 1);
}

VERSIONS void kernel_add_row_product(
  float *restrict y, const float *restrict x, const float *restrict w, long w_stride, long depth, long columns) {
#pragma STDC FP_CONTRACT ON
  long k = 0;
  // Four rows of W at a time: y is read and written once for them.
  for (; k + 4 <= depth; k += 4) {
    const float *restrict w0 = w + k * w_stride, *restrict w1 = w0 + w_stride, *restrict w2 = w1 + w_stride,
                         *restrict w3 = w2 + w_stride;
    for (long i = 0; i < columns; i++) {
      float sum = x[k] * w0[i] + y[i];
      sum = x[k + 1] * w1[i] + sum;
      sum = x[k + 2] * w2[i] + sum;
      y[i] = x[k + 3] * w3[i] + sum;
    }
  }
  for (; k < depth; k++) {
    for (long i = 0; i < columns; i++) y[i] = x[k] * w[k * w_stride + i] + y[i];
  }
}

VERSIONS void kernel_pack(
  float *restrict panel, const float *restrict w, long row_stride, long column_stride, long depth, long columns) {
  for (long k = 0; k < depth; k++) {
    const float *row = w + k * row_stride;
    float *restrict here = panel + k * width;
    if (columns == width && column_stride == 1) {
      memcpy(here, row, width * sizeof *here);
    } else {
      for (long i = 0; i < width; i++) here[i] = i < columns ? row[i * column_stride] : 0;
    }
  }
}
