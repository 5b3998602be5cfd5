#pragma once

/// The commit that the programs were built of, with a plus sign where there were changes beside it; empty if not known.
const char *rivulet_commit(void);
