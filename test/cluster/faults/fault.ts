import type { Cluster } from '../bed/cluster.ts';
import type { JsonObject } from '../bed/json.ts';
import type { Access } from '../bed/kubectl.ts';

/** The bed on this machine: faults reach into its processes, networks and disks. */
export interface FaultBed {
  readonly cluster: Cluster;
  readonly access: Access;
}

/** What a command line may say besides the target. */
export interface FaultOptions {
  readonly seconds?: number;
  readonly signal?: 'TERM' | 'KILL';
  /** Kilobytes each second. */
  readonly rate?: number;
  /** Milliseconds. */
  readonly delay?: number;
  /** Percent. */
  readonly loss?: number;
  readonly megabytes?: number;
  readonly mode?: string;
  readonly image?: string;
}

/** What undoing needs to know, kept in a file while the fault lasts. */
export type Memo = JsonObject;

/** One thing that goes wrong on purpose. Both directions return when their effect is there. */
export interface Fault {
  readonly name: string;
  /** What the target is: `pod` as namespace/name, `node` by name, or nothing. */
  readonly target: 'pod' | 'node' | 'none';
  /** A line of help. */
  readonly summary: string;
  /** Undefined when the fault is over already, because it lasted only as long as it was told to. */
  apply(this: void, bed: FaultBed, target: string, options: FaultOptions): Promise<Memo | undefined>;
  undo(this: void, bed: FaultBed, target: string, memo: Memo): Promise<void>;
}
