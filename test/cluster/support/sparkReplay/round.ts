import type { JsonObject } from '#core/json.ts';
import type { ReplayApi } from './replayApi.ts';

/** For how long every state stays at least, so that whoever watches sees it. */
const DWELL_MS = 350;

/** What is remembered of an object from round to round. */
interface Memory {
  spec: string;
  state: string;
  since: number;
}

/** One look at everything, and what was seen before. */
export class Round {
  readonly api: ReplayApi;
  readonly pods: readonly JsonObject[];
  readonly #memories: Map<string, Memory>;

  constructor(api: ReplayApi, pods: readonly JsonObject[], memories: Map<string, Memory>) {
    this.api = api;
    this.pods = pods;
    this.#memories = memories;
  }

  /** Whether a spec is another one than in the round before; never of what is seen for the first time. */
  isChanged(uid: string, spec: string): boolean {
    const memory = this.#of(uid);
    const isChanged = memory.spec !== '' && memory.spec !== spec;
    memory.spec = spec;
    return isChanged;
  }

  /** Whether a state is too young to be left. */
  isEarly(uid: string, state: string): boolean {
    const memory = this.#of(uid);
    if (memory.state !== state) {
      memory.state = state;
      memory.since = Date.now();
    }
    return Date.now() - memory.since < DWELL_MS;
  }

  #of(uid: string): Memory {
    const known = this.#memories.get(uid) ?? { spec: '', state: 'unseen', since: Date.now() };
    this.#memories.set(uid, known);
    return known;
  }
}

export type Memories = ConstructorParameters<typeof Round>[2];
