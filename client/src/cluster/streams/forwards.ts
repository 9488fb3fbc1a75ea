import { ClusterProblem, type Cluster, type Forward, type ForwardRequest } from '#core/live/ports.ts';
import { objectAt, textAt } from '../json.ts';
import type { Transport } from '../transport/transport.ts';
import { openForward, type OpenForward } from './forward.ts';

/** The forwards of one cluster. */
export interface Forwards {
  open(this: void, request: ForwardRequest): Promise<Forward>;
  close(reason: ClusterProblem): void;
}

export function createForwards(transport: Transport, { get }: Pick<Cluster, 'get'>): Forwards {
  const open = new Set<OpenForward>();
  return {
    async open(request) {
      await checkPod(get, request);
      const opened = await openForward(transport, request);
      open.add(opened);
      opened.forward.onDidEnd(() => open.delete(opened));
      return opened.forward;
    },
    close(reason) {
      for (const one of open) one.end(reason);
    },
  };
}

/** Says at once what otherwise the first connection would meet. Whoever may forward need not be allowed to read pods. */
async function checkPod(get: Cluster['get'], { namespace, pod }: ForwardRequest): Promise<void> {
  const address = { group: '', version: 'v1', plural: 'pods', namespaced: true, namespace, name: pod };
  const found = await get(address).catch((error: unknown) => {
    if (error instanceof ClusterProblem && error.kind === 'forbidden') return undefined;
    throw error;
  });
  const phase = textAt(objectAt(found, 'status'), 'phase') ?? 'Running';
  if (phase !== 'Running')
    throw new ClusterProblem('unreachable', `The pod ${pod} is ${phase}; its ports can be reached while it runs.`);
}
