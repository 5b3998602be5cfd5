#pragma once

#include <stdint.h>

// Loops over arrays of float that take a part of a training step worth saving. Each exists in several versions, of which the
// processor's best is chosen when the program starts; all give the same bits, because multiplications and additions are
// never fused, but where it says so. Arrays do not overlap unless they are the same.

/// y = 1 / (1 + e^-x)
void kernel_sigmoid(float *y, const float *x, long count);

/// y = tanh x
void kernel_tanh(float *y, const float *x, long count);

/// y = e^(x - shift)
void kernel_exp(float *y, const float *x, float shift, long count);

/// The gates of a GRU's step: in a row of 2 `units` sums, u and r become sigmoids; gated = r h.
void kernel_gru_gates(float *ur, float *gated, const float *h, long rows, long units);

/// The new state of a GRU's step: sums c become tanh c; new = k h + (1 - k) c, where k is u, or 1 - u if `takes_new`.
void kernel_gru_state(float *next, float *c, const float *ur, const float *h, long rows, long units, int takes_new);

/// Back through `kernel_gru_state`: from the gradient dh of the new state those of the sums of u (into a row of 2 `units`)
/// and of c; dh becomes the part of the old state's gradient that comes from here.
void kernel_gru_state_back(
  float *dh, float *d_ur, float *dc, const float *ur, const float *c, const float *h, long rows, long units,
  int takes_new);

/// Back through `kernel_gru_gates`: from the gradient of r h that of the sums of r, and its part of dh is added.
void kernel_gru_gates_back(
  float *dh, float *d_ur, const float *d_gated, const float *ur, const float *h, long rows, long units);

/// One step of Adam over `count` numbers; a null gradient counts as zeros.
struct adam_factors { float b1, b2, new1, new2, kept, rate, correction2, eps; };
void kernel_adam(float *w, float *m, float *v, const float *g, long count, struct adam_factors f);

/// One step of Adam over `count` rows of a table, with the gradient's rows one after the other.
void kernel_adam_rows(
  float *w, float *m, float *v, const float *g, const long *rows, long count, long depth, struct adam_factors f);

/// Steps of Adam without a gradient over rows of a table, each with what it has missed, in one go: w = kept w - m sum, where sum
/// is that of amounts[j] / (roots[j] sqrt(v) + eps) over `terms` from `first` on, and m and v shrink by b1 and b2.
struct adam_missed { long row; float kept, b1, b2; int first, terms; };
void kernel_adam_skip(
  float *w, float *m, float *v, long depth, const struct adam_missed *missed, long count, const float *amounts,
  const float *roots, float eps);

/// y = the sum of `count` rows of a table, in their order.
void kernel_sum_rows(float *y, const float *table, const long *rows, long count, long depth);

/// Adds x to the first `columns` numbers of each of `count` rows of a table.
void kernel_add_to_rows(float *table, const float *x, const long *rows, long count, long depth, long columns);

/// y[i] = x times row rows[i] of a table, for `count` rows.
void kernel_dot_rows(float *y, const float *x, const float *table, const long *rows, long count, long depth);

/// z = (x - mean) factor of mean 0 and variance 1; gives factor = 1 / sqrt(variance + eps).
float kernel_standardize(float *z, const float *x, long count, float eps);

/// Back through it: d, the gradient of z, becomes that of x.
void kernel_standardize_back(float *d, const float *z, float factor, long count);

/// y = the sum of `count` rows of a table, each times its scale.
void kernel_sum_scaled_rows(
  float *y, const float *table, const float *scales, const long *rows, long count, long depth);

/// The columns of a panel of a matrix, and the rows that are multiplied by it at once.
enum { kernel_panel_width = 16, kernel_tile_height = 6 };

/// y += x W for `rows` rows and the columns of a panel, of which `columns` are there. Each element is summed up along the
/// depth, from y on, in that order, with multiplications and additions fused where the processor can: the same bits for any
/// number of rows and columns at a time, and by `kernel_add_row_product`.
void kernel_add_product(
  float *y, long y_stride, const float *x, long x_stride, const float *panel, long rows, long depth, long columns);

/// The same with sums from 0 on, which are then added to y.
void kernel_add_whole_product(
  float *y, long y_stride, const float *x, long x_stride, const float *panel, long rows, long depth, long columns);

/// What `kernel_add_product` makes, for one row and `columns` columns of a matrix that is no panel.
void kernel_add_row_product(
  float *y, const float *x, const float *w, long w_stride, long depth, long columns);

/// Makes a panel of columns of a matrix: `depth` rows of as many numbers as a panel has columns, with zeros for columns that are not there.
void kernel_pack(float *panel, const float *w, long row_stride, long column_stride, long depth, long columns);

/// y = x W for 64 columns of a matrix of half-precision numbers with `depth` rows.
void kernel_half_product(float *y, const float *x, const uint16_t *w, long depth);

/// y += step x W steps for at most 64 columns of a matrix of whole numbers with a step for each, and a vector of whole numbers
/// with a step. It has `depth` rows, an even number; each two have their numbers in pairs, 64 of them, column by column. No sum
/// may be beyond 32 bits.
void kernel_add_int8_product(
  float *y, const int16_t *x, float step, const int8_t *w, const float *steps, long depth, long columns);

/// q = x / step, to the nearest whole numbers, of which the largest has the size `most`. Returns the step: 0 where all are as
/// good as 0, and NaN where one is not finite; q is 0 then.
float kernel_quantize(int16_t *q, const float *x, long count, long most);

/// A row's x / steps, to the nearest whole numbers, which go to every other place in q; the same times the steps; and the
/// larger ones of sizes and |x|. Where a step is 0, so are q and y.
void kernel_quantize_row(int8_t *q, const float *x, const float *steps, long count);
void kernel_round_row(float *y, const float *x, const float *steps, long count);
void kernel_largest_sizes(float *sizes, const float *x, long count);

/// To half precision, to the nearest; and back.
void kernel_to_half(uint16_t *y, const float *x, long count);
void kernel_from_half(float *y, const uint16_t *x, long count);

/// Makes the C library keep the memory of large arrays that are freed, for those that follow.
void keep_large_arrays(void);

extern _Thread_local long living_array_count;

/// Counts an array of a tensor that this thread has made (1) or let go (-1).
static inline void count_array(long change) { living_array_count += change; }

/// How many arrays this thread has made, less those that it has let go: for tests that nothing stays behind.
static inline long living_arrays(void) { return living_array_count; }

/// Tells the processor that this thread waits awake.
static inline void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}
