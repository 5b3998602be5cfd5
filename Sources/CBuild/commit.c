#include "build.h"

// The scripts in bin set $RIVULET_COMMIT, and so this; a plain `swift build` does not.
#ifndef RIVULET_COMMIT
#define RIVULET_COMMIT ""
#endif

const char *rivulet_commit(void) { return RIVULET_COMMIT; }
