export const SECOND_MS = 1000;

/** Changes within this time become one change of the view. */
export const FLUSH_MS = 50;

/** Changes are never held back longer, however much work they make; the first view of many objects takes seconds. */
export const LONGEST_PAUSE_MS = 250;

/** How long after the state of an object changed the data clusters of its namespace are gathered anew at the latest, about. */
export const GATHER_MS = 2 * SECOND_MS;

/** How long the first view waits for lists that do not come although those of pods are there. */
export const PATIENCE_MS = 10 * SECOND_MS;

/** Sentences that tell how long something has been so are made again this often, a part of them at a time. */
export const BEAT_MS = SECOND_MS;
export const BEAT_PARTS = 15;

/** How long after a connection failed it is tried again; the last one repeats. */
export const RECONNECT_MS: readonly number[] = [1, 2, 5, 10, 30].map((seconds) => seconds * SECOND_MS);

/** Longest reason of a server that is shown beside a limit. */
export const REASON_LENGTH = 500;
