import type {
  Answer,
  Awaited,
  PlannedStep,
  RunRecord,
  RunState,
  StepPhase,
  StepRecord,
} from '#core/operations/model.ts';
import { describeError, endingOf, Poller } from '#core/operations/poller.ts';
import type { StepContext } from '#core/operations/procedure.ts';
import { Interrupted, isOver, JournalTaken, type RunPorts, type RunRequest } from '#core/operations/run.ts';

/**
 * Runs a plan, one step at a time:
 *
 * 1. Every step that is not done yet by the cluster's own account is taken in the order of the plan.
 * 2. Its gate is asked until it holds several times in a row. Asking may go on for hours as long as something moves; when nothing
 *    does, the run pauses and says what it waits for.
 * 3. What must be remembered is read, the target's identity and the lock are checked, the intent is journalled, the gate is asked a
 *    last time, and only then does the step act.
 * 4. What the act caused is awaited in the same way, then the closing work is done and journalled. An act that nobody heeded goes
 *    through the gate again. Where a person must look first, the run pauses and remembers what was shown; where a name must be typed,
 *    only whoever goes on and has typed it makes it remembered.
 * 5. Asked to pause or to cancel, from here or through the lock from elsewhere, it leaves before the next act; cancelled, it takes back at
 *    once what can be taken back. Cancelled or stopped, it puts back what it changed for its own sake.
 *
 * Properties, each tested with faults and interruptions at every await:
 * - nothing acts unless its gate held after the last write to the journal;
 * - the next step is not begun before the awaited state of the one before was seen, by whoever runs it: at most one member is out by us;
 * - an act that may or may not have happened is never repeated before the cluster was asked;
 * - without journal or lock nothing acts;
 * - it always ends, or waits for something it names.
 */
export async function runPlan(request: RunRequest, ports: RunPorts): Promise<RunRecord> {
  return new Run(request, ports).run();
}

class Run {
  readonly #request: RunRequest;
  readonly #ports: RunPorts;
  readonly #poller: Poller;
  #record: RunRecord;
  /** Somebody else goes on with it, and the journal is theirs. */
  #isTaken = false;

  constructor(request: RunRequest, ports: RunPorts) {
    this.#request = request;
    this.#ports = ports;
    this.#poller = new Poller(ports);
    const startedAt = request.earlier?.startedAt ?? ports.clock.now();
    const steps = stepsOf(request);
    this.#record = { plan: request.plan, state: { kind: 'running' }, startedAt, runner: ports.runner, steps };
  }

  async run(): Promise<RunRecord> {
    const state = await this.#toTheEnd();
    await this.#putBack(state);
    this.#record = { ...this.#record, state, ...(isOver(state) ? { endedAt: this.#ports.clock.now() } : {}) };
    this.#ports.listener({ kind: 'state', state, at: this.#ports.clock.now() });
    await this.#keepTheEnd();
    return this.#record;
  }

  async #toTheEnd(): Promise<RunState> {
    try {
      for (const step of this.#request.plan.steps) await this.#runStep(step);
      return { kind: 'done' };
    } catch (error) {
      if (error instanceof Interrupted) return error.state;
      if (error instanceof JournalTaken) {
        this.#isTaken = true;
        return stopped(error.message, 'Watch it there, or resume it here once it has ended.');
      }
      return paused(describeError(error), 'Look at the cluster and resume; nothing more is done until then.');
    }
  }

  /** What the run changed for its own sake is put back when it ends early. That it could not be is said, and ends nothing. */
  async #putBack(state: RunState): Promise<void> {
    const { procedure, plan } = this.#request;
    const step = plan.steps.findLast(({ id }) => this.#record.steps.some((record) => record.id === id));
    if (this.#isTaken || step === undefined || (state.kind !== 'cancelled' && state.kind !== 'stopped')) return;
    try {
      const notes = await this.#ask(step, 'finishing', async () => procedure.leave?.(state, this.#record) ?? []);
      for (const note of notes) this.#tell(step, note);
    } catch (error) {
      this.#tell(step, `Not everything could be put back: ${describeError(error)}`);
    }
  }

  /** The last word is kept if it can be; the cluster tells a later run the same. */
  async #keepTheEnd(): Promise<void> {
    if (this.#isTaken) return;
    try {
      await this.#ports.journal.write(this.#record);
      await this.#ports.lock.release();
    } catch (error) {
      const step = this.#request.plan.steps.at(-1);
      if (step) this.#tell(step, `The end could not be written to the journal: ${describeError(error)}`);
    }
  }

  async #runStep(step: PlannedStep): Promise<void> {
    if (await this.#ask(step, 'gate', () => this.#request.procedure.isDone(this.#contextOf(step)))) {
      if (this.#recordOf(step)?.phase !== 'done') await this.#close(step);
      return;
    }
    if (!(await this.#hasActed(step))) await this.#takeOut(step);
    while (!(await this.#bringBack(step))) await this.#takeOut(step);
    await this.#close(step);
  }

  /** A step that was journalled as about to act may have acted; only the cluster knows. */
  async #hasActed(step: PlannedStep): Promise<boolean> {
    const record = this.#recordOf(step);
    if (record === undefined || record.phase === 'gate') return false;
    return this.#ask(step, 'acting', () => this.#request.procedure.hasActed(this.#contextOf(step)));
  }

  async #takeOut(step: PlannedStep): Promise<void> {
    this.#leaveIfAsked();
    this.#enter(step, 'gate');
    for (;;) {
      await this.#gate(step);
      const memory = await this.#ask(step, 'gate', () => this.#request.procedure.prepare(this.#contextOf(step)));
      this.#update(step, { memory });
      await this.#verifyIdentity(step);
      await this.#journal(step, 'acting');
      await this.#ask(step, 'acting', () => this.#requireLock());
      this.#leaveIfAsked();
      // The journal took time; what was true before it may no longer be.
      const last = this.#remember(
        step,
        await this.#ask(step, 'acting', () => this.#request.procedure.gate(this.#contextOf(step))),
      );
      if (last.kind === 'yes' && (await this.#act(step))) return;
      if (last.kind === 'stop' || last.kind === 'pause') throw new Interrupted(endingOf(last, step));
    }
  }

  async #gate(step: PlannedStep): Promise<void> {
    const { goodReads, betweenReadsMs } = this.#poller.settings;
    let good = 0;
    await this.#poller.until(step, 'gate', {
      ask: async () => {
        this.#leaveIfAsked();
        await this.#requireLock();
        const answer = this.#remember(step, await this.#request.procedure.gate(this.#contextOf(step)));
        good = answer.kind === 'yes' ? good + 1 : 0;
        if (answer.kind !== 'yes' || good >= goodReads) return answer;
        return { kind: 'wait', waitingFor: 'the same answer once more', measure: [good], isNear: true };
      },
      nearMs: betweenReadsMs,
    });
  }

  /** Whether it acted. An error leaves that open until the cluster has been asked. */
  async #act(step: PlannedStep): Promise<boolean> {
    try {
      const outcome = await this.#request.procedure.act(this.#contextOf(step));
      if (outcome.kind === 'stop') throw new Interrupted(stopped(outcome.reason, outcome.fix));
      if (outcome.kind === 'again') {
        await this.#poller.pause(step, 'acting', outcome.waitingFor);
        return false;
      }
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      this.#tell(step, `The answer to the act did not come: ${describeError(error)}`);
      const happened = await this.#ask(step, 'acting', () => this.#request.procedure.hasActed(this.#contextOf(step)));
      if (!happened) return false;
    }
    this.#update(step, { actedAt: this.#ports.clock.now() });
    return true;
  }

  /** False when what was asked for was never begun, so that it must be asked for again. */
  async #bringBack(step: PlannedStep): Promise<boolean> {
    await this.#journalIfPossible(step, 'awaiting');
    let isHeeded = true;
    await this.#poller.until(step, 'awaiting', {
      ask: async (): Promise<Answer> => {
        const { wish } = this.#ports.control;
        if (wish === 'detach') throw new Interrupted(detached);
        await this.#requireLock();
        if (wish === 'cancel') await this.#abort(step);
        const answer = this.#remember(step, await this.#request.procedure.awaited(this.#contextOf(step)));
        if (answer.kind !== 'again') return answer;
        isHeeded = false;
        this.#tell(step, answer.reason);
        return { kind: 'yes', evidence: answer.reason };
      },
    });
    return isHeeded;
  }

  /** What a person is shown, so that whoever goes on need not be asked again. */
  #remember<Told extends Awaited>(step: PlannedStep, answer: Told): Told {
    if (answer.kind === 'again' || (answer.kind === 'pause' && answer.typed === undefined)) {
      this.#update(step, { memory: { ...this.#contextOf(step).memory, ...answer.remember } });
    }
    return answer;
  }

  /** Ends the run here when what is under way can be taken back; otherwise it is awaited. */
  async #abort(step: PlannedStep): Promise<void> {
    const { procedure } = this.#request;
    const context = this.#contextOf(step);
    if (!procedure.abort || procedure.canAbort?.(context) !== true) return;
    for (const note of await procedure.abort(context)) this.#tell(step, note);
    throw new Interrupted({ kind: 'cancelled' });
  }

  async #close(step: PlannedStep): Promise<void> {
    this.#enter(step, 'finishing');
    const notes = await this.#ask(step, 'finishing', () => this.#request.procedure.finish(this.#contextOf(step)));
    for (const note of notes) this.#tell(step, note);
    this.#update(step, { doneAt: this.#ports.clock.now() });
    await this.#journalIfPossible(step, 'done');
  }

  async #verifyIdentity(step: PlannedStep): Promise<void> {
    const problem = await this.#ask(step, 'gate', () => this.#request.procedure.verifyIdentity());
    if (problem !== undefined) throw new Interrupted(stopped(problem, 'Make a new plan for what is there now.'));
  }

  async #requireLock(): Promise<void> {
    const other = await this.#ports.lock.ensure(lockMs);
    if (other !== undefined) throw new JournalTaken(other);
  }

  #ask<T>(step: PlannedStep, phase: StepPhase, question: () => Promise<T>): Promise<T> {
    return this.#poller.patiently(step, phase, question);
  }

  /** Between the steps, and while a gate is waited for: nobody is out because of us. */
  #leaveIfAsked(): void {
    const { wish } = this.#ports.control;
    if (wish === 'cancel') throw new Interrupted({ kind: 'cancelled' });
    if (wish === 'pause') throw new Interrupted(asked);
    if (wish === 'detach') throw new Interrupted(detached);
  }

  /** Nothing acts unless this succeeded. */
  async #journal(step: PlannedStep, phase: StepPhase): Promise<void> {
    this.#enter(step, phase);
    await this.#ask(step, phase, () => this.#ports.journal.write(this.#record));
  }

  /** After the act the cluster itself shows how far it came, so an unwritten line must not keep a member from being awaited. */
  async #journalIfPossible(step: PlannedStep, phase: StepPhase): Promise<void> {
    this.#enter(step, phase);
    try {
      await this.#ports.journal.write(this.#record);
    } catch (error) {
      if (error instanceof JournalTaken) throw error;
      this.#tell(step, `The journal could not be written: ${describeError(error)}`);
    }
  }

  #enter(step: PlannedStep, phase: StepPhase): void {
    this.#update(step, { phase });
    this.#ports.listener({ kind: 'step', step, phase, at: this.#ports.clock.now() });
  }

  #tell(step: PlannedStep, text: string): void {
    const notes = this.#recordOf(step)?.notes ?? [];
    this.#update(step, { notes: [...notes, text].slice(-20) });
    this.#ports.listener({ kind: 'note', step, text, at: this.#ports.clock.now() });
  }

  #update(step: PlannedStep, change: Partial<StepRecord>): void {
    const before = this.#recordOf(step);
    const now = this.#ports.clock.now();
    const fresh: StepRecord = { id: step.id, phase: 'gate', startedAt: now, memory: {}, notes: [] };
    const others = this.#record.steps.filter(({ id }) => id !== step.id);
    this.#record = { ...this.#record, steps: [...others, { ...(before ?? fresh), ...change }] };
  }

  #recordOf(step: PlannedStep): StepRecord | undefined {
    return this.#record.steps.find(({ id }) => id === step.id);
  }

  #contextOf(step: PlannedStep): StepContext {
    const memories = Object.fromEntries(this.#record.steps.map(({ id, memory }) => [id, memory]));
    return { step, memory: memories[step.id] ?? {}, memories };
  }
}

/** What an earlier run left; with what was asked of a person, where that was typed. */
function stepsOf({ earlier, confirmed }: RunRequest): readonly StepRecord[] {
  const { state, steps = [] } = earlier ?? {};
  const asks = state?.kind === 'paused' ? state.asks : undefined;
  if (!asks || confirmed !== asks.typed) return steps;
  return steps.map((step) =>
    step.id === asks.step ? { ...step, memory: { ...step.memory, ...asks.remember } } : step,
  );
}

/** Longer than the longest time between two questions. */
const lockMs = 30_000;

const detached: RunState = {
  kind: 'paused',
  reason: 'The runner was asked to leave it.',
  fix: 'Resume it from any machine; it goes on where the cluster is.',
};

const asked: RunState = {
  kind: 'paused',
  reason: 'Somebody asked for it.',
  fix: 'Resume it from any machine; it goes on where the cluster is.',
};

const stopped = (reason: string, fix: string): RunState => ({ kind: 'stopped', reason, fix });
const paused = (reason: string, fix: string): RunState => ({ kind: 'paused', reason, fix });
