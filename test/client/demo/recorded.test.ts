import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDemoDirectory, watchContext } from '#client/cluster/kubernetes.ts';
import { editorClock } from '#client/live/editorClock.ts';
import { isObject, objectOf } from '#core/json.ts';
import type { ContextWatch } from '#core/live/view.ts';

/** What real systems said: `node test/cluster/recordInside.ts` writes it from the test bed. */
function recorded(system: string): unknown {
  const file = new URL(`../../fixtures/recorded/${system}.json`, import.meta.url);
  return objectOf(JSON.parse(readFileSync(file, 'utf8')))['facts'];
}

/** Every path of a value with the type of what stands there; the items of a list are one. */
function shapeOf(value: unknown, path = '', found = new Set<string>()): ReadonlySet<string> {
  if (Array.isArray(value)) for (const item of value) shapeOf(item, `${path}[]`, found);
  else if (isObject(value)) {
    // The keys of these are names of the one cluster or the other.
    const isByName = /\.(?:factors|since)$/.test(path);
    for (const [key, item] of Object.entries(value)) shapeOf(item, `${path}.${isByName ? '*' : key}`, found);
  } else if (value !== undefined) found.add(`${path}: ${value === null ? 'null' : typeof value}`);
  return found;
}

const ignore = (): void => undefined;
const directory = createDemoDirectory({
  clock: editorClock,
  log: { error: ignore, warn: ignore, info: ignore, debug: ignore },
});
let watch: ContextWatch;

beforeAll(async () => {
  const [context] = await directory.contexts();
  watch = watchContext(await directory.open(context?.name ?? ''), { clock: editorClock });
  await watch.ready;
});

afterAll(() => {
  watch.stop();
  directory.stop();
});

test.each([
  ['kafka', 'kafka/payments/ledger'],
  ['cassandra', 'cassandra/profiles/dc1'],
])('what the simulated %s tells has every part that the real one tells', async (system, key) => {
  await watch.inspect(key);
  const judged = watch.view.clusters.find(({ cluster }) => cluster.key === key);
  const simulated = shapeOf(JSON.parse(JSON.stringify(judged?.inside?.facts)));
  const real = [...shapeOf(recorded(system))];
  expect(real.length).toBeGreaterThan(20);
  expect(real.filter((part) => !simulated.has(part))).toEqual([]);
});
