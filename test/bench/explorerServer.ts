// The other side of test/bench/explorer.ts, as a process of its own so that what it needs is not counted: a large simulated cluster. It sends its
// kubeconfig, then answers 'flip' by changing one pod (and says when), and 'events' with a rate by that many changes a second.
import process from 'node:process';
import { startDemo } from '#client/cluster/demo/index.ts';
import { churn, flipReadiness, type DemoScale } from '#client/cluster/demo/scale.ts';
import { kindNamed } from '#client/cluster/demo/simulation/kinds.ts';
import { shapedAs, type Pod } from '#client/cluster/demo/simulation/objects.ts';
import type { Stoppable } from '#core/live/ports.ts';

export type ServerRequest =
  { readonly type: 'flip'; readonly index: number } | { readonly type: 'events'; readonly eventsPerSecond: number };

export type ServerReply =
  | { readonly type: 'ready'; readonly kubeconfig: string }
  | { readonly type: 'flipped'; readonly namespace: string; readonly set: string; readonly at: number };

const [pods = '10000', statefulSets = '1000', namespaces = '40'] = process.argv.slice(2);
const scale: DemoScale = {
  pods: Number(pods),
  statefulSets: Number(statefulSets),
  namespaces: Number(namespaces),
  eventsPerSecond: 0,
};

const demo = await startDemo({ seed: 1, scale });
const { world } = demo.simulation;
const keys = world.store.keys(kindNamed('Pod'));
let running: Stoppable | undefined;

function flip(index: number): ServerReply {
  const pod = shapedAs<Pod>(world.store.byKey(kindNamed('Pod'), keys[(index * 37) % keys.length] ?? ''));
  flipReadiness(world, pod);
  const { namespace = '', labels = {} } = pod.metadata;
  return { type: 'flipped', namespace, set: labels['app'] ?? '', at: performance.timeOrigin + performance.now() };
}

process.on('message', (request: ServerRequest) => {
  if (request.type === 'flip') process.send?.(flip(request.index));
  else {
    running?.stop();
    running = churn(world, world.clock, { ...scale, eventsPerSecond: request.eventsPerSecond });
  }
});
process.on('disconnect', () => process.exit());
process.send?.({ type: 'ready', kubeconfig: demo.kubeconfig } satisfies ServerReply);
