// Writes what the real Kafka and Cassandra of the test bed say of themselves to test/fixtures/recorded: the simulation of the demo
// cluster is held against it.
import { mkdirSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { inProject } from '../../scripts/editor/paths.mjs';
import { requireTestCluster } from './bed/mark.ts';
import { chooseAccess } from './support/chooseAccess.ts';
import { withLiveContext } from './support/liveContext.ts';

const keys = { kafka: 'kafka/kafka/kafka', cassandra: 'cassandra/cassandra/cassandra' } as const;

const access = await chooseAccess();
const mark = await requireTestCluster(access);
const folder = inProject('test', 'fixtures', 'recorded');
mkdirSync(folder, { recursive: true });
const note = (text: string): boolean => process.stdout.write(`${text}\n`);
await withLiveContext({ access, mark, workloads: [], note }, async (live) => {
  for (const [system, key] of Object.entries(keys)) {
    const { inside, health } = await live.inspect(key);
    if (inside?.facts === undefined) throw new Error(`${key} could not be asked: ${inside?.problems.join(' ') ?? ''}`);
    writeFileSync(
      `${folder}/${system}.json`,
      `${JSON.stringify({ said: health.sentence, facts: inside.facts }, undefined, 2)}\n`,
    );
    note(`${key}: ${health.sentence}`);
  }
});
