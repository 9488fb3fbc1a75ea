import type { Client, types } from 'cassandra-driver';
import { performance } from 'node:perf_hooks';
import { everyInterval } from '../pace.ts';
import { createGossipJudge, type GossipJudge, type GossipRow } from './gossip.ts';
import { createRingClock, type RingSample, type RingSummary, type RingView } from './ringSeconds.ts';
import { openMemberSession } from './session.ts';

export interface RingSamplerOptions {
  readonly members: readonly string[];
  readonly interval?: number;
  readonly onSample?: (sample: RingSample) => void;
}

/**
 * Asks every member again and again how it sees the ring, until the signal aborts. It reads each member's own gossip by
 * CQL instead of running `nodetool status` there, which starts a JVM each time: on a small machine the probe would be the
 * load. A member that takes no clients counts as silent.
 */
export async function sampleRing(options: RingSamplerOptions, signal: AbortSignal): Promise<RingSummary> {
  const clock = createRingClock();
  const probes = options.members.map(createProbe);
  let sampling: Promise<void> | undefined;
  const takeSample = async (): Promise<void> => {
    const at = performance.now() / 1000;
    const sample = { at, views: await Promise.all(probes.map((probe) => probe.ask(at))) };
    clock.add(sample);
    options.onSample?.(sample);
  };
  await everyInterval(options.interval ?? 500, signal, () => {
    sampling ??= takeSample().finally(() => (sampling = undefined));
  });
  await sampling;
  await Promise.all(probes.map((probe) => probe.close()));
  return clock.summarize();
}

interface Probe {
  ask(this: void, at: number): Promise<RingView>;
  close(this: void): Promise<void>;
}

const query =
  'SELECT CAST(host_id AS text) AS id, generation, heartbeat, status, status_with_port FROM system_views.gossip_info';

function createProbe(member: string): Probe {
  const judge: GossipJudge = createGossipJudge();
  let session: Client | undefined;
  const close = async (): Promise<void> => {
    const old = session;
    session = undefined;
    await old?.shutdown().catch(() => undefined);
  };
  return {
    async ask(at) {
      try {
        session ??= await openMemberSession(member);
        const { rows } = await session.execute(query);
        return { member, ...judge.judge(rows.map(readRow), at) };
      } catch {
        // The next question asks the name again: the pod may have come back under another address.
        await close();
        return { member, up: undefined, down: [] };
      }
    },
    close,
  };
}

function readRow(row: types.Row): GossipRow {
  const text = (name: string): string => {
    const value: unknown = row.get(name);
    return typeof value === 'string' ? value : '';
  };
  const number = (name: string): number => {
    const value: unknown = row.get(name);
    return typeof value === 'number' ? value : 0;
  };
  return {
    hostId: text('id'),
    generation: number('generation'),
    heartbeat: number('heartbeat'),
    // Peers fill the one, the member itself both.
    status: text('status_with_port') || text('status'),
  };
}
