/* Prints at how many GB/s threads read memory again and again, each its own part: bandwidth BYTES THREADS SECONDS */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef long vector __attribute__((vector_size(64)));
enum { LANES = 8, MOST_THREADS = 64, PASSES = 4096 };

static size_t vectors;
static double seconds;
static pthread_barrier_t start;
static double rates[MOST_THREADS];

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The median over passes of one thread's rate. */
static void *read_part(void *argument) {
  vector *part = aligned_alloc(sizeof(vector), vectors * sizeof(vector));
  for (size_t i = 0; i < vectors; i++) part[i] = (vector){i};
  static _Thread_local double passes[PASSES];
  vector sums[LANES] = {0};
  int count = 0;
  pthread_barrier_wait(&start);
  double end = now() + seconds;
  for (int pass = -3; pass < PASSES && (pass < 3 || now() < end); pass++) {
    double begin = now();
    for (size_t i = 0; i < vectors; i += LANES)
      for (int lane = 0; lane < LANES; lane++) sums[lane] ^= part[i + lane];
    if (pass >= 0) passes[count++] = vectors * sizeof(vector) / (now() - begin) / 1e9;
  }
  for (int lane = 1; lane < LANES; lane++) sums[0] ^= sums[lane];
  volatile long kept = sums[0][0];
  (void)kept;
  qsort(passes, count, sizeof *passes, ascending);
  *(double *)argument = passes[count / 2];
  free(part);
  return NULL;
}

int main(int argc, char **argv) {
  int threads = argc == 4 ? atoi(argv[2]) : 0;
  if (threads < 1 || threads > MOST_THREADS) return fprintf(stderr, "usage: bandwidth BYTES THREADS SECONDS\n"), 2;
  vectors = atol(argv[1]) / threads / sizeof(vector) / LANES * LANES;
  seconds = atof(argv[3]);
  pthread_barrier_init(&start, NULL, threads);
  pthread_t ids[MOST_THREADS];
  double sum = 0;
  for (int i = 0; i < threads; i++) pthread_create(&ids[i], NULL, read_part, &rates[i]);
  for (int i = 0; i < threads; i++) pthread_join(ids[i], NULL), sum += rates[i];
  printf("%.2f\n", sum);
}
