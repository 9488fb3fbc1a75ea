import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../bed/commands.ts';
import { asNumber, asText, at, type Json, type JsonObject } from '../bed/json.ts';
import { cutApi, ensureApiProxy } from '../faults/apiConnection.ts';
import type { FaultOptions } from '../faults/fault.ts';
import { applyFault } from '../faults/journal.ts';
import { slowNetwork } from '../faults/network.ts';
import { duringFault, faultBedOf } from '../support/duringFault.ts';
import { waitForFullIsr } from '../support/kafka.ts';
import { nodeOf, replacePod, waitForSet } from '../support/pods.ts';
import { onOwnBed, type ProgramRun, runProgram } from '../support/program.ts';
import {
  assertNothingWasLost,
  brokerPods,
  countPods,
  kafkaTarget,
  noteTimes,
  uidsOfBrokers,
  unasked,
  whileLoaded,
} from '../support/restart.ts';
import { isStep } from '../support/restartTimes.ts';
import { control, read, readItems, type LiveTest, type Suite, type TestCluster } from '../support/suite.ts';

const tests: readonly LiveTest[] = [
  {
    title: 'a broker that cannot start ends the run there and is named, and a new run finishes once it is repaired',
    async run(cluster) {
      const before = await uidsOfBrokers(cluster);
      let again: ProgramRun | undefined;
      let pods: readonly number[] = [];
      const load = await whileLoaded(cluster, async () => {
        await withImage(cluster, 'data-clusters.local/kafka:absent', async () => {
          const stopped = await runProgram(cluster, ['restart', ...kafkaTarget, '--confirm', 'kafka', '-o', 'json']);
          assert.equal(stopped.code, 1, stopped.err);
          const broken = onlyOneOut(stopped);
          const reason = asText(at(endOf(stopped), 'reason'));
          cluster.note(`stopped: ${reason}`);
          assert.ok(reason.startsWith(`${broken} cannot pull the image of container kafka`), reason);
          assert.deepEqual(await changed(cluster, before), [broken]);
        });
        await whole(cluster);
        pods = await countPods(cluster, async () => {
          again = await runProgram(cluster, ['restart', ...kafkaTarget, ...unasked]);
        });
      });
      assert.equal(again?.code, 0, again?.err);
      assert.deepEqual(pods, [2, 2, 2]);
      assertNothingWasLost(cluster, load);
      await whole(cluster);
    },
  },
  {
    title:
      'a broker that lags at the start is waited for and named, and the run goes on by itself when it has caught up',
    async run(cluster) {
      const before = await uidsOfBrokers(cluster);
      const node = await nodeOf(cluster, { namespace: 'kafka', name: 'kafka-1' });
      let program: ProgramRun | undefined;
      const load = await whileLoaded(cluster, async () => {
        const waiting = createWaiting(/ waits for broker 1\b/);
        let running: Promise<ProgramRun> | undefined;
        await duringFault(cluster, slowNetwork, node, { rate: laggingRate }, async () => {
          // It comes back behind, leads nothing, and receives less than is written.
          await replacePod(cluster, { namespace: 'kafka', name: 'kafka-1' });
          const args = ['restart', ...kafkaTarget, '--only', 'kafka-0,kafka-2', ...unasked];
          running = runProgram(cluster, args, waiting.hear);
          await waiting.untilHeard(120);
          await sleep(15_000);
          assert.deepEqual(await changed(cluster, before), ['kafka-1']);
        }).catch((error: unknown) => {
          waiting.kill();
          throw error;
        });
        program = await running;
      });
      assert.equal(program?.code, 0, program?.err);
      const waitedFor = program?.events.filter((event) => isWaiting(event, / waits for broker 1\b/)) ?? [];
      assert.ok(waitedFor.every((event) => event['phase'] === 'gate'));
      cluster.note(`waited for ${asText(waitedFor[0]?.['waitingFor'])}`);
      assert.match(asText(waitedFor[0]?.['waitingFor']), /^[\w-]+-\d+ waits for broker 1: 2 in sync, 2 needed/);
      assertNothingWasLost(cluster, load);
      if (program) noteTimes(cluster, program);
      assert.deepEqual(await changed(cluster, before), [...brokerPods]);
      await whole(cluster);
    },
  },
  {
    title: 'a disruption budget that never opens is waited for and named, and an interruption ends it with nobody out',
    async run(cluster) {
      const before = await uidsOfBrokers(cluster);
      await setBudget(cluster, 0);
      try {
        let refusals = 0;
        const program = await runProgram(cluster, ['restart', ...kafkaTarget, ...unasked], (event, child) => {
          if (!isWaiting(event, /disruption budget/)) return;
          refusals += 1;
          if (refusals === 4) child.kill('SIGINT');
        });
        assert.equal(program.code, 1, program.err);
        const waits = program.events.filter((event) => isWaiting(event, /disruption budget/));
        cluster.note(`${waits.length} refusals: ${asText(waits[0]?.['waitingFor'])}`);
        assert.match(asText(waits[0]?.['waitingFor']), /violate the pod's disruption budget/);
        assert.equal(at(endOf(program), 'kind'), 'cancelled');
        assert.deepEqual(stepsIn(program, 'awaiting'), []);
        assert.deepEqual(await changed(cluster, before), []);
      } finally {
        await setBudget(cluster, 1);
      }
      await whole(cluster);
    },
  },
  {
    title: 'an API server that cannot be reached for a minute is outlived, and nobody is evicted twice',
    async run(cluster) {
      const bed = faultBedOf(cluster);
      const cutOff = { access: { ...cluster.access, kubeconfig: await ensureApiProxy(bed.cluster) } };
      let program: ProgramRun | undefined;
      let pods: readonly number[] = [];
      const cuts: Promise<void>[] = [];
      // While the first is out, for longer than the lock lasts; and while the answer to an eviction may be on its way.
      const cut = (when: JsonObject): FaultOptions | undefined => {
        if (cuts.length === 0 && isStep(when, 'awaiting')) return { mode: 'hang', seconds: 60 };
        return cuts.length === 1 && isStep(when, 'acting') ? { mode: 'reset', seconds: 5 } : undefined;
      };
      const load = await whileLoaded(cluster, async () => {
        pods = await countPods(cluster, async () => {
          program = await runProgram(cutOff, ['restart', ...kafkaTarget, ...unasked], (event) => {
            const options = cut(event);
            if (options === undefined) return;
            const cutting = applyFault(bed, cutApi, '', options);
            // It is awaited below; until then its failure must not end this process.
            cutting.catch(() => undefined);
            cuts.push(cutting);
          });
        });
      });
      await Promise.all(cuts);
      assert.equal(cuts.length, 2);
      assert.equal(program?.code, 0, program?.err);
      assert.deepEqual(pods, [2, 2, 2]);
      assertNothingWasLost(cluster, load);
      if (program) noteTimes(cluster, program);
      await whole(cluster);
    },
  },
];

export const kafkaFaults: Suite = {
  name: 'kafka-faults',
  isLong: true,
  needs: ['kafka'],
  tests: onOwnBed(tests, 'faults reach into the bed on this machine'),
};

/** Kilobytes each second, less than half of what the load writes to every replica. */
const laggingRate = 60;

/** Only what is evicted from now on gets the image; when the work is done, pods that have it are made anew as before. */
async function withImage(cluster: TestCluster, image: string, work: () => Promise<void>): Promise<void> {
  const set = await read(cluster, '-n', 'kafka', 'statefulset', 'kafka');
  const usual = asText(at(set, 'spec', 'template', 'spec', 'containers', 0, 'image'));
  const put = (name: string, strategy: string): Promise<string> =>
    patch(cluster, 'statefulset/kafka', 'json', [
      { op: 'replace', path: '/spec/updateStrategy', value: { type: strategy } },
      { op: 'replace', path: '/spec/template/spec/containers/0/image', value: name },
    ]);
  await put(image, 'OnDelete');
  try {
    await settled(cluster, 'statefulset/kafka');
    await work();
  } finally {
    await put(usual, 'OnDelete');
    await settled(cluster, 'statefulset/kafka');
    for (const pod of await readItems(cluster, '-n', 'kafka', 'pods')) {
      const name = asText(at(pod, 'metadata', 'name'));
      if (at(pod, 'spec', 'containers', 0, 'image') !== image) continue;
      await control(cluster, '-n', 'kafka', 'delete', 'pod', name, '--wait=true', '--timeout=200s');
    }
    await patch(cluster, 'statefulset/kafka', 'json', [
      { op: 'replace', path: '/spec/updateStrategy', value: at(set, 'spec', 'updateStrategy') ?? null },
    ]);
  }
}

async function setBudget(cluster: TestCluster, maxUnavailable: number): Promise<void> {
  await patch(cluster, 'poddisruptionbudget/kafka', 'merge', { spec: { maxUnavailable } });
  await settled(cluster, 'poddisruptionbudget/kafka');
}

const patch = (cluster: TestCluster, what: string, type: 'json' | 'merge', change: Json): Promise<string> =>
  control(cluster, '-n', 'kafka', 'patch', what, `--type=${type}`, '-p', JSON.stringify(change));

/** The controller has seen what was written. */
const settled = (cluster: TestCluster, what: string): Promise<boolean> =>
  until(`${what} to be seen`, 30, async () => {
    const object = await read(cluster, '-n', 'kafka', what);
    return asNumber(at(object, 'status', 'observedGeneration')) === asNumber(at(object, 'metadata', 'generation'));
  });

async function whole(cluster: TestCluster): Promise<void> {
  await waitForSet(cluster, 'kafka', 'kafka');
  await waitForFullIsr(cluster);
}

/** Brokers whose pod is another one than before. */
async function changed(cluster: TestCluster, before: readonly string[]): Promise<readonly string[]> {
  const now = await uidsOfBrokers(cluster);
  return brokerPods.filter((_, index) => now[index] !== before[index]);
}

interface Waiting {
  hear(this: void, event: JsonObject, child: ChildProcess): void;
  untilHeard(this: void, seconds: number): Promise<unknown>;
  kill(this: void): void;
}

/** Hears whether a program waits for something. */
function createWaiting(what: RegExp): Waiting {
  let isHeard = false;
  let program: ChildProcess | undefined;
  return {
    hear(event, child) {
      program = child;
      isHeard ||= isWaiting(event, what);
    },
    untilHeard: (seconds) => until('the run to wait', seconds, () => Promise.resolve(isHeard)),
    kill: () => void program?.kill('SIGKILL'),
  };
}

function onlyOneOut(program: ProgramRun): string {
  const out = stepsIn(program, 'awaiting');
  assert.equal(out.length, 1, `${out.join(', ')} were taken out`);
  return out[0] ?? '';
}

const stepsIn = (program: ProgramRun | undefined, phase: string): readonly string[] =>
  (program?.events ?? []).filter((event) => isStep(event, phase)).map(({ step }) => asText(step));

const endOf = ({ events }: ProgramRun): Json | undefined =>
  at(
    events.findLast(({ type }) => type === 'state'),
    'state',
  );

const isWaiting = ({ type, waitingFor }: JsonObject, what: RegExp): boolean =>
  type === 'waiting' && what.test(asText(waitingFor));
