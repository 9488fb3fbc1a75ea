import type { Confirmation, Plan, RunRecord } from '#core/operations/model.ts';
import { targetText, type RunOptions } from '#server/cli/operate/options.ts';
import { endText } from '#server/cli/operate/progress.ts';
import type { CliWorld } from '#server/cli/world.ts';
import { printable } from '#server/cli/writers/printable.ts';

/** What a run was paused for to be asked; undefined when it was not. */
export function asksOf(record: RunRecord | undefined): Confirmation | undefined {
  return record?.state.kind === 'paused' ? record.state.asks : undefined;
}

/**
 * Has a name typed before what cannot be taken back, at the moment the run comes to it. An option answers once: what is asked again is
 * something else than was agreed to.
 */
export class Confirming {
  readonly #options: RunOptions;
  readonly #world: CliWorld;
  #isAnswered = false;

  constructor(options: RunOptions, world: CliWorld) {
    this.#options = options;
    this.#world = world;
  }

  /** What was typed; undefined when it is not agreed to. */
  async ask({ typed }: Confirmation, { plan, state }: RunRecord): Promise<string | undefined> {
    const { terminal } = this.#world;
    const { confirmAgain, format } = this.#options;
    if (confirmAgain !== undefined && !this.#isAnswered) {
      this.#isAnswered = true;
      if (confirmAgain === typed) return typed;
      terminal.err(`--confirm-again says "${confirmAgain}", and it is about ${printable(typed)}.\n`);
      return undefined;
    }
    if (!terminal.canAsk) {
      terminal.err(`Nobody is there to agree to it. ${this.#wayOn(plan, typed)}\n`);
      return undefined;
    }
    if (format === 'text') terminal.out(endText(state));
    else terminal.err(endText(state));
    const answer = await terminal.ask(`Type ${printable(typed)} to go on: `);
    if (answer.trim() === typed) return typed;
    terminal.err(`It is left as it is. ${this.#wayOn(plan, typed)}\n`);
    return undefined;
  }

  #wayOn({ target }: Plan, typed: string): string {
    const where = `${printable(targetText(this.#options))} -n ${printable(target.namespace)}`;
    return `Go on with: data-clusters resume ${where} --confirm-again ${printable(typed)}`;
  }
}
