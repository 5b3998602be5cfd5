#include "kernels.h"
#include "versions.h"

#include <float.h>
#include <string.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

// The same bits on every processor: a fused multiplication and addition rounds once instead of twice.
#pragma STDC FP_CONTRACT OFF

// Products of vectors with matrices of whole numbers. Sums of whole numbers are exact, so that they have the same bits on
// every processor, in whatever order they are made. Compilers find no instruction for two products and their sum in a plain
// loop, which is why there are versions by hand.

enum { columns = 64 };

/// Two rows of the matrix at a time: a column's two numbers lie side by side.
INLINE void plain_product(int32_t *restrict y, const int16_t *restrict x, const int8_t *restrict w, long depth) {
  memset(y, 0, columns * sizeof *y);
  for (long k = 0; k < depth; k += 2, w += 2 * columns) {
    for (long i = 0; i < columns; i++) y[i] += x[k] * w[2 * i] + x[k + 1] * w[2 * i + 1];
  }
}

#if defined(__x86_64__) && !__has_feature(thread_sanitizer)

__attribute__((target("avx512bw"))) static void wide_product(
  int32_t *restrict y, const int16_t *restrict x, const int8_t *restrict w, long depth) {
  __m512i sums[columns / 16] = {0};
  for (long k = 0; k < depth; k += 2) {
    int32_t pair;
    memcpy(&pair, x + k, sizeof pair);
    for (int part = 0; part < columns / 16; part++, w += 32) {
      __m512i row = _mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i *)w));
      sums[part] = _mm512_add_epi32(sums[part], _mm512_madd_epi16(row, _mm512_set1_epi32(pair)));
    }
  }
  memcpy(y, sums, sizeof sums);
}

__attribute__((target("avx2"))) static void narrow_product(
  int32_t *restrict y, const int16_t *restrict x, const int8_t *restrict w, long depth) {
  __m256i sums[columns / 8] = {0};
  for (long k = 0; k < depth; k += 2) {
    int32_t pair;
    memcpy(&pair, x + k, sizeof pair);
    for (int part = 0; part < columns / 8; part++, w += 16) {
      __m256i row = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)w));
      sums[part] = _mm256_add_epi32(sums[part], _mm256_madd_epi16(row, _mm256_set1_epi32(pair)));
    }
  }
  memcpy(y, sums, sizeof sums);
}

static void product(int32_t *restrict y, const int16_t *restrict x, const int8_t *restrict w, long depth) {
  if (__builtin_cpu_supports("avx512bw")) return wide_product(y, x, w, depth);
  if (__builtin_cpu_supports("avx2")) return narrow_product(y, x, w, depth);
  plain_product(y, x, w, depth);
}

#else

static void product(int32_t *restrict y, const int16_t *restrict x, const int8_t *restrict w, long depth) {
  plain_product(y, x, w, depth);
}

#endif

VERSIONS static void add_scaled(
  float *restrict y, const int32_t *restrict sums, float step, const float *restrict steps, long count) {
  for (long i = 0; i < count; i++) y[i] = y[i] + (float)sums[i] * (step * steps[i]);
}

void kernel_add_int8_product(
  float *restrict y, const int16_t *restrict x, float step, const int8_t *restrict w, const float *restrict steps,
  long depth, long count) {
  int32_t sums[columns];
  product(sums, x, w, depth);
  add_scaled(y, sums, step, steps, count);
}

/// The bits of a number within 2^22 of 0 to which this was added have the nearest whole number at their end.
#define MAGIC 12582912.0f  // 1.5 * 2^23

INLINE int32_t nearest(float x) {
  float shifted = x + MAGIC;
  int32_t bits;
  memcpy(&bits, &shifted, sizeof bits);
  return bits - 0x4b400000;
}

VERSIONS void kernel_quantize_row(int8_t *restrict q, const float *restrict x, const float *restrict steps, long count) {
  for (long i = 0; i < count; i++) q[2 * i] = (int8_t)(steps[i] > 0 ? nearest(x[i] / steps[i]) : 0);
}

VERSIONS void kernel_round_row(float *restrict y, const float *restrict x, const float *restrict steps, long count) {
  for (long i = 0; i < count; i++) y[i] = steps[i] > 0 ? (x[i] / steps[i] + MAGIC - MAGIC) * steps[i] : 0;
}

VERSIONS void kernel_largest_sizes(float *restrict sizes, const float *restrict x, long count) {
  for (long i = 0; i < count; i++) {
    float size = x[i] < 0 ? -x[i] : x[i];
    sizes[i] = size > sizes[i] ? size : sizes[i];
  }
}

VERSIONS float kernel_quantize(int16_t *restrict q, const float *restrict x, long count, long most) {
  // The bits of numbers without a sign are in their order; what is no finite number comes last.
  uint32_t largest = 0;
  for (long i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, x + i, sizeof bits);
    bits &= 0x7fffffff;
    largest = bits > largest ? bits : largest;
  }
  float size;
  memcpy(&size, &largest, sizeof size);
  float step = size / most;
  if (largest >= 0x7f800000) step = __builtin_nanf("");
  if (!(step >= FLT_MIN)) {  // steps of fewer bits could make numbers too large
    memset(q, 0, count * sizeof *q);
    return largest < 0x7f800000 ? 0 : step;
  }
  for (long i = 0; i < count; i++) q[i] = (int16_t)nearest(x[i] / step);
  return step;
}
