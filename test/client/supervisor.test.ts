import { describe, expect, it } from 'vitest';
import { decideRestart, defaultRestartLimits } from '#client/server/restartPolicy.ts';
import { ServerSupervisor, type ServerLife, type ServerState } from '#client/server/supervisor.ts';

describe('decideRestart', () => {
  it('waits twice as long each time, up to a limit, and then gives up', () => {
    const limits = { restarts: 4, windowMs: 1_000, firstDelayMs: 10, longestDelayMs: 50 };
    const decisions: unknown[] = [];
    let ends: readonly number[] = [];
    for (let time = 0; time < 5; time += 1) {
      const step = decideRestart(ends, time, limits);
      ends = step.endTimes;
      decisions.push(step.decision);
    }
    expect(decisions).toEqual([
      { kind: 'restart', delayMs: 10, attempt: 1 },
      { kind: 'restart', delayMs: 20, attempt: 2 },
      { kind: 'restart', delayMs: 40, attempt: 3 },
      { kind: 'restart', delayMs: 50, attempt: 4 },
      { kind: 'giveUp', ends: 5 },
    ]);
  });

  it('forgets ends that are older than the window', () => {
    const { windowMs } = defaultRestartLimits;
    const step = decideRestart([0, 1, 2, 3], windowMs + 3, defaultRestartLimits);
    expect(step.decision).toMatchObject({ kind: 'restart', attempt: 1 });
    expect(step.endTimes).toEqual([windowMs + 3]);
  });
});

/** A server that can be made to fail or to end, and a delay that passes when it is told. */
class ServerBench {
  readonly states: string[] = [];
  readonly lives: FakeLife[] = [];
  failures = 0;
  launches = 0;
  clock = 0;
  #passDelays: (() => void)[] = [];
  /** Lets a launch take as long as a test needs. */
  gate: Promise<void> = Promise.resolve();

  readonly supervisor = new ServerSupervisor((onEnded) => this.#launch(onEnded), {
    limits: { restarts: 2, windowMs: 60_000, firstDelayMs: 100, longestDelayMs: 1_000 },
    now: () => this.clock,
    delay: (milliseconds, signal) =>
      new Promise((resolve) => {
        this.#passDelays.push(() => {
          this.clock += milliseconds;
          resolve();
        });
        signal.addEventListener('abort', () => resolve());
      }),
    onState: (state) => this.states.push(nameState(state)),
  });

  async passDelay(): Promise<void> {
    for (const pass of this.#passDelays.splice(0)) pass();
    await settle();
  }

  async #launch(onEnded: (reason: string) => void): Promise<FakeLife> {
    this.launches += 1;
    await this.gate;
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error('cannot start');
    }
    const life = new FakeLife(onEnded);
    this.lives.push(life);
    return life;
  }
}

class FakeLife implements ServerLife {
  stops = 0;
  readonly end: (reason: string) => void;

  constructor(end: (reason: string) => void) {
    this.end = end;
  }

  stop(): Promise<void> {
    this.stops += 1;
    return Promise.resolve();
  }
}

function nameState(state: ServerState): string {
  if (state.kind === 'waiting') return `waiting ${state.delayMs}`;
  return state.kind === 'failed' ? `failed after ${state.ends}: ${state.reason}` : state.kind;
}

async function settle(): Promise<void> {
  for (let round = 0; round < 10; round += 1) await Promise.resolve();
}

describe('ServerSupervisor', () => {
  it('launches once, however often it is asked to start', async () => {
    const bench = new ServerBench();
    const [first, second] = await Promise.all([bench.supervisor.start(), bench.supervisor.start()]);
    expect(first).toBe(second);
    expect(first).toBe(bench.supervisor.life);
    expect(bench.launches).toBe(1);
    expect(bench.states).toEqual(['starting', 'running']);
  });

  it('starts a server again that ended by itself, and stops what served the old one', async () => {
    const bench = new ServerBench();
    await bench.supervisor.start();
    bench.lives[0]?.end('crash');
    await settle();
    expect(bench.supervisor.life).toBeUndefined();
    await bench.passDelay();
    expect(bench.states).toEqual(['starting', 'running', 'waiting 100', 'starting', 'running']);
    expect(bench.supervisor.life).toBe(bench.lives[1]);
    expect(bench.lives.map(({ stops }) => stops)).toEqual([1, 0]);
  });

  it('answers one end once, even when it is told twice', async () => {
    const bench = new ServerBench();
    await bench.supervisor.start();
    bench.lives[0]?.end('crash');
    bench.lives[0]?.end('crash again');
    await settle();
    await bench.passDelay();
    expect(bench.launches).toBe(2);
    expect(bench.states.filter((state) => state.startsWith('waiting'))).toEqual(['waiting 100']);
  });

  it('gives up after too many ends in a row and tells those who wait', async () => {
    const bench = new ServerBench();
    bench.failures = 3;
    const started = bench.supervisor.start();
    await settle();
    await bench.passDelay();
    await bench.passDelay();
    expect(await started).toBeUndefined();
    expect(bench.states.at(-1)).toBe('failed after 3: cannot start');
    expect(bench.launches).toBe(3);
  });

  it('begins anew when it is started after it gave up', async () => {
    const bench = new ServerBench();
    bench.failures = 3;
    const started = bench.supervisor.start();
    await settle();
    await bench.passDelay();
    await bench.passDelay();
    await started;
    expect(await bench.supervisor.start()).toBe(bench.lives[0]);
    expect(bench.states.at(-1)).toBe('running');
  });

  it('does not start after it was stopped while it waited', async () => {
    const bench = new ServerBench();
    await bench.supervisor.start();
    bench.lives[0]?.end('crash');
    await settle();
    await bench.supervisor.stop();
    await bench.passDelay();
    expect(bench.launches).toBe(1);
    expect(bench.states.at(-1)).toBe('stopped');
  });

  it('stops a server that comes up after stop was called', async () => {
    const bench = new ServerBench();
    const { promise, open } = makeGate();
    bench.gate = promise;
    const started = bench.supervisor.start();
    await bench.supervisor.stop();
    expect(await started).toBeUndefined();
    open();
    await settle();
    expect(bench.lives[0]?.stops).toBe(1);
    expect(bench.supervisor.life).toBeUndefined();
    expect(bench.supervisor.state.kind).toBe('stopped');
  });

  it('restarts a running server with a new process', async () => {
    const bench = new ServerBench();
    await bench.supervisor.start();
    expect(await bench.supervisor.restart()).toBe(bench.lives[1]);
    expect(bench.lives[0]?.stops).toBe(1);
  });
});

function makeGate(): { promise: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open: () => open() };
}
