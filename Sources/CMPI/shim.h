#include <mpi.h>

// MPI_COMM_WORLD and the types of numbers are macros that Swift does not see.

/// Starts MPI for a process whose threads call it one at a time. Returns whether that can be.
static inline int mpi_start(void) {
  int level = 0;
  MPI_Init_thread(0, 0, MPI_THREAD_SERIALIZED, &level);
  return level >= MPI_THREAD_SERIALIZED;
}

static inline void mpi_end(void) { MPI_Finalize(); }

static inline int mpi_rank(void) {
  int rank;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return rank;
}

static inline int mpi_ranks(void) {
  int ranks;
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  return ranks;
}

/// Every rank's `count` in the order of the ranks.
static inline void mpi_counts(int count, int *counts) {
  MPI_Allgather(&count, 1, MPI_INT, counts, 1, MPI_INT, MPI_COMM_WORLD);
}

/// Every rank's words in the order of the ranks.
static inline void mpi_join(const unsigned *words, int count, unsigned *all, const int *counts, const int *starts) {
  MPI_Allgatherv(words, count, MPI_UNSIGNED, all, counts, starts, MPI_UNSIGNED, MPI_COMM_WORLD);
}

/// Parts of this rank's numbers to every rank, and theirs for this one.
static inline void mpi_exchange(
    const float *numbers, const int *counts, const int *starts, float *parts, const int *partCounts,
    const int *partStarts) {
  MPI_Alltoallv(
      numbers, counts, starts, MPI_FLOAT, parts, partCounts, partStarts, MPI_FLOAT, MPI_COMM_WORLD);
}

/// Every rank's numbers in the order of the ranks.
static inline void mpi_gather(const float *numbers, int count, float *all, const int *counts, const int *starts) {
  MPI_Allgatherv(numbers, count, MPI_FLOAT, all, counts, starts, MPI_FLOAT, MPI_COMM_WORLD);
}

static inline double mpi_seconds(void) { return MPI_Wtime(); }
