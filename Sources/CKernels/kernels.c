#include "kernels.h"
#include "versions.h"

#include <malloc.h>
#include <stdint.h>
#include <string.h>

// The same bits on every processor: a fused multiplication and addition rounds once instead of twice.
#pragma STDC FP_CONTRACT OFF

/// Two to the power of a whole number from -126 to 127.
INLINE float power_of_two(int32_t n) {
  uint32_t bits = (uint32_t)(n + 127) << 23;
  float power;
  memcpy(&power, &bits, 4);
  return power;
}

/// n, the whole number nearest to x / ln 2, and e^r - 1 for r = x - n ln 2, by its Taylor series.
INLINE float reduced_exp_minus_1(float x, int32_t *n) {
  const float magic = 12582912;  // 1.5 * 2^23: adding it leaves the whole part in the low bits
  float shifted = x * 1.44269504f + magic;
  int32_t bits;
  memcpy(&bits, &shifted, 4);
  *n = bits - 0x4b400000;
  float whole = shifted - magic;
  // ln 2 in two parts, the first with few enough bits for an exact product.
  float r = (x - whole * 0.693359375f) + whole * 2.12194440e-4f;
  float p = 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  return p * r * r + r;
}

INLINE float clamped(float x, float low, float high) {
  x = x < low ? low : x;  // a NaN stays one
  return x > high ? high : x;
}

INLINE float fast_exp(float x) {
  int32_t n;
  float p = reduced_exp_minus_1(clamped(x, -87, 88), &n);
  return (p + 1) * power_of_two(n);
}

INLINE float fast_sigmoid(float x) { return 1 / (1 + fast_exp(-x)); }

/// tanh |x| = -m / (m + 2) with m = e^(-2|x|) - 1, which keeps its digits where x is small.
INLINE float fast_tanh(float x) {
  float size = x < 0 ? -x : x;
  int32_t n;
  float p = reduced_exp_minus_1(-2 * clamped(size, 0, 20), &n);
  float power = power_of_two(n);
  float m = p * power + (power - 1);
  float y = (0 - m) / (m + 2);
  return x < 0 ? -y : y;
}

VERSIONS void kernel_sigmoid(float *y, const float *x, long count) {
  for (long i = 0; i < count; i++) y[i] = fast_sigmoid(x[i]);
}

VERSIONS void kernel_tanh(float *y, const float *x, long count) {
  for (long i = 0; i < count; i++) y[i] = fast_tanh(x[i]);
}

VERSIONS void kernel_exp(float *y, const float *x, float shift, long count) {
  for (long i = 0; i < count; i++) y[i] = fast_exp(x[i] - shift);
}

VERSIONS void kernel_gru_gates(
  float *restrict ur, float *restrict gated, const float *restrict h, long rows, long units) {
  for (long row = 0; row < rows; row++) {
    float *restrict u = ur + row * 2 * units, *restrict r = u + units, *restrict g = gated + row * units;
    const float *restrict old = h + row * units;
    for (long i = 0; i < units; i++) {
      u[i] = fast_sigmoid(u[i]);
      r[i] = fast_sigmoid(r[i]);
      g[i] = r[i] * old[i];
    }
  }
}

VERSIONS void kernel_gru_state(
  float *restrict next, float *restrict c, const float *restrict ur, const float *restrict h, long rows, long units,
  int takes_new) {
  for (long row = 0; row < rows; row++) {
    const float *restrict u = ur + row * 2 * units, *restrict old = h + row * units;
    float *restrict new = next + row * units, *restrict sum = c + row * units;
    for (long i = 0; i < units; i++) {
      float k = takes_new ? 1 - u[i] : u[i];
      sum[i] = fast_tanh(sum[i]);
      new[i] = k * old[i] + (1 - k) * sum[i];
    }
  }
}

VERSIONS void kernel_gru_state_back(
  float *restrict dh, float *restrict d_ur, float *restrict dc, const float *restrict ur, const float *restrict c,
  const float *restrict h, long rows, long units, int takes_new) {
  float sign = takes_new ? -1 : 1;
  for (long row = 0; row < rows; row++) {
    const float *restrict u = ur + row * 2 * units, *restrict now = c + row * units, *restrict old = h + row * units;
    float *restrict d = dh + row * units, *restrict du = d_ur + row * 2 * units, *restrict dsum = dc + row * units;
    for (long i = 0; i < units; i++) {
      float k = takes_new ? 1 - u[i] : u[i];
      du[i] = sign * d[i] * (old[i] - now[i]) * (u[i] * (1 - u[i]));
      dsum[i] = d[i] * (1 - k) * (1 - now[i] * now[i]);
      d[i] = d[i] * k;
    }
  }
}

VERSIONS void kernel_gru_gates_back(
  float *restrict dh, float *restrict d_ur, const float *restrict d_gated, const float *restrict ur,
  const float *restrict h, long rows, long units) {
  for (long row = 0; row < rows; row++) {
    const float *restrict r = ur + row * 2 * units + units, *restrict old = h + row * units;
    const float *restrict d = d_gated + row * units;
    float *restrict dr = d_ur + row * 2 * units + units, *restrict d_old = dh + row * units;
    for (long i = 0; i < units; i++) {
      dr[i] = d[i] * old[i] * (r[i] * (1 - r[i]));
      d_old[i] = d_old[i] + d[i] * r[i];
    }
  }
}

/// Asks for a row's memory ahead of its use.
INLINE void fetch(const float *row, long depth) {
  for (long i = 0; i < depth; i += 16) __builtin_prefetch(row + i);
}

VERSIONS void kernel_sum_rows(float *restrict y, const float *table, const long *rows, long count, long depth) {
  for (long i = 0; i < depth; i++) y[i] = 0;
  for (long row = 0; row < count; row++) {
    if (row + 2 < count) fetch(table + rows[row + 2] * depth, depth);
    const float *restrict x = table + rows[row] * depth;
    for (long i = 0; i < depth; i++) y[i] = y[i] + x[i];
  }
}

VERSIONS void kernel_add_to_rows(
  float *table, const float *restrict x, const long *rows, long count, long depth, long columns) {
  for (long row = 0; row < count; row++) {
    float *restrict y = table + rows[row] * depth;
    for (long i = 0; i < columns; i++) y[i] = y[i] + x[i];
  }
}

/// The sum of a b, or of a where b is null: sixteen sums side by side, added up in one order whatever the processor.
INLINE float sum_of_products(const float *a, const float *b, long count) {
  floats16 sums = {0};
  long i = 0;
  for (; i + 16 <= count; i += 16) {
    floats16 x, y;
    memcpy(&x, a + i, sizeof x);
    if (b) {
      memcpy(&y, b + i, sizeof y);
      x = x * y;
    }
    sums = sums + x;
  }
  float sum = 0;
  for (int lane = 0; lane < 16; lane++) sum = sum + sums[lane];
  for (; i < count; i++) sum = sum + (b ? a[i] * b[i] : a[i]);
  return sum;
}

VERSIONS void kernel_dot_rows(
  float *y, const float *x, const float *table, const long *rows, long count, long depth) {
  for (long row = 0; row < count; row++) {
    if (row + 2 < count) fetch(table + rows[row + 2] * depth, depth);
    y[row] = sum_of_products(x, table + rows[row] * depth, depth);
  }
}

VERSIONS float kernel_standardize(float *restrict z, const float *restrict x, long count, float eps) {
  float mean = sum_of_products(x, 0, count) / count;
  for (long i = 0; i < count; i++) z[i] = x[i] - mean;
  float factor = 1 / __builtin_elementwise_sqrt(sum_of_products(z, z, count) / count + eps);
  for (long i = 0; i < count; i++) z[i] = z[i] * factor;
  return factor;
}

VERSIONS void kernel_standardize_back(float *restrict d, const float *restrict z, float factor, long count) {
  // With z = (x - mean) / deviation: dx = (dz - mean of dz - z mean of (z dz)) / deviation
  float mean = sum_of_products(d, 0, count) / count, slope = sum_of_products(d, z, count) / count;
  for (long i = 0; i < count; i++) d[i] = (d[i] - mean - z[i] * slope) * factor;
}

VERSIONS void kernel_sum_scaled_rows(
  float *restrict y, const float *table, const float *scales, const long *rows, long count, long depth) {
  for (long i = 0; i < depth; i++) y[i] = 0;
  for (long row = 0; row < count; row++) {
    const float *restrict x = table + rows[row] * depth;
    for (long i = 0; i < depth; i++) y[i] = y[i] + scales[row] * x[i];
  }
}

typedef _Float16 halves16 __attribute__((vector_size(32)));

/// Adds x times 16 halves.
INLINE void add_product(floats16 *sum, float x, const uint16_t *w) {
  halves16 halves;
  memcpy(&halves, w, sizeof halves);
  *sum = *sum + x * __builtin_convertvector(halves, floats16);
}

VERSIONS void kernel_half_product(float *restrict y, const float *restrict x, const uint16_t *restrict w, long depth) {
  // The even and the odd rows apart, so that no sum waits for the last.
  floats16 sums[2][4] = {{{0}}};
  for (long k = 0; k + 1 < depth; k += 2) {
    for (int part = 0; part < 4; part++) {
      add_product(&sums[0][part], x[k], w + k * 64 + part * 16);
      add_product(&sums[1][part], x[k + 1], w + k * 64 + 64 + part * 16);
    }
  }
  if (depth % 2) {
    for (int part = 0; part < 4; part++) add_product(&sums[0][part], x[depth - 1], w + (depth - 1) * 64 + part * 16);
  }
  for (int part = 0; part < 4; part++) {
    floats16 sum = sums[0][part] + sums[1][part];
    memcpy(y + part * 16, &sum, sizeof sum);
  }
}

VERSIONS void kernel_to_half(uint16_t *restrict y, const float *restrict x, long count) {
  for (long i = 0; i < count; i++) {
    _Float16 half = (_Float16)x[i];
    memcpy(y + i, &half, sizeof half);
  }
}

VERSIONS void kernel_from_half(float *restrict y, const uint16_t *restrict x, long count) {
  for (long i = 0; i < count; i++) {
    _Float16 half;
    memcpy(&half, x + i, sizeof half);
    y[i] = (float)half;
  }
}

_Thread_local long living_array_count;

void keep_large_arrays(void) {
  mallopt(M_MMAP_THRESHOLD, 32 << 20);  // the most that there may be
  mallopt(M_TRIM_THRESHOLD, 0x7fffffff);
  mallopt(M_TOP_PAD, 64 << 20);
}
