// The other side of test/bench/explorerRun.ts, as a process of its own so that what it needs is not counted: large simulated clusters. It sends
// their kubeconfigs, then answers 'flip' by changing one pod (and says when), 'events' with a rate by that many changes a second, and 'cost' by
// the processor time it has taken so far.
import process from 'node:process';
import { DEMO_CONTEXT, startDemo, type Demo } from '#client/cluster/demo/index.ts';
import { churn, flipReadiness, type DemoScale } from '#client/cluster/demo/scale.ts';
import { kindNamed } from '#client/cluster/demo/simulation/kinds.ts';
import { shapedAs, type Pod } from '#client/cluster/demo/simulation/objects.ts';
import type { Stoppable } from '#core/live/ports.ts';

export type ServerRequest =
  | { readonly type: 'flip'; readonly index: number }
  | { readonly type: 'events'; readonly eventsPerSecond: number }
  | { readonly type: 'cost' };

export type ServerReply =
  | { readonly type: 'ready'; readonly kubeconfigs: readonly string[] }
  | {
      readonly type: 'flipped';
      readonly context: string;
      readonly namespace: string;
      readonly set: string;
      readonly at: number;
    }
  /** In milliseconds. */
  | { readonly type: 'cost'; readonly cpu: number };

interface Served {
  readonly context: string;
  readonly demo: Demo;
  readonly pods: readonly string[];
}

/** What there is of all clusters together. */
const [pods = 10_000, statefulSets = 1000, namespaces = 40, clusters = 1] = process.argv.slice(2).map(Number);
const scale: DemoScale = {
  pods: Math.round(pods / clusters),
  statefulSets: Math.round(statefulSets / clusters),
  namespaces: Math.max(1, Math.round(namespaces / clusters)),
  eventsPerSecond: 0,
};

const served: Served[] = [];
for (let index = 0; index < clusters; index++) {
  const demo = await startDemo({ seed: index + 1, scale });
  served.push({ context: `bench-${index}`, demo, pods: demo.simulation.world.store.keys(kindNamed('Pod')) });
}
let running: readonly Stoppable[] = [];

function flip(index: number): ServerReply {
  const one = served[index % served.length];
  if (!one) throw new Error('There is no cluster.');
  const { context, demo, pods: keys } = one;
  const { world } = demo.simulation;
  const pod = shapedAs<Pod>(world.store.byKey(kindNamed('Pod'), keys[(index * 37) % keys.length] ?? ''));
  flipReadiness(world, pod);
  const { namespace = '', labels = {} } = pod.metadata;
  return {
    type: 'flipped',
    context,
    namespace,
    set: labels['app'] ?? '',
    at: performance.timeOrigin + performance.now(),
  };
}

function cost(): ServerReply {
  const { user, system } = process.cpuUsage();
  return { type: 'cost', cpu: (user + system) / 1000 };
}

function change(eventsPerSecond: number): void {
  for (const one of running) one.stop();
  running = served.map(({ demo: { simulation } }) =>
    churn(simulation.world, simulation.world.clock, { ...scale, eventsPerSecond: eventsPerSecond / served.length }),
  );
}

process.on('message', (request: ServerRequest) => {
  if (request.type === 'flip') process.send?.(flip(request.index));
  else if (request.type === 'cost') process.send?.(cost());
  else change(request.eventsPerSecond);
});
process.on('disconnect', () => process.exit());
const kubeconfigs = served.map(({ context, demo }) => demo.kubeconfig.replaceAll(DEMO_CONTEXT, context));
process.send?.({ type: 'ready', kubeconfigs } satisfies ServerReply);
