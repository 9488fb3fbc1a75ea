import type { JsonObject } from '#core/json.ts';
import type { Stoppable } from '#core/live/ports.ts';
import type { Cancellation } from '#core/ports.ts';

/** CQL as core meets it: a port of one pod, see `Cluster.cql`. */

export interface CqlCredentials {
  readonly username: string;
  readonly password: string;
}

/** A node of Cassandra as it is reached: by the CQL port of its pod, whatever it advertises. */
export interface CqlAccess {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
  /** Sent only to a node that asks for a login. */
  readonly credentials?: CqlCredentials;
  /** Absent: plain text is tried, then TLS. Without an authority the certificate is not checked: the pod is known by the tunnel to it. */
  readonly tls?: {
    /** PEM. */
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    /** The name the certificate is checked for. */
    readonly serverName?: string;
  };
}

/** One node that has answered; it is asked by CQL's native protocol, see client/src/cluster/cql. */
export interface CqlConnection extends Stoppable {
  /** What it offers: `CQL_VERSION` to `3.4.7`, `PROTOCOL_VERSIONS` to `3/v3`, `4/v4`; untrusted. */
  readonly offers: Readonly<Record<string, readonly string[]>>;
  readonly isEncrypted: boolean;
  /**
   * The rows of a statement; it logs in before the first one where a login is wanted. Whole numbers beyond 2^53 are texts, timestamps
   * milliseconds since 1970. Rejects with a ClusterProblem: `unauthenticated` without or with the wrong login, `invalid` for what it has not.
   */
  query(statement: string, cancellation?: Cancellation): Promise<readonly JsonObject[]>;
}
