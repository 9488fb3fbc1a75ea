import type { HelmProgram } from '#core/live/helm/program.ts';
import type { ReleaseContent, ReleaseHook } from '#core/live/helm/decode.ts';
import { plainText } from '#core/live/plainText.ts';
import type { Precondition } from '#core/operations/model.ts';

/** How a release is rolled back: by the program `helm`, or by writing what it would write. */
export interface Way {
  readonly way: 'helm' | 'written';
  /** `v3.22.0`; empty when it is written from here. */
  readonly version: string;
  readonly precondition: Precondition;
}

const ID = { id: 'way', title: 'It can be rolled back the way Helm does it' };

/** By what is installed, and by what the revision asks for. `program` is a reason where there is none. */
export function chooseWay(program: HelmProgram | string, target: ReleaseContent, applyMethod: string): Way {
  if (typeof program !== 'string') {
    const { text } = program.version;
    const evidence = [`By the program helm ${text} on this machine, with the context of this plan`];
    return { way: 'helm', version: text, precondition: { ...ID, state: 'holds', evidence } };
  }
  const obstacles = [
    ...(runningHooks(target).length > 0 ? ['The revision has hooks, which only Helm itself can run'] : []),
    ...(applyMethod === 'ssa'
      ? ["Helm 4 applies this release on the server's side, which only Helm itself can do"]
      : []),
  ];
  if (obstacles.length > 0)
    return {
      way: 'helm',
      version: '',
      precondition: {
        ...ID,
        state: 'fails',
        evidence: [program, ...obstacles],
        fix: 'Install Helm 3 or 4, so that `helm` is on the PATH of this program, and plan it again.',
      },
    };
  const evidence = [program, 'So the revision and its objects are written from here, as Helm writes them'];
  return { way: 'written', version: '', precondition: { ...ID, state: 'warns', evidence } };
}

/** The hooks that a rollback to this revision runs, in the order of their weights. */
function runningHooks({ hooks }: ReleaseContent): readonly ReleaseHook[] {
  return hooks.filter(({ events }) => events.some((event) => event === 'pre-rollback' || event === 'post-rollback'));
}

export function hooksCheck(target: ReleaseContent): Precondition {
  const id = { id: 'hooks', title: 'What the hooks do is known' };
  const hooks = runningHooks(target);
  if (hooks.length === 0) return { ...id, state: 'holds', evidence: ['The revision has none for a rollback'] };
  const evidence = hooks.map(
    ({ kind, name, events }) =>
      `${plainText(kind, 60)} ${plainText(name, 120)} runs at ${events.filter((event) => event.endsWith('-rollback')).join(' and ')}`,
  );
  const fix = 'Read them in Show Release, under Hooks; what they do is not undone.';
  return { ...id, state: 'warns', evidence, fix };
}
