import { ClusterProblem, type Clock, type Cluster, type ExecRequest, type ExecResult } from '#core/live/ports.ts';

/** A cluster that can run commands and nothing else. */
export function execCluster(exec: (request: ExecRequest) => Promise<ExecResult>): Cluster {
  const refuse = (): never => {
    throw new ClusterProblem('forbidden', 'The ring is asked by commands in its pods only.');
  };
  const reject = (): Promise<never> => Promise.reject(new ClusterProblem('forbidden', 'Only commands are allowed.'));
  return {
    context: { name: 'test', cluster: '', user: '', namespace: 'data', server: '', isCurrent: true, isDemo: false },
    exec,
    watch: refuse,
    logs: refuse,
    dispose: refuse,
    version: reject,
    identity: reject,
    resources: reject,
    list: reject,
    get: reject,
    create: reject,
    apply: reject,
    mergePatch: reject,
    replace: reject,
    delete: reject,
    evict: reject,
    can: reject,
    shell: reject,
    forward: reject,
    kafka: reject,
    cql: reject,
    http: reject,
  };
}

export const stoppedClock = (now: number): Clock => ({ now: () => now, after: () => ({ stop: () => undefined }) });
