// How long the session takes to make of 10,000 pods in 1,000 StatefulSets what is shown, and then of each change: `node test/bench/session.ts`.
// The server is in memory, and every object is parsed from its JSON as it would be; `--plain` groups pods by a label instead of asking the systems.
import process from 'node:process';
import { isObject } from '#core/live/json.ts';
import { liveSystems, type WatchedSystem } from '#core/live/liveSystems.ts';
import type { Clock, JsonObject, Stoppable, WatchEvent, WatchQuery } from '#core/live/ports.ts';
import { builtInWatches } from '#core/live/resources.ts';
import { watchContext } from '#core/live/session.ts';
import { brokerPod, FULL_SCALE, liveObjects } from '#test/bench/liveObjects.ts';
import { groupingSystem } from '#test/bench/groupingSystem.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';

const EVENTS = 100;
const EVENTS_A_SECOND = 100;

const clock: Clock = {
  now: () => performance.now() + performance.timeOrigin,
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    return { stop: () => clearTimeout(timer) };
  },
};

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Gives each watcher objects of its own, parsed from text, so that what is kept of them is all that is kept. */
class ParsingCluster extends FakeCluster {
  private readonly texts = new WeakMap<JsonObject, string>();

  /** Writes the texts beforehand: a server does that on its own machine. */
  async prepare(queries: readonly WatchQuery[]): Promise<void> {
    for (const query of queries) for (const object of await this.list(query)) this.textOf(object);
  }

  override watch(query: WatchQuery, listener: (event: WatchEvent) => void): Stoppable {
    return super.watch(query, (event) => {
      if (!('object' in event)) return listener(event);
      const parsed: unknown = JSON.parse(this.textOf(event.object));
      if (isObject(parsed)) listener({ ...event, object: parsed });
    });
  }

  private textOf(object: JsonObject): string {
    const text = this.texts.get(object) ?? JSON.stringify(object);
    this.texts.set(object, text);
    return text;
  }
}

async function measure(systems: readonly WatchedSystem[]): Promise<void> {
  const cluster = new ParsingCluster();
  cluster.put(...liveObjects(FULL_SCALE));
  await cluster.prepare(builtInWatches.map(({ query }) => query));
  globalThis.gc?.();
  const heapBefore = process.memoryUsage().heapUsed;
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  const watch = watchContext(cluster, { clock, systems });
  await watch.ready;
  const first = performance.now() - began;
  const cpu = process.cpuUsage(cpuBefore).user / 1000;
  globalThis.gc?.();
  const heap = process.memoryUsage().heapUsed - heapBefore;
  const cpuAfter = process.cpuUsage();
  const delays = await timeEvents(cluster, watch);
  const eventCpu = process.cpuUsage(cpuAfter).user / 1000 / EVENTS;
  watch.stop();
  const sorted = delays.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(1);
  process.stdout.write(
    `${watch.view.clusters.length} clusters: first view ${first.toFixed(0)} ms (${cpu.toFixed(0)} ms of work), ${(heap / 1e6).toFixed(0)} MB of heap; ` +
      `event to view p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(0.999)} ms, ` +
      `${eventCpu.toFixed(1)} ms of work each (${sorted.length} of ${EVENTS} seen)\n`,
  );
}

/** From the moment the watch tells a change until the view has it. */
async function timeEvents(cluster: FakeCluster, watch: ReturnType<typeof watchContext>): Promise<readonly number[]> {
  const told = new Map<string, number>();
  const delays: number[] = [];
  const listening = watch.onDidChange(({ keys }) => {
    for (const key of keys) {
      const at = told.get(key);
      if (at !== undefined) delays.push(performance.now() - at);
      told.delete(key);
    }
  });
  for (let event = 0; event < EVENTS; event += 1) {
    const index = (event * 37) % FULL_SCALE.workloads;
    const place = { namespace: `team-${index % FULL_SCALE.namespaces}`, app: `kafka-${index}` };
    told.set(`kafka/${place.namespace}/${place.app}`, performance.now());
    cluster.put(brokerPod(place, event % FULL_SCALE.podsEach, event + 1));
    await pause(1000 / EVENTS_A_SECOND);
  }
  await pause(500);
  listening.stop();
  return delays;
}

await measure(process.argv.includes('--plain') ? [groupingSystem] : liveSystems);
