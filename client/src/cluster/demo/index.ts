import { randomBytes } from 'node:crypto';
import type { Clock, Stoppable } from '#core/live/ports.ts';
import { addHelmReleases } from './helmReleases.ts';
import { churn, fillScale, type DemoScale } from './scale.ts';
import { DemoServer } from './server/server.ts';
import { playScenario, SCENARIO_MS } from './simulation/scenario/index.ts';
import { Simulation } from './simulation/simulation.ts';

export { demoCql } from './demoCql.ts';
export { demoKafka } from './demoKafka.ts';
export type { DemoScale } from './scale.ts';
export { Simulation } from './simulation/simulation.ts';

/** The name says what it is wherever a context is shown. */
export const DEMO_CONTEXT = 'demo (simulation)';

export interface DemoOptions {
  readonly clock?: Clock;
  readonly seed: number;
  /** A large cluster instead of the scenario; for benchmarks. */
  readonly scale?: DemoScale;
}

export interface Demo extends Stoppable {
  /** YAML text with one context. */
  readonly kubeconfig: string;
  readonly context: typeof DEMO_CONTEXT;
  readonly simulation: Simulation;
}

/** Starts a simulated cluster and its API server on this machine's loopback interface; nothing leaves the machine. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const clock = new SteppedClock(options.clock ?? timerClock, options.scale === undefined ? SCENARIO_MS : 0);
  const simulation = new Simulation({ clock, seed: options.seed });
  const running =
    options.scale === undefined ? playDemo(simulation, clock) : playScale(simulation, clock, options.scale);
  const token = randomBytes(24).toString('base64url');
  const server = new DemoServer(simulation, token);
  const port = await server.listen();
  server.unref();
  return {
    kubeconfig: kubeconfigOf(port, token),
    context: DEMO_CONTEXT,
    simulation,
    stop: () => {
      running.stop();
      server.stop();
    },
  };
}

function playDemo(simulation: Simulation, clock: SteppedClock): Stoppable {
  playScenario(simulation, clock);
  addHelmReleases(simulation.world);
  clock.follow();
  simulation.start();
  return simulation;
}

function playScale(simulation: Simulation, clock: SteppedClock, scale: DemoScale): Stoppable {
  fillScale(simulation.world, scale);
  clock.follow();
  return churn(simulation.world, clock, scale);
}

/** Begins in the past, is moved by the scenario, and from then on follows a real clock. */
class SteppedClock implements Clock {
  readonly #clock: Clock;
  #stepped: number | undefined;

  constructor(clock: Clock, startsBeforeMs: number) {
    this.#clock = clock;
    this.#stepped = clock.now() - startsBeforeMs;
  }

  now(): number {
    return this.#stepped ?? this.#clock.now();
  }

  after(milliseconds: number, call: () => void): Stoppable {
    return this.#clock.after(milliseconds, call);
  }

  advance(milliseconds: number): void {
    if (this.#stepped !== undefined) this.#stepped += milliseconds;
  }

  follow(): void {
    this.#stepped = undefined;
  }
}

/** Timers that do not keep the program alive. */
const timerClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, call) {
    const timer = setTimeout(call, milliseconds);
    timer.unref();
    return { stop: () => clearTimeout(timer) };
  },
};

/** Plain HTTP on the loopback interface; clients take it only with the check of certificates switched off. */
function kubeconfigOf(port: number, token: string): string {
  return `apiVersion: v1
kind: Config
current-context: ${DEMO_CONTEXT}
clusters:
  - name: ${DEMO_CONTEXT}
    cluster:
      server: http://127.0.0.1:${port}
      insecure-skip-tls-verify: true
users:
  - name: ${DEMO_CONTEXT}
    user:
      token: ${token}
contexts:
  - name: ${DEMO_CONTEXT}
    context:
      cluster: ${DEMO_CONTEXT}
      user: ${DEMO_CONTEXT}
      namespace: shop
`;
}
