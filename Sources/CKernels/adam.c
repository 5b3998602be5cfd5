#include "kernels.h"
#include "versions.h"

// The same bits on every processor: a fused multiplication and addition rounds once instead of twice.
#pragma STDC FP_CONTRACT OFF

INLINE void adam(float *w, float *m, float *v, float g, struct adam_factors f) {
  float new_m = f.b1 * *m + f.new1 * g;
  float new_v = f.b2 * *v + f.new2 * g * g;
  *m = new_m;
  *v = new_v;
  *w = f.kept * *w - f.rate * new_m / (__builtin_elementwise_sqrt(new_v * f.correction2) + f.eps);
}

VERSIONS void kernel_adam(
  float *restrict w, float *restrict m, float *restrict v, const float *restrict g, long count,
  struct adam_factors f) {
  if (g) {
    for (long i = 0; i < count; i++) adam(w + i, m + i, v + i, g[i], f);
  } else {
    for (long i = 0; i < count; i++) adam(w + i, m + i, v + i, 0, f);
  }
}

/// How many numbers of a row are worked on at once, and how many rows ahead the memory is asked for.
enum { block = 64, rows_ahead = 4 };

/// Asks for a part of a row of Adam's three tables. A row ahead is asked for part by part, while others are worked on:
/// a core that asks for more than it can wait for stands still.
INLINE void fetch_part(const float *w, const float *m, const float *v, long start, long size) {
  for (long i = start; i < start + size; i += 16) {
    __builtin_prefetch(w + i, 0, 2);
    __builtin_prefetch(m + i, 0, 2);
    __builtin_prefetch(v + i, 0, 2);
  }
}

VERSIONS void kernel_adam_rows(
  float *restrict w, float *restrict m, float *restrict v, const float *restrict g, const long *rows, long count,
  long depth, struct adam_factors f) {
  for (long index = 0; index < count; index++) {
    long start = rows[index] * depth;
    long ahead = rows[index + rows_ahead < count ? index + rows_ahead : index] * depth;
    for (long first = 0; first < depth; first += block) {
      long end = depth - first < block ? depth : first + block;
      fetch_part(w, m, v, ahead + first, end - first);
      for (long i = first; i < end; i++) adam(w + start + i, m + start + i, v + start + i, g[index * depth + i], f);
    }
  }
}

/// What `kernel_adam_skip` does with a part of a row.
INLINE void adam_skip(
  float *restrict w, float *restrict m, float *restrict v, long size, struct adam_missed missed, const float *amounts,
  const float *roots, float eps) {
  float root[block] = {0}, sum[block] = {0};
  for (long i = 0; i < size; i++) root[i] = __builtin_elementwise_sqrt(v[i]);
  for (long j = missed.first; j < missed.first + missed.terms; j++) {
    for (long i = 0; i < block; i++) sum[i] = sum[i] + amounts[j] / (roots[j] * root[i] + eps);
  }
  for (long i = 0; i < size; i++) {
    w[i] = missed.kept * w[i] - m[i] * sum[i];
    m[i] = missed.b1 * m[i];
    v[i] = missed.b2 * v[i];
  }
}

VERSIONS void kernel_adam_skip(
  float *restrict w, float *restrict m, float *restrict v, long depth, const struct adam_missed *missed, long count,
  const float *amounts, const float *roots, float eps) {
  for (long index = 0; index < count; index++) {
    long row = missed[index].row * depth;
    long ahead = missed[index + rows_ahead < count ? index + rows_ahead : index].row * depth;
    for (long first = 0; first < depth; first += block) {
      long size = depth - first < block ? depth - first : block, start = row + first;
      fetch_part(w, m, v, ahead + first, size);
      // Roots and sums stay in registers where the compiler knows how many there are.
      if (size == block) {
        adam_skip(w + start, m + start, v + start, block, missed[index], amounts, roots, eps);
      } else {
        adam_skip(w + start, m + start, v + start, size, missed[index], amounts, roots, eps);
      }
    }
  }
}
