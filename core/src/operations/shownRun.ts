import type { AccessLimit } from '#core/live/view.ts';
import type { FollowedRun } from '#core/operations/followRun.ts';
import type { RunRecord } from '#core/operations/model.ts';
import type { JournalPlace } from '#core/operations/operations.ts';

/** A run as it is shown in a tree or on a page. */
export interface ShownRun extends FollowedRun {
  /** `here`: by this program, now. `elsewhere`: its journal says that somebody runs it. `nobody`: it is over, or waits for somebody. */
  readonly place: 'here' | 'elsewhere' | 'nobody';
  /** What was asked of a run here that goes on. */
  readonly wish: 'run' | 'pause' | 'cancel' | 'detach';
  /** Why going on with it from here did not work, a sentence or two. */
  readonly obstacle?: string;
}

/** The operations of one context. */
export interface ContextOperations {
  /** The last run of each data cluster and node. */
  readonly runs: readonly ShownRun[];
  /** Journals that may not be read. */
  readonly limits: readonly AccessLimit[];
  /** Whether this program has run one of them, also one that is over. */
  readonly isOurs?: boolean;
}

export const NO_OPERATIONS: ContextOperations = { runs: [], limits: [] };

/** A run as its journal tells it. */
export function journalledRun(record: RunRecord): ShownRun {
  return {
    record,
    current: undefined,
    place: record.state.kind === 'running' ? 'elsewhere' : 'nobody',
    wish: 'run',
  };
}

/** Whether it can be gone on with. */
export function isUnfinished({ state }: RunRecord): boolean {
  return state.kind === 'running' || state.kind === 'paused' || state.kind === 'stopped';
}

/** What names the place of a run's journal within a context. */
export function placeKey({ system, namespace, name }: JournalPlace): string {
  return JSON.stringify([namespace, system, name]);
}
