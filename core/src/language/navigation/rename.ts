import {
  checkDataKey,
  checkDns1035Label,
  checkDnsLabel,
  checkDnsSubdomain,
  checkLabelValue,
  checkPortName,
  checkQualifiedName,
  type NameCheck,
} from '#core/kubernetes/names.ts';
import { labelFamily, type LabelAt } from '#core/language/navigation/labelPlaces.ts';
import { definitionsOf, holdersOfKey, portOwners } from '#core/language/navigation/namePlaces.ts';
import type { FoundSymbol } from '#core/language/navigation/navigation.ts';
import type { SymbolAt } from '#core/language/navigation/symbol.ts';
import { isSameObject, viewOf, type NavigationWorld } from '#core/language/navigation/world.ts';
import type { IndexedObject } from '#core/workspace/fileFacts.ts';

/** Kinds whose name is nothing but a name: no pods, disks or data hang on it. */
const RENAMABLE: ReadonlySet<string> = new Set([
  'ConfigMap',
  'Secret',
  'Service',
  'ServiceAccount',
  'Kafka',
  'KafkaConnect',
]);

type NameAt = Extract<SymbolAt, { kind: 'name' }>;

/** Why a name cannot be changed safely, in whole sentences; undefined when it can. */
export function refuseRename({ at, places }: FoundSymbol, world: NavigationWorld): string | undefined {
  if (places.some(({ isVerbatim }) => !isVerbatim)) {
    return 'The name is written with escapes, or a program fills in a part of it, in one of its places. Change it by hand.';
  }
  if (at.kind === 'label') return refuseLabel(at, world);
  if (!places.some(({ role }) => role === 'definition'))
    return `${describe(at)} is not in the workspace, so its name is given elsewhere.`;
  if (at.occurrence.symbol === 'object') return refuseObject(at, world);
  return at.occurrence.symbol === 'key' ? refuseKey(at, world) : undefined;
}

function refuseObject(at: NameAt, world: NavigationWorld): string | undefined {
  const { target, name } = at.occurrence;
  if (!RENAMABLE.has(target)) {
    return `Renaming a ${target} makes another one and leaves the old one behind, with what belongs to it. It is more than a change of names.`;
  }
  const definitions = definitionsOf(at.object, at.occurrence, world);
  const patched = definitions.find((definition) => viewOf(definition, world).isPatched(definition));
  if (patched) return `A kustomization patches the ${target} ${name} or its users by name. Change it by hand.`;
  return undefined;
}

/** Keys that a program sees as files or variables are not only names. */
function refuseKey(at: NameAt, world: NavigationWorld): string | undefined {
  const { target, name } = at.occurrence;
  const holders = holdersOfKey(at.object, at.occurrence, world);
  for (const user of world.all) {
    for (const use of user.occurrences) {
      if (use.symbol !== 'object' || use.role !== 'reference' || use.target !== target) continue;
      if (!holders.some((holder) => holder.name === use.name)) continue;
      const meant = viewOf(user, world).named(target, use.name, use.namespace);
      if (!meant.some((object) => holders.some((holder) => isSameObject(object, holder)))) continue;
      const seen = seesKeys(use.path, user);
      if (seen) return `The ${user.kind} ${user.name} ${seen}, so its program would see another name than "${name}".`;
    }
  }
  return undefined;
}

function seesKeys(path: string, user: IndexedObject): string | undefined {
  if (/\.envFrom\[\d+\]\./.test(path)) return 'takes every key as a variable';
  const [, volume] = /^(.*\.(?:volumes|sources)\[\d+\]\.(?:configMap|secret))\.\w+$/.exec(path) ?? [];
  if (volume === undefined) return undefined;
  const hasItems = user.occurrences.some((each) => each.symbol === 'key' && each.path.startsWith(`${volume}.items[`));
  return hasItems ? undefined : 'mounts every key as a file';
}

function refuseLabel(at: LabelAt, world: NavigationWorld): string | undefined {
  const family = labelFamily(at, world);
  const isExpressed = family.some(({ set }) => set.expressions.some(({ key }) => key === at.entry.key));
  if (isExpressed) return `An expression of a selector asks for the label ${at.entry.key} as well. Change it by hand.`;
  if (!family.some(({ set }) => set.role === 'pods')) {
    return 'No pods of the workspace have this label, so it is given elsewhere.';
  }
  return undefined;
}

/** What is wrong with a new name, in whole sentences; undefined when it can be taken. */
export function refuseNewName({ at }: FoundSymbol, newName: string, world: NavigationWorld): string | undefined {
  const problem = checkOf(at)(newName);
  if (problem !== undefined) return `"${newName}" ${problem}.`;
  return isTaken(at, newName, world) ? `There is ${describe(at, newName)} already.` : undefined;
}

const CHECKS: Readonly<Record<string, NameCheck>> = {
  volume: checkDnsLabel,
  container: checkDnsLabel,
  port: checkPortName,
  key: checkDataKey,
  Service: checkDns1035Label,
};

function checkOf(at: SymbolAt): NameCheck {
  if (at.kind === 'label') return at.part === 'key' ? checkQualifiedName : checkLabelValue;
  const { symbol, target } = at.occurrence;
  return CHECKS[symbol === 'object' ? target : symbol] ?? checkDnsSubdomain;
}

function isTaken(at: SymbolAt, newName: string, world: NavigationWorld): boolean {
  if (at.kind === 'label') {
    if (at.part === 'value') return false;
    return labelFamily(at, world).some(({ set }) => set.entries.some(({ key }) => key === newName));
  }
  const { symbol, target, owner, namespace } = at.occurrence;
  if (symbol === 'object') return viewOf(at.object, world).named(target, newName, namespace).length > 0;
  const holders =
    symbol === 'key'
      ? holdersOfKey(at.object, at.occurrence, world)
      : symbol === 'port'
        ? portOwners(at.object, at.occurrence, world).map(({ holder }) => holder)
        : [at.object];
  return holders.some(({ occurrences }) =>
    occurrences.some(
      (each) =>
        each.symbol === symbol &&
        each.role === 'definition' &&
        each.name === newName &&
        (symbol === 'key' || symbol === 'port' || each.owner === owner),
    ),
  );
}

function describe(at: SymbolAt, name?: string): string {
  if (at.kind === 'label') return `a label ${name ?? at.entry.key}`;
  const { occurrence } = at;
  const shown = name ?? occurrence.name;
  if (occurrence.symbol === 'object') return `${name === undefined ? 'The' : 'a'} ${occurrence.target} "${shown}"`;
  return `${name === undefined ? 'The' : 'a'} ${occurrence.symbol} "${shown}"`;
}
