import { expect, test } from 'vitest';
import { kinds } from '#client/cluster/demo/simulation/kinds.ts';
import { renderObject } from '#core/live/edit/shownObject.ts';
import { placeFindings } from '#core/lint/engine.ts';
import { makeEngine } from '#test/support/lint.ts';
import { playedSimulation } from './steppedTime.ts';

test('an object of the demo that is opened as YAML has no finding: what is wrong in it is not in its manifests', async () => {
  const { store } = playedSimulation().simulation.world;
  const engine = await makeEngine();
  const texts = kinds.flatMap((kind) =>
    store.list(kind).map((object) => ({
      name: `${kind.kind} ${object.metadata.name}`,
      text: renderObject({ ...object }, { secrets: 'hidden' }),
    })),
  );
  const named = new Set(texts.map(({ name }) => name));
  for (const name of ['StatefulSet orders', 'StatefulSet catalog', 'Kafka ledger', 'TFJob mnist', 'Pod orders-1']) {
    expect(named).toContain(name);
  }
  const findings = texts.flatMap(({ name, text }) =>
    placeFindings(engine.analyzeText(text)).map(({ code, message }) => `${name}: ${code} ${message}`),
  );
  expect(findings).toEqual([]);
});
