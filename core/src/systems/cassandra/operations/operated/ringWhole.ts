import { duration } from '#core/live/durations.ts';
import { hopelessTrouble, type FoundPods } from '#core/operations/memberPods.ts';
import type { Answer } from '#core/operations/model.ts';
import { everyNodeUpFromEveryView, oneSchema } from '#core/systems/cassandra/ringChecks.ts';
import { waiting } from '#core/systems/cassandra/operations/answers.ts';
import { questions } from '#core/systems/cassandra/operations/door.ts';
import { named } from '#core/systems/cassandra/operations/reading.ts';
import type { RestartLevel } from '#core/systems/cassandra/operations/safety.ts';
import { strangerIn, type RingTarget } from '#core/systems/cassandra/operations/tending/ringTarget.ts';

/** As after a restart of our own: gossip settles late, and hints are best effort. */
const SETTLING_MS = 10_000;
const HINTS_MS = 600_000;
/** Between two questions to all nodes, each of which costs their machines seconds of CPU. */
const BETWEEN_MS = 3000;

/**
 * Whether nobody is out: every pod ready, every node up and normal for every other with the Host ID it had, on one schema; the same ten
 * seconds later; and, at level "fully replicated", no writes kept for those that were away. What it keeps is only since when that is so.
 */
export class RingWhole {
  readonly #target: RingTarget;
  readonly #level: RestartLevel;
  #wholeSince: number | undefined;
  #settledAt: number | undefined;
  #last: { readonly at: number; readonly answer: Answer } | undefined;
  #notes: readonly string[] = [];

  constructor(target: RingTarget, level: RestartLevel) {
    this.#target = target;
    this.#level = level;
  }

  /** `back`: pods of nodes that were away. @throws ClusterProblem */
  async awaited(back: readonly string[], pods: FoundPods): Promise<Answer> {
    const now = this.#target.clock.now();
    if (this.#last && now - this.#last.at < BETWEEN_MS) return this.#last.answer;
    const answer = await this.#ask(back, pods);
    this.#last = answer.kind === 'wait' ? { at: this.#target.clock.now(), answer } : undefined;
    return answer;
  }

  /** What it lacks now; undefined when nothing. @throws ClusterProblem */
  async missing(pods: FoundPods): Promise<Answer | undefined> {
    const { ring } = this.#target;
    for (const { pod: name } of ring.nodes) {
      const pod = pods.of(name);
      if (pod?.isReady === true && pod.meta.deletedAt === undefined) continue;
      const trouble = pod && hopelessTrouble(pod, ring.now());
      if (trouble !== undefined) return { kind: 'stop', reason: `${name} ${trouble}`, fix: `Repair ${name} first.` };
      return waiting(`${name} to be ready`, [name, pod?.phase ?? 'absent'], false);
    }
    const reading = await ring.full(pods);
    const stranger = strangerIn(this.#target, reading);
    if (stranger) return stranger;
    const addresses = new Set(reading.ring.nodes.flatMap((node) => node.addresses));
    const schemaUnknown = reading.ring.schemaUnknown.filter((address) => addresses.has(address));
    const against = [
      ...everyNodeUpFromEveryView(
        reading.ring,
        ring.nodes.map(({ pod }) => pod),
      ).against,
      ...oneSchema({ ...reading.ring, schemaUnknown }).against,
    ];
    return against.length === 0 ? undefined : waiting(`the ring to be whole: ${named(against)}`, against, false);
  }

  /** For the report; told once. */
  notes(): readonly string[] {
    const notes = this.#notes;
    this.#notes = [];
    return notes;
  }

  async #ask(back: readonly string[], pods: FoundPods): Promise<Answer> {
    const settling = waiting(`the ring to stay whole for ${SETTLING_MS / 1000} s`, ['settling'], false);
    const isSettling = (): boolean =>
      this.#wholeSince !== undefined && this.#target.clock.now() - this.#wholeSince < SETTLING_MS;
    if (isSettling()) return settling;
    const missing = await this.missing(pods);
    if (missing) {
      this.#wholeSince = undefined;
      this.#settledAt = undefined;
      return missing;
    }
    this.#wholeSince ??= this.#target.clock.now();
    if (isSettling()) return settling;
    this.#settledAt ??= this.#target.clock.now();
    return this.#withoutHints(back, pods, this.#settledAt);
  }

  async #withoutHints(back: readonly string[], pods: FoundPods, since: number): Promise<Answer> {
    const { ring, clock } = this.#target;
    const whole: Answer = { kind: 'yes', evidence: `every node sees the ${ring.nodes.length} nodes up and normal` };
    if (this.#level !== 'fully replicated') return this.#over(whole, []);
    const hosts = new Set(ring.nodes.filter(({ pod }) => back.includes(pod)).map(({ hostId }) => hostId));
    const all = ring.nodes.flatMap(({ pod }) => pods.of(pod) ?? []);
    const answers = await ring.door.askAll(all, [questions.hints]);
    const kept = answers.flatMap(({ hints = [] }) => hints.filter((hint) => hosts.has(hint.hostId)));
    const files = kept.reduce((sum, hint) => sum + hint.files, 0);
    const passed = clock.now() - since;
    if (files > 0 && passed < HINTS_MS) {
      const text = `nodes to send ${named(back)} the writes kept for them (${files} files)`;
      return waiting(text, [files, Math.floor(passed / 60_000)], false);
    }
    const left = `After ${duration(passed)} nodes still keep ${files} files of writes for ${named(back)}; repair them if they do not go`;
    const untold = 'Whether writes are still kept cannot be told by this version of Cassandra';
    const isUntold = answers.every(({ hints }) => hints === undefined);
    return this.#over(whole, isUntold ? [untold] : files > 0 ? [left] : []);
  }

  /** What comes after is another absence. */
  #over(whole: Answer, notes: readonly string[]): Answer {
    this.#notes = notes;
    this.#wholeSince = undefined;
    this.#settledAt = undefined;
    return whole;
  }
}
