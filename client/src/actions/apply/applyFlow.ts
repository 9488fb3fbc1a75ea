import type { ContextPolicy } from '#client/actions/deps.ts';
import { rebase } from '#core/live/edit/rebase.ts';
import type { SecretDisplay } from '#core/live/edit/secretValues.ts';
import {
  conflictsOf,
  describeChanges,
  describeConflicts,
  joinSome,
  readConflicts,
  writeQuestion,
  type FieldConflict,
} from '#core/live/edit/sentences.ts';
import { readEdited, renderObject, withoutHidden } from '#core/live/edit/shownObject.ts';
import { planWrite, type FieldChange, type WritePlan } from '#core/live/edit/writePlan.ts';
import { isSameJson } from '#core/live/fieldPath.ts';
import { plainText } from '#core/live/plainText.ts';
import { ClusterProblem, type Cluster, type JsonObject } from '#core/live/ports.ts';
import { objectAt, textAt } from '#core/live/reading.ts';
import { describeObject, type ObjectTarget } from '#core/live/target.ts';

/** What the user is shown and asked on the way to a write. Every question may be answered with no. */
export interface ApplyUi {
  /** Both texts side by side: what is there, and what the server would make of it. */
  showDiff(before: string, after: string, title: string): Promise<void>;
  confirm(question: ConfirmQuestion): Promise<boolean>;
  /** Others own fields of this change; each line names an owner and what it owns. */
  takeOver(lines: readonly string[]): Promise<boolean>;
  /** Others changed the same fields since the text was read. */
  useMine(fields: readonly string[], title: string): Promise<boolean>;
  /** Something to know that stops nothing. */
  note(sentence: string): void;
}

export interface ConfirmQuestion {
  /** Names context, namespace and object. */
  readonly question: string;
  /** Names the fields that change. */
  readonly detail: string;
  /** What has to be typed; undefined when a button is enough. */
  readonly typedName: string | undefined;
}

export interface ApplyRequest {
  readonly target: ObjectTarget;
  /** The object the text was made from. */
  readonly base: JsonObject;
  readonly text: string;
  /** How values of a Secret are shown in the text, and so in the comparison. */
  readonly secrets: SecretDisplay;
  readonly policy: ContextPolicy;
}

export type ApplyOutcome =
  /** The object as the server keeps it now. */
  | { readonly kind: 'written'; readonly object: JsonObject }
  | { readonly kind: 'unchanged'; readonly object: JsonObject }
  | { readonly kind: 'cancelled' }
  /** Nothing was written. One sentence, with the problem when the server has refused, and the place in the text when there is one. */
  | { readonly kind: 'refused'; readonly reason: string; readonly problem?: ClusterProblem; readonly offset?: number };

/** How often a change by others between two steps is answered by starting again. */
const ROUNDS = 5;

/**
 * Writes an edited object: carries the edit over to the object as it is now, lets the server try it, shows what would become of it, asks,
 * and writes on condition that nothing has changed since. Nothing is written without the server's own preview having been shown.
 */
export async function applyEdit(request: ApplyRequest, cluster: Cluster, ui: ApplyUi): Promise<ApplyOutcome> {
  const { target, base, text, policy } = request;
  if (policy.isReadOnly) return refused(`${target.context} is read-only by a setting, so nothing is written there.`);
  const edited = readEdited(text, base);
  if (edited.kind === 'refused') return { ...refused(edited.reason), offset: edited.offset };
  if (edited.ignored.length > 0)
    ui.note(`Changes to ${joinSome(edited.ignored)} are not written: the server owns them.`);
  try {
    const flow = new ApplyFlow(request, edited.object, cluster, ui);
    for (let round = 0; round < ROUNDS; round++) {
      const outcome = await flow.run();
      if (outcome) return outcome;
    }
    return refused(`${describeObject(target)} changes faster than it can be written. Try again in a moment.`);
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    return { ...refused(plainText(error.message, 1_000)), problem: error };
  }
}

function refused(reason: string): { readonly kind: 'refused'; readonly reason: string } {
  return { kind: 'refused', reason };
}

/** What the user has agreed to. */
interface Consent {
  readonly result: JsonObject;
}

class ApplyFlow {
  readonly #request: ApplyRequest;
  readonly #edited: JsonObject;
  readonly #cluster: Cluster;
  readonly #ui: ApplyUi;
  /** Answers that are not asked for again when a round has to be repeated. */
  #consent: Consent | undefined;
  #force = false;
  #takenOver = '';
  #overlapsTaken = '';

  constructor(request: ApplyRequest, edited: JsonObject, cluster: Cluster, ui: ApplyUi) {
    this.#request = request;
    this.#edited = edited;
    this.#cluster = cluster;
    this.#ui = ui;
  }

  /** One round; undefined when the object was changed between two steps, so that everything has to be looked at again. */
  async run(): Promise<ApplyOutcome | undefined> {
    const { target, base } = this.#request;
    this.#force = false;
    const live = await this.#cluster.get(target.address);
    if (textAt(live, 'metadata', 'uid') !== textAt(base, 'metadata', 'uid')) {
      return refused(
        `${describeObject(target)} was deleted and made anew since this text was read. Reload it and edit it again.`,
      );
    }
    const { object, overlaps } = rebase(base, this.#edited, live);
    if (!(await this.#mayOverride(overlaps, live, object))) return { kind: 'cancelled' };
    const plan = planWrite(live, object);
    if (plan.kind === 'nothing') return { kind: 'unchanged', object: live };
    const tried = await this.#tryOut(plan);
    if (tried === 'cancelled' || tried === 'changed') return tried === 'cancelled' ? { kind: 'cancelled' } : undefined;
    if (!(await this.#agree(live, tried, plan.changes))) return { kind: 'cancelled' };
    return this.#write(plan);
  }

  async #mayOverride(overlaps: readonly string[], live: JsonObject, wanted: JsonObject): Promise<boolean> {
    const key = JSON.stringify([overlaps, significant(live)]);
    if (overlaps.length === 0 || this.#overlapsTaken === key) return true;
    await this.#showDiff(live, wanted, 'changed meanwhile ↔ yours');
    const isTaken = await this.#ui.useMine(
      overlaps.map((path) => plainText(path)),
      describeObject(this.#request.target),
    );
    if (isTaken) this.#overlapsTaken = key;
    return isTaken;
  }

  /** What the server would make of it. Fields that others own are asked about, and then tried again with force. */
  async #tryOut(plan: Exclude<WritePlan, { kind: 'nothing' }>): Promise<JsonObject | 'cancelled' | 'changed'> {
    if (plan.kind === 'replace' && !(await this.#mayTakeOver(conflictsOf(plan.changes)))) return 'cancelled';
    try {
      return await this.#send(plan, true);
    } catch (error) {
      if (!(error instanceof ClusterProblem) || error.kind !== 'conflict') throw error;
      const conflicts = readConflicts(error);
      if (conflicts.length === 0) return 'changed';
      if (!(await this.#mayTakeOver(conflicts))) return 'cancelled';
      this.#force = true;
      return this.#send(plan, true);
    }
  }

  async #mayTakeOver(conflicts: readonly FieldConflict[]): Promise<boolean> {
    const lines = describeConflicts(conflicts);
    const key = lines.join('\n');
    if (lines.length === 0 || this.#takenOver === key) return true;
    const isTaken = await this.#ui.takeOver(lines);
    if (isTaken) this.#takenOver = key;
    return isTaken;
  }

  /** Asks, unless the very same result was agreed to in an earlier round. */
  async #agree(live: JsonObject, result: JsonObject, changes: readonly FieldChange[]): Promise<boolean> {
    if (this.#consent && isSameJson(significant(this.#consent.result), significant(result))) return true;
    const { target, policy } = this.#request;
    await this.#showDiff(live, result, 'now ↔ after');
    const typedName = policy.isProtected ? target.address.name : undefined;
    const detail = describeChanges(changes);
    const isAgreed = await this.#ui.confirm({ question: writeQuestion(target), detail, typedName });
    if (isAgreed) this.#consent = { result };
    return isAgreed;
  }

  /** Whoever owns a field now that nobody owned at the trial is asked about in the next round. */
  async #write(plan: Exclude<WritePlan, { kind: 'nothing' }>): Promise<ApplyOutcome | undefined> {
    try {
      return { kind: 'written', object: await this.#send(plan, false) };
    } catch (error) {
      if (error instanceof ClusterProblem && error.kind === 'conflict') return undefined;
      throw error;
    }
  }

  #send({ kind, body }: Exclude<WritePlan, { kind: 'nothing' }>, dryRun: boolean): Promise<JsonObject> {
    const { address } = this.#request.target;
    const options = { ...(dryRun ? { dryRun } : {}), ...(this.#force && kind === 'apply' ? { force: true } : {}) };
    return kind === 'apply'
      ? this.#cluster.apply(address, body, options)
      : this.#cluster.replace(address, body, options);
  }

  async #showDiff(before: JsonObject, after: JsonObject, title: string): Promise<void> {
    const { target, secrets } = this.#request;
    const texts = [renderObject(before, { secrets }), renderObject(after, { secrets, before })] as const;
    await this.#ui.showDiff(...texts, `${target.address.name} in ${target.context}: ${title}`);
  }
}

/** What a user decides about: not what changes by itself while the user reads. */
function significant(object: JsonObject): JsonObject {
  const { status: _status, metadata: _metadata, ...rest } = withoutHidden(object);
  const { generation: _generation, ...metadata } = objectAt(withoutHidden(object), 'metadata');
  return { ...rest, metadata };
}
