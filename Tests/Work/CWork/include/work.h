#pragma once

#include <stdint.h>

/// How many comparisons this thread has made in the modules that are built to count them.
uint64_t work_done(void);
