import type { LivePod } from '#core/live/objects.ts';
import type { FoundPods } from '#core/operations/memberPods.ts';
import type { PlannedStep } from '#core/operations/model.ts';
import type { NodeAnswer } from '#core/systems/cassandra/nodetool/answer.ts';
import type { BatchCommand } from '#core/systems/cassandra/nodetool/batch.ts';
import type { CqlWord } from '#core/systems/cassandra/operations/cqlDoor.ts';
import { questions } from '#core/systems/cassandra/operations/door.ts';
import type { RingReading } from '#core/systems/cassandra/operations/reading.ts';
import type { RestartTarget } from '#core/systems/cassandra/operations/restartTarget.ts';
import { wholeQuestions, type RingNow, type Views } from '#core/systems/cassandra/operations/ringNow.ts';
import {
  firstMissing,
  isUp,
  notOpenYet,
  notUpYet,
  rowOf,
  type Missing,
  type Returning,
} from '#core/systems/cassandra/operations/whole.ts';

/** A node that is awaited, and the pods as they are. */
export interface LookRequest {
  readonly step: PlannedStep;
  readonly hostId: string;
  readonly pod: LivePod;
  readonly pods: FoundPods;
  /** It was found whole before, by this process. */
  readonly isSecond: boolean;
}

/** A reading of the whole ring, and when its questions began to be asked. */
export interface FreshReading {
  readonly askedAt: number;
  readonly reading: RingReading;
}

export interface Look {
  readonly pod: string;
  /** Undefined when it is whole. */
  readonly missing: Missing | undefined;
  readonly cql: CqlWord;
  /** Of every node that was asked. */
  readonly answers: readonly NodeAnswer[];
  /** Where every node was asked every question of a gate. */
  readonly reading: FreshReading | undefined;
}

/** While its port is closed, a node is asked so often what it is at: it may join as another node, or read its commit log. */
const INSIDE_MS = 30_000;

/** What only Kubernetes has still to say needs no question to the nodes. */
export const UNREADY = 'unready';
/** What is told by its CQL port costs nothing, and may be asked at any time. */
export const BY_PORT = 'by its port';

const TELLING_MODES = new Set(['NORMAL', 'JOINING']);

/** Looks once at a node that comes back: at its port, then at its own word, then at that of all others. */
export class ReturnLook {
  readonly #target: RestartTarget;
  readonly #ring: RingNow;
  /** When nodetool of a node whose port is closed was last asked, and its Mode. */
  #inside: { readonly pod: string; readonly at: number; readonly mode: string } | undefined;
  /** Since when a port is open whose pod is not ready. */
  #unreadySince: { readonly pod: string; readonly at: number } | undefined;

  constructor(target: RestartTarget, ring: RingNow) {
    this.#target = target;
    this.#ring = ring;
  }

  /** @throws ClusterProblem */
  async at(request: LookRequest): Promise<Look> {
    const { pod, pods } = request;
    const cql = await this.#ring.cql(pod, pods);
    const early = await this.#tooEarly(request, cql);
    const none = { pod: pod.meta.name, cql, answers: [], reading: undefined };
    if (early.missing) return { ...none, missing: early.missing };
    return { ...none, ...(await this.#whole(request, cql, early.own)) };
  }

  /** What the node lacks before others need to be asked, and what it was asked for that. */
  async #tooEarly(
    request: LookRequest,
    cql: CqlWord,
  ): Promise<{ readonly missing: Missing | undefined; readonly own?: NodeAnswer }> {
    if (cql.kind === 'closed') return { missing: await this.#starting(request) };
    this.#inside = undefined;
    const { pod } = request;
    // An open port says that the rest is worth asking for, once Kubernetes has seen it too.
    if (cql.kind === 'open') return { missing: this.#notReadyYet(pod) };
    const begun = await this.#ring.door.ask(pod, [questions.netstats]);
    // One that joins may be another node, which only its identity tells.
    if (!TELLING_MODES.has(begun?.netstats?.mode ?? ''))
      return { missing: notUpYet(this.#returning(request, { own: begun })) };
    const told = await this.#ring.door.ask(pod, [questions.info]);
    const own = begun && { ...begun, info: told?.info };
    return { missing: notOpenYet(this.#returning(request, { own, cql })), ...(own ? { own } : {}) };
  }

  /** Its port is closed. Now and then nodetool tells why; meanwhile its processor is left to it. */
  async #starting(request: LookRequest): Promise<Missing> {
    const { pod } = request;
    const { uid, name } = pod.meta;
    const now = this.#ring.now();
    if (this.#inside?.pod !== uid) this.#inside = { pod: uid, at: now, mode: '' };
    if (now - this.#inside.at >= INSIDE_MS) {
      const own = await this.#ring.door.ask(pod, [questions.netstats, questions.info]);
      const missing = notUpYet(this.#returning(request, { own }));
      if (missing?.kind === 'stranger') return missing;
      this.#inside = { pod: uid, at: this.#ring.now(), mode: own?.netstats?.mode ?? 'silent' };
    }
    const { mode } = this.#inside;
    const told = mode === '' ? '' : mode === 'silent' ? '; nodetool does not answer yet' : `; it is ${mode}`;
    return { kind: 'wait', text: `${name} to open CQL${told}`, measure: [BY_PORT, mode] };
  }

  /** Its probe comes a few seconds after its port; what takes longer is looked into. */
  #notReadyYet({ meta: { uid, name }, isReady }: LivePod): Missing | undefined {
    const now = this.#ring.now();
    if (isReady) this.#unreadySince = undefined;
    else if (this.#unreadySince?.pod !== uid) this.#unreadySince = { pod: uid, at: now };
    if (!this.#unreadySince || now - this.#unreadySince.at >= INSIDE_MS) return undefined;
    return { kind: 'wait', text: `${name} to be ready for Kubernetes`, measure: [BY_PORT, UNREADY] };
  }

  /** Everything, asked of all at the same time. */
  async #whole(
    request: LookRequest,
    cql: CqlWord,
    early: NodeAnswer | undefined,
  ): Promise<Pick<Look, 'missing' | 'answers' | 'reading'>> {
    const { pod, pods, hostId } = request;
    const askedAt = this.#ring.now();
    const { own: commands, others: more } = this.#questions(request, early);
    const isDoubted = ({ status }: NodeAnswer): boolean => !isUp(rowOf(status?.rows, hostId));
    const [told, views] = await Promise.all([
      this.#ring.door.ask(pod, commands),
      this.#ring.others(pods, pod.meta.name, { isDoubted, more }),
    ]);
    const own = told && early ? { ...told, netstats: early.netstats, info: early.info } : told;
    const missing = firstMissing(this.#returning(request, { own, cql, views })) ?? unready(pod);
    const answers = own ? [own, ...views.answers] : views.answers;
    const isComplete = this.#isHandedOn(request) && answers.length === this.#ring.nodes.length;
    const reading = isComplete ? { askedAt, reading: this.#ring.reading(answers) } : undefined;
    return { missing, answers, reading };
  }

  /** The first look asks what a node that is back is judged by; the second, where a step follows, everything that its gate will ask. */
  #questions(
    request: LookRequest,
    early: NodeAnswer | undefined,
  ): { readonly own: readonly BatchCommand[]; readonly others: readonly BatchCommand[] } {
    const { netstats, info, status, cluster, hints } = questions;
    const isHintsAsked = request.isSecond && this.#target.level === 'fully replicated';
    const ofOthers = isHintsAsked ? [hints] : [];
    const own = request.isSecond && this.#isHandedOn(request) ? wholeQuestions : [netstats, info, status, cluster];
    const others = own === wholeQuestions ? wholeQuestions.filter((one) => one !== status) : [];
    // No question is asked twice in one look.
    const isNew = (one: BatchCommand): boolean => !early || (one !== netstats && one !== info);
    return { own: own.filter(isNew), others: [...others, ...ofOthers] };
  }

  #isHandedOn({ step }: LookRequest): boolean {
    const { lastStep } = this.#target;
    return lastStep !== undefined && lastStep !== step.id;
  }

  #returning(
    { pod, hostId }: LookRequest,
    found: { readonly own: NodeAnswer | undefined; readonly cql?: CqlWord; readonly views?: Views },
  ): Returning {
    const { own, cql, views } = found;
    return {
      pod: pod.meta.name,
      hostId,
      own,
      peers: views?.answers ?? [],
      silent: views?.silent ?? [],
      level: this.#target.level,
      names: new Map(this.#ring.nodes.map((node) => [node.hostId, node.pod])),
      ...(cql ? { cql } : {}),
    };
  }
}

function unready({ meta, isReady }: LivePod): Missing | undefined {
  return isReady ? undefined : { kind: 'wait', text: `${meta.name} to be ready for Kubernetes`, measure: [UNREADY] };
}
