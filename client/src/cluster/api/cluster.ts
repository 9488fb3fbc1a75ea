import { objectAt, type JsonObject } from '#core/json.ts';
import type { HelmPort } from '#core/live/helm/program.ts';
import {
  ClusterProblem,
  type Clock,
  type Cluster,
  type ContextSummary,
  type ServerVersion,
  type WatchQuery,
} from '#core/live/ports.ts';
import type { Cancellation, Log } from '#core/ports.ts';
import { connectCql } from '../cql/connect.ts';
import { textAt } from '../json.ts';
import { openPodHttp } from '../podHttp/podHttp.ts';
import { execute } from '../streams/exec.ts';
import { createForwards } from '../streams/forwards.ts';
import { readLogs } from '../streams/logs.ts';
import { openShell } from '../streams/shell.ts';
import { cancelled } from '../transport/signals.ts';
import type { Transport } from '../transport/transport.ts';
import { listAndWatch } from '../watch/listAndWatch.ts';
import { listPages } from '../watch/listPages.ts';
import { createPulse } from '../watch/pulse.ts';
import { createAccessReviews } from './accessReview.ts';
import { discover } from './discovery.ts';
import { createObjectCalls, type ObjectCalls } from './objects.ts';

export interface ClusterOptions {
  readonly context: ContextSummary;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly chance: () => number;
  readonly log: Log;
  readonly helm: HelmPort;
}

/** A cluster, and what its directory needs to end it. */
export interface OpenCluster {
  readonly cluster: Cluster;
  readonly transport: Transport;
  /** What the kubeconfig says of the same context now. */
  useSummary(summary: ContextSummary): void;
  /** Ends all that goes on; everything asked from now on rejects with this. */
  close(reason: ClusterProblem): void;
}

/** @param disposed tells the directory that the cluster is no longer used */
export function openCluster(options: ClusterOptions, disposed: () => void): OpenCluster {
  const { transport, clock, chance, log } = options;
  let { context } = options;
  const pulse = createPulse(clock, () => transport.renewConnections());
  const watching = { transport, clock, chance, pulse, failed: (error: unknown) => log.error('A watch failed.', error) };
  const objects = createObjectCalls(transport);
  const forwards = createForwards(transport, objects);
  const close = (reason: ClusterProblem): void => {
    transport.close(reason);
    forwards.close(reason);
  };
  const cluster: Cluster = {
    get context() {
      return context;
    },
    ...objects,
    version: () => readVersion(transport),
    identity: () => readIdentity(objects),
    resources: () => discover(transport),
    watch: (query, listener) => listAndWatch(query, watching, listener),
    list: (query, cancellation) => listAll(transport, query, cancellation),
    can: createAccessReviews(transport, clock),
    exec: (request, cancellation) => execute(transport, clock, request, cancellation),
    shell: (address, command, handlers) => openShell(transport, address, command, handlers),
    logs: (request, handlers) => readLogs(transport, request, handlers),
    forward: forwards.open,
    async kafka(access) {
      const { connectKafka } = await import('../kafka/connect.ts');
      return connectKafka(access, forwards.open);
    },
    cql: (access, cancellation) => connectCql(access, forwards.open, cancellation),
    http: (access) => openPodHttp(access, forwards.open, clock),
    helm: options.helm,
    dispose() {
      disposed();
      close(new ClusterProblem('cancelled', `The connection to ${context.name} was closed.`));
    },
  };
  const useSummary = (summary: ContextSummary): void => {
    context = summary;
  };
  return { cluster, transport, useSummary, close };
}

async function readVersion(transport: Transport): Promise<ServerVersion> {
  const answer = await transport.json({ path: '/version' });
  const digits = (name: string): string => /^\d+/.exec(textAt(answer, name) ?? '')?.[0] ?? '';
  return { minor: `${digits('major')}.${digits('minor')}`, gitVersion: textAt(answer, 'gitVersion') ?? '' };
}

async function readIdentity(objects: ObjectCalls): Promise<string | undefined> {
  const kind = { group: '', version: 'v1', plural: 'namespaces', namespaced: false };
  try {
    const found = await objects.get({ ...kind, namespace: '', name: 'kube-system' });
    return textAt(objectAt(found, 'metadata'), 'uid');
  } catch (error) {
    if (error instanceof ClusterProblem && ['forbidden', 'absent'].includes(error.kind)) return undefined;
    throw error;
  }
}

/** A list that takes so long that the server forgets it begins again, this often. */
const mostLists = 3;

async function listAll(
  transport: Transport,
  query: WatchQuery,
  cancellation: Cancellation | undefined,
): Promise<readonly JsonObject[]> {
  const stopped = new AbortController();
  for (let attempt = 1; ; attempt++) {
    const found: JsonObject[] = [];
    try {
      if (cancellation?.isCancellationRequested === true) throw cancelled();
      await listPages(transport, query, stopped.signal, (objects) => {
        found.push(...objects);
        if (cancellation?.isCancellationRequested === true) stopped.abort();
      });
      return found;
    } catch (error) {
      if (!(error instanceof ClusterProblem) || error.status !== 410 || attempt >= mostLists) throw error;
    }
  }
}
