import type { Clock } from '#core/live/ports.ts';
import type { Answer, PlannedStep, RunState, StepPhase } from '#core/operations/model.ts';
import { Interrupted, JournalTaken, usualSettings, type RunPorts, type RunSettings } from '#core/operations/run.ts';

export interface PollRequest {
  readonly ask: () => Promise<Answer>;
  /** Instead of the usual time between questions near the goal. */
  readonly nearMs?: number;
}

const firstRetryMs = 500;
const longestRetryMs = 10_000;

/** Asks until the answer is yes: often when it is near, seldom when it is far, and never for ever when nothing moves. */
export class Poller {
  readonly settings: RunSettings;
  readonly #ports: RunPorts;

  constructor(ports: RunPorts) {
    this.#ports = ports;
    this.settings = ports.settings ?? usualSettings;
  }

  /** @throws Interrupted when the answer is stop, or when nothing moved for too long */
  async until(step: PlannedStep, phase: StepPhase, { ask, nearMs }: PollRequest): Promise<void> {
    const { clock } = this.#ports;
    let measure = '';
    let movedAt = clock.now();
    for (;;) {
      const answer = await this.patiently(step, phase, ask);
      if (answer.kind === 'yes') return;
      if (answer.kind !== 'wait') throw new Interrupted(endingOf(answer, step));
      const now = clock.now();
      const present = JSON.stringify(answer.measure);
      if (present !== measure) movedAt = now;
      measure = present;
      if (now - movedAt >= this.settings.stallMs) throw stalled(answer.waitingFor, now - movedAt);
      this.#ports.listener({ kind: 'waiting', step, phase, waitingFor: answer.waitingFor, at: now });
      await sleep(clock, answer.isNear ? (nearMs ?? this.settings.nearPollMs) : this.settings.farPollMs);
    }
  }

  /** Waits once, for something outside that says by itself when it is over. */
  async pause(step: PlannedStep, phase: StepPhase, waitingFor: string): Promise<void> {
    this.#ports.listener({ kind: 'waiting', step, phase, waitingFor, at: this.#ports.clock.now() });
    await sleep(this.#ports.clock, this.settings.farPollMs);
  }

  /** Asks again after errors, with growing pauses, until the cluster has been silent for too long. */
  async patiently<T>(step: PlannedStep, phase: StepPhase, question: () => Promise<T>): Promise<T> {
    const { clock } = this.#ports;
    const began = clock.now();
    for (let wait = firstRetryMs; ; wait = Math.min(wait * 2, longestRetryMs)) {
      try {
        return await question();
      } catch (error) {
        if (error instanceof Interrupted || error instanceof JournalTaken) throw error;
        if (this.#ports.control.wish === 'detach' || clock.now() - began >= this.settings.silenceMs) throw error;
        const waitingFor = `an answer of the cluster: ${describeError(error)}`;
        this.#ports.listener({ kind: 'waiting', step, phase, waitingFor, at: clock.now() });
        await sleep(clock, wait);
      }
    }
  }
}

/** How the run ends when this is the answer. */
export function endingOf(answer: Extract<Answer, { kind: 'stop' | 'pause' }>, { id }: PlannedStep): RunState {
  const { reason, fix } = answer;
  if (answer.kind === 'stop') return { kind: 'stopped', reason, fix };
  const { typed, remember } = answer;
  return { kind: 'paused', reason, fix, ...(typed === undefined ? {} : { asks: { typed, step: id, remember } }) };
}

function stalled(waitingFor: string, forMs: number): Interrupted {
  const minutes = Math.round(forMs / 60_000);
  return new Interrupted({
    kind: 'paused',
    reason: `Nothing has moved for ${minutes} min while waiting for ${waitingFor}`,
    fix: 'Find out why it stands still, then resume.',
  });
}

export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function sleep(clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(milliseconds, resolve);
  });
}
