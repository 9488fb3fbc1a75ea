import { performance } from 'node:perf_hooks';
import process from 'node:process';

/** Says what happens and how long each stage took. */
export interface Progress {
  /** Runs one stage and prints its seconds. The function may return a remark, such as "cached". */
  stage(this: void, name: string, work: () => Promise<string | void>): Promise<void>;
  note(this: void, text: string): void;
}

export function createProgress(): Progress {
  const began = performance.now();
  const write = (text: string): void => {
    const since = ((performance.now() - began) / 1000).toFixed(1).padStart(7);
    process.stdout.write(`${since} s  ${text}\n`);
  };
  return {
    async stage(name, work) {
      const started = performance.now();
      const remark = await work();
      const took = (performance.now() - started) / 1000;
      write(`${name} (${took.toFixed(1)} s)${typeof remark === 'string' ? `: ${remark}` : ''}`);
    },
    note: write,
  };
}
