#pragma once

/// What is used of OpenBLAS, a library of matrix products. It is loaded when a product is first made, not when a program
/// starts: that takes longer than all the rest of a start.
struct openblas {
  void (*sgemm)(
    int order, int transposes_a, int transposes_b, int rows, int columns, int inner, float alpha, const float *a,
    int a_stride, const float *b, int b_stride, float beta, float *c, int c_stride);
  void (*sgemv)(
    int order, int transposes, int rows, int columns, float alpha, const float *a, int stride, const float *x,
    int x_stride, float beta, float *y, int y_stride);
  /// Takes a buffer as a product does, and gives one back, which keeps it ready for a product. Null where OpenBLAS has no
  /// such functions.
  void *(*take_buffer)(int kind);
  void (*give_back_buffer)(void *buffer);
};

/// Orders and transpositions, as CBLAS numbers them.
enum { openblas_row_major = 101, openblas_as_it_is = 111, openblas_transposed = 112 };

/// Loads OpenBLAS, to work with the thread that calls it and with no other. Returns null, or what is wrong. No other thread may
/// read the environment meanwhile, unless OPENBLAS_NUM_THREADS is 1 in it already.
const char *openblas_load(struct openblas *library);
