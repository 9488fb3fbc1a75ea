import type { Cluster } from '../cluster.ts';
import type { Access } from '../kubectl.ts';
import type { DriverName } from '../mark.ts';
import type { GoProgramName } from '../native/goPrograms.ts';

/** The cluster that a workload is brought to. */
export interface Place {
  readonly access: Access;
  readonly driver: DriverName;
  /** The one of this machine; undefined for one that Docker carries. */
  readonly cluster: Cluster | undefined;
  /** Done when the definitions of all operators are installed. */
  readonly definitions: Promise<unknown>;
}

/** Something that runs in the bed. */
export interface Workload {
  readonly namespace: string;
  /** What must have been rolled out before it counts as ready: `statefulset/kafka`. */
  readonly rollouts: readonly string[];
  readonly drivers: readonly DriverName[];
  /** Programs that are built for it. */
  readonly programs?: readonly GoProgramName[];
  /** Brings its objects; again does nothing. */
  readonly apply: (place: Place) => Promise<void>;
  /** Puts data into it when it is ready; may be tried again. */
  readonly seed?: (access: Access) => Promise<void>;
}
