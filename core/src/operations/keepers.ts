import { objectAt, textAt, textMapOf, valueAt, type JsonObject } from '#core/json.ts';
import { ownersOf, readManagers } from '#core/live/edit/ownership.ts';
import { FIELD_MANAGER } from '#core/live/ports.ts';

/** Who else keeps an object as it is written elsewhere, and would put back what is changed here. */
export interface Keeper {
  readonly who: string;
  /** `at once`: it watches and puts it back while the operation runs. `next time`: when somebody deploys again. */
  readonly when: 'at once' | 'next time';
  /** Nothing is known of who it is: it applies on the server's side, as people and scripts do too. */
  readonly isGuess?: boolean;
}

interface Sign {
  readonly in: 'labels' | 'annotations';
  readonly name: RegExp;
  readonly value?: RegExp;
  readonly keeper: Keeper;
}

const signs: readonly Sign[] = [
  {
    in: 'annotations',
    name: /^argocd\.argoproj\.io\/(?:tracking-id|installation-id)$/,
    keeper: { who: 'Argo CD', when: 'at once' },
  },
  { in: 'labels', name: /^argocd\.argoproj\.io\/instance$/, keeper: { who: 'Argo CD', when: 'at once' } },
  { in: 'labels', name: /^kustomize\.toolkit\.fluxcd\.io\/name$/, keeper: { who: 'Flux', when: 'at once' } },
  { in: 'labels', name: /^helm\.toolkit\.fluxcd\.io\/name$/, keeper: { who: 'Flux', when: 'at once' } },
  { in: 'annotations', name: /^meta\.helm\.sh\/release-name$/, keeper: { who: 'Helm', when: 'next time' } },
  {
    in: 'labels',
    name: /^app\.kubernetes\.io\/managed-by$/,
    value: /^Helm$/,
    keeper: { who: 'Helm', when: 'next time' },
  },
];

/** Managers that put a field back by themselves; others are people and programs that somebody has to start. */
const RESTLESS = /argocd|kustomize-controller|helm-controller|^gotk|autoscaler|keda|operator|controller-manager/i;
const PEOPLE = /^(?:kubectl|before-first-apply|Mozilla|node-fetch|k9s|unknown)/i;

/** Told by labels, annotations, owners, and by the managers of a field, such as `spec.replicas`; each once. */
export function keepersOf(object: JsonObject, ...field: readonly string[]): readonly Keeper[] {
  const told = signs.flatMap(({ in: place, name, value = /./, keeper }) => {
    const texts = Object.entries(textMapOf(valueAt(object, 'metadata', place)));
    return texts.some(([key, text]) => name.test(key) && value.test(text)) ? [keeper] : [];
  });
  const owners = readOwners(object);
  const managers = ownersOf(readManagers(object), field).flatMap(({ name, subresource, operation }): Keeper[] => {
    if (name === FIELD_MANAGER || name === '' || PEOPLE.test(name) || subresource === 'status') return [];
    if (/^helm$/i.test(name)) return [{ who: 'Helm', when: 'next time' }];
    const who = `the manager ${name}`;
    if (RESTLESS.test(name)) return [{ who, when: 'at once' }];
    return [operation === 'Apply' ? { who, when: 'at once', isGuess: true } : { who, when: 'next time' }];
  });
  const all = [...told, ...owners, ...managers];
  return all.filter(({ who }, index) => all.findIndex((one) => one.who === who) === index);
}

function readOwners(object: JsonObject): readonly Keeper[] {
  const owners = valueAt(object, 'metadata', 'ownerReferences');
  return (Array.isArray(owners) ? owners : [])
    .filter((owner: unknown) => valueAt(owner, 'controller') === true)
    .map((owner: unknown) => ({ who: `${textAt(owner, 'kind')} ${textAt(owner, 'name')}`, when: 'at once' as const }));
}

export function keeperSentences(keepers: readonly Keeper[], what: string): readonly string[] {
  return keepers.map(({ who, when }) =>
    when === 'at once'
      ? `${who} keeps ${what} and may put it back at once`
      : `${who} made ${what} and puts its own value back at the next deployment`,
  );
}

/** Under which names tools write that put back by themselves what is written elsewhere. */
const WRITERS: readonly { readonly name: RegExp; readonly tool: string }[] = [
  { name: /^argocd(?:-|$)/, tool: 'Argo CD' },
  { name: /^(?:kustomize|helm)-controller$/, tool: 'Flux' },
];

/** Tools that keep an object as it is written elsewhere, told by its labels and annotations and by who has written it; each once. */
export function gitOpsOf(object: JsonObject): readonly string[] {
  const { labels, annotations } = objectAt(object, 'metadata');
  const byMark = keepersOf({ metadata: { labels, annotations } })
    .filter(({ when }) => when === 'at once')
    .map(({ who }) => who);
  const writers = readManagers(object).filter(({ subresource }) => subresource === '');
  const byWriter = WRITERS.filter(({ name }) => writers.some((writer) => name.test(writer.name)));
  return [...new Set([...byMark, ...byWriter.map(({ tool }) => tool)])];
}
