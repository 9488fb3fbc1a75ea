import type { Answer, PlannedStep, StepValue } from '#core/operations/model.ts';
import type { Procedure, StepContext } from '#core/operations/procedure.ts';
import type { FakeClock } from '#test/support/fakeClock.ts';
import type { Random } from '#test/support/random.ts';

interface Member {
  uid: number;
  /** In sync again at this time; 0 while in sync. */
  backAt: number;
  /** It never comes back by itself. */
  isBroken: boolean;
  /** When it last fell out without our doing. */
  accidentAt: number;
}

export interface SimulationOptions {
  readonly members: number;
  /** Chance in percent that a question or an act fails before it happens, and after it happened. */
  readonly lossPercent: number;
  /** Chance in percent that a restarted member never comes back. */
  readonly breakPercent: number;
  /** Chance in percent, at every question, that another member falls out by itself. */
  readonly accidentPercent: number;
  /** Which of them may be out together; one at most when absent. */
  readonly rule?: MemberRule;
}

/** Of systems whose replicas decide, not their counts. */
export interface MemberRule {
  /** Whether this one may go while those are out, as the product judges it. */
  mayGo(this: void, index: number, out: readonly number[]): boolean;
  /** Whether everything is still kept while these are out, judged by another way. */
  isKept(this: void, out: readonly number[]): boolean;
}

/** One at a time. */
const oneAtATime: MemberRule = {
  mayGo: (_, out) => out.length === 0,
  isKept: (out) => out.length <= 1,
};

/** A replicated system of which one member may be out, with connections that break before or after the server heard them. */
export class SimulatedMembers {
  readonly #clock: FakeClock;
  readonly #random: Random;
  readonly #options: SimulationOptions;
  readonly #members: Member[];
  readonly #rule: MemberRule;
  /** What went against the promise, in words. */
  readonly breaches: string[] = [];
  acts = 0;
  /** When a gate was last answered: what falls out later nobody can know. */
  gateAt = 0;
  identity = 'first';

  constructor(clock: FakeClock, random: Random, options: SimulationOptions) {
    this.#clock = clock;
    this.#random = random;
    this.#options = options;
    this.#rule = options.rule ?? oneAtATime;
    this.#members = Array.from({ length: options.members }, (_, index) => ({
      uid: index,
      backAt: 0,
      isBroken: false,
      accidentAt: -1,
    }));
  }

  get now(): number {
    return this.#clock.now();
  }

  get uids(): readonly number[] {
    return this.#members.map(({ uid }) => uid);
  }

  /** Somebody repairs everything. */
  heal(): void {
    for (const member of this.#members) Object.assign(member, { isBroken: false, backAt: 0 });
  }

  isOut(index: number): boolean {
    const member = this.#members[index];
    return member !== undefined && (member.isBroken || member.backAt > this.#clock.now());
  }

  outside(index: number): readonly number[] {
    return this.#members.flatMap((_, other) => (other !== index && this.isOut(other) ? [other] : []));
  }

  mayGo(index: number): boolean {
    return this.#rule.mayGo(index, this.outside(index));
  }

  /** Takes a member out, as an eviction does; a uid that is gone is a conflict. */
  evict(index: number, uid: number): void {
    const member = this.#members[index];
    if (!member || member.uid !== uid) throw new Error('conflict: the uid is another one');
    const others = this.outside(index).filter((other) => this.#couldBeKnown(other));
    if (!this.#rule.isKept([index, ...others]))
      this.breaches.push(`member ${index} was taken out while ${others.join(', ')} was out`);
    if (this.isOut(index) && this.#couldBeKnown(index)) this.breaches.push(`member ${index} was taken out twice`);
    this.acts += 1;
    member.uid += 1000;
    member.backAt = this.#clock.now() + 1000 + this.#random.below(20_000);
    member.isBroken = this.#chance(this.#options.breakPercent);
  }

  /** It stays out, and nothing about it moves. */
  freeze(index: number): void {
    const member = this.#members[index];
    if (member) member.backAt = Number.POSITIVE_INFINITY;
  }

  lag(index: number): number {
    const member = this.#members[index];
    return member ? Math.max(0, Math.ceil((member.backAt - this.#clock.now()) / 500)) : 0;
  }

  isBroken(index: number): boolean {
    return this.#members[index]?.isBroken === true;
  }

  /** Every question and act goes through here: time passes and the connection may break on the way there or back. */
  async call<T>(work: () => T): Promise<T> {
    await this.#travel();
    if (this.#chance(this.#options.lossPercent)) throw new Error('connection reset');
    this.#accident();
    const answer = work();
    await this.#travel();
    if (this.#chance(this.#options.lossPercent)) throw new Error('connection reset after the server had answered');
    return answer;
  }

  #couldBeKnown(index: number): boolean {
    return (this.#members[index]?.accidentAt ?? -1) < this.gateAt;
  }

  #travel(): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(this.#random.below(200), resolve);
    });
  }

  #accident(): void {
    if (!this.#chance(this.#options.accidentPercent)) return;
    const member = this.#members[this.#random.below(this.#members.length)];
    if (member && member.backAt <= this.#clock.now())
      Object.assign(member, { accidentAt: this.#clock.now(), backAt: this.#clock.now() + this.#random.below(10_000) });
  }

  #chance(percent: number): boolean {
    return this.#random.below(10_000) < percent * 100;
  }
}

/** Restarts members one after the other: the shape that every real restart has. */
export class SimulatedRestart implements Procedure {
  readonly #system: SimulatedMembers;
  readonly #isDead: () => boolean;
  readonly #identity: string;

  constructor(system: SimulatedMembers, isDead: () => boolean) {
    this.#system = system;
    this.#isDead = isDead;
    this.#identity = system.identity;
  }

  static steps(uids: readonly number[]): PlannedStep[] {
    return uids.map((uid, index) => ({
      id: `member-${index}`,
      title: `Restart member ${index}`,
      member: `member-${index}`,
      gate: 'all others are in sync',
      effect: 'it is evicted',
      done: 'it is in sync again',
      expectedMs: 10_000,
      parameters: { index, before: uid },
    }));
  }

  verifyIdentity(): Promise<string | undefined> {
    return this.#call(() =>
      this.#system.identity === this.#identity ? undefined : 'Another cluster answers under this name.',
    );
  }

  isDone({ step }: StepContext): Promise<boolean> {
    const { index, before } = numbers(step);
    return this.#call(() => this.#system.uids[index] !== before && !this.#system.isOut(index));
  }

  hasActed({ step, memory }: StepContext): Promise<boolean> {
    const { index, before } = numbers(step);
    return this.#call(() => this.#system.uids[index] !== (memory['uid'] ?? before));
  }

  prepare({ step }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return this.#call(() => ({ uid: this.#system.uids[numbers(step).index] ?? -1 }));
  }

  gate({ step }: StepContext): Promise<Answer> {
    const { index } = numbers(step);
    return this.#call((): Answer => {
      this.#system.gateAt = this.#system.now;
      const others = this.#system.outside(index);
      const broken = others.find((other) => this.#system.isBroken(other));
      if (broken !== undefined)
        return { kind: 'stop', reason: `member ${broken} does not come back`, fix: 'Repair it.' };
      if (this.#system.mayGo(index) && !this.#system.isOut(index)) return { kind: 'yes', evidence: 'all in sync' };
      const measure = [...others, index].map((other) => this.#system.lag(other));
      return { kind: 'wait', waitingFor: `members ${others.join(', ')}`, measure, isNear: false };
    });
  }

  act({ step, memory }: StepContext): Promise<{ kind: 'acted' }> {
    return this.#call(() => {
      this.#system.evict(numbers(step).index, Number(memory['uid']));
      return { kind: 'acted' };
    });
  }

  awaited({ step }: StepContext): Promise<Answer> {
    const { index } = numbers(step);
    return this.#call((): Answer => {
      if (this.#system.isBroken(index))
        return { kind: 'stop', reason: `member ${index} does not start`, fix: 'Repair it.' };
      if (!this.#system.isOut(index)) return { kind: 'yes', evidence: 'in sync' };
      return { kind: 'wait', waitingFor: `member ${index}`, measure: [this.#system.lag(index)], isNear: true };
    });
  }

  finish(): Promise<readonly string[]> {
    return this.#call(() => []);
  }

  /** A program that was killed does nothing more, not even fail. */
  async #call<T>(work: () => T): Promise<T> {
    if (this.#isDead()) return new Promise<never>(() => undefined);
    const answer = await this.#system.call(() => {
      if (this.#isDead()) return undefined;
      return { value: work() };
    });
    if (answer === undefined || this.#isDead()) return new Promise<never>(() => undefined);
    return answer.value;
  }
}

function numbers({ parameters }: PlannedStep): { index: number; before: number } {
  return { index: Number(parameters['index']), before: Number(parameters['before']) };
}
