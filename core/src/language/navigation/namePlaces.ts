import {
  isSameObject,
  placeIn,
  viewOf,
  type NavigationWorld,
  type SymbolPlace,
} from '#core/language/navigation/world.ts';
import type { LabelSet, Occurrence } from '#core/workspace/facts.ts';
import type { IndexedObject } from '#core/workspace/fileFacts.ts';
import { selects } from '#core/workspace/labels.ts';

/** Every place of a name that is no label. */
export function placesOfName(
  object: IndexedObject,
  occurrence: Occurrence,
  world: NavigationWorld,
): readonly SymbolPlace[] {
  switch (occurrence.symbol) {
    case 'object':
      return placesOfObject(definitionsOf(object, occurrence, world), occurrence, world, object);
    case 'key':
      return placesOfKey(object, occurrence, world);
    case 'port':
      return portOwners(object, occurrence, world).flatMap(({ holder, owner }) =>
        placesIn(holder, (each) => each.symbol === 'port' && each.name === occurrence.name && each.owner === owner),
      );
    default:
      return placesIn(object, (each) => isSameLocal(each, occurrence));
  }
}

/** The objects a name of an object means; none when it is not in the workspace. */
export function definitionsOf(
  object: IndexedObject,
  { role, target, name, namespace }: Occurrence,
  world: NavigationWorld,
): readonly IndexedObject[] {
  return role === 'definition' ? [object] : viewOf(object, world).named(target, name, namespace);
}

function placesOfObject(
  definitions: readonly IndexedObject[],
  wanted: Occurrence,
  world: NavigationWorld,
  from: IndexedObject,
): readonly SymbolPlace[] {
  const { target, name } = wanted;
  const own = definitions.flatMap((definition) =>
    placesIn(definition, (each) => each.symbol === 'object' && each.role === 'definition' && each.name === name),
  );
  const uses = world.all.flatMap((holder) =>
    placesIn(holder, (each) => {
      if (each.symbol !== 'object' || each.role !== 'reference' || each.target !== target || each.name !== name)
        return false;
      if (definitions.length === 0) return isSameObject(holder, from) || holder.namespace === from.namespace;
      return meansOneOf(holder, each, definitions, world);
    }),
  );
  return [...own, ...uses];
}

function meansOneOf(
  holder: IndexedObject,
  { target, name, namespace }: Occurrence,
  definitions: readonly IndexedObject[],
  world: NavigationWorld,
): boolean {
  const meant = viewOf(holder, world).named(target, name, namespace);
  return meant.some((object) => definitions.some((definition) => isSameObject(object, definition)));
}

/** The objects whose key is meant. */
export function holdersOfKey(
  object: IndexedObject,
  { role, target, owner, namespace }: Occurrence,
  world: NavigationWorld,
): readonly IndexedObject[] {
  return role === 'definition' ? [object] : viewOf(object, world).named(target, owner, namespace);
}

function placesOfKey(object: IndexedObject, wanted: Occurrence, world: NavigationWorld): readonly SymbolPlace[] {
  const { target, owner, name } = wanted;
  const holders = holdersOfKey(object, wanted, world);
  const own = holders.flatMap((holder) =>
    placesIn(holder, (each) => each.symbol === 'key' && each.role === 'definition' && each.name === name),
  );
  const uses = world.all.flatMap((holder) =>
    placesIn(holder, (each) => {
      if (each.symbol !== 'key' || each.role !== 'reference' || each.name !== name) return false;
      if (each.target !== target || each.owner !== owner) return false;
      return holders.length === 0 || meansOneOf(holder, { ...each, name: owner }, holders, world);
    }),
  );
  return [...own, ...uses];
}

interface PortOwner {
  readonly holder: IndexedObject;
  /** Path of the pod; empty for a Service. */
  readonly owner: string;
}

/** The pods and Services that share a port by its name: a Service and whatever it selects, and the other Services of those. */
export function portOwners(
  object: IndexedObject,
  { name, owner }: Pick<Occurrence, 'name' | 'owner'>,
  world: NavigationWorld,
): readonly PortOwner[] {
  const candidates = world.all.flatMap((holder): PortOwner[] => {
    const ports = holder.occurrences.filter((each) => each.symbol === 'port' && each.name === name);
    return [...new Set(ports.map((each) => each.owner))].map((each) => ({ holder, owner: each }));
  });
  const start: PortOwner = { holder: object, owner };
  const found: PortOwner[] = [start];
  for (let at = 0; at < found.length; at++) {
    const current = found[at];
    if (!current) break;
    for (const candidate of candidates) {
      const isKnown = found.some(
        (each) => each.owner === candidate.owner && isSameObject(each.holder, candidate.holder),
      );
      if (!isKnown && areJoined(current, candidate, world)) found.push(candidate);
    }
  }
  return found;
}

function areJoined(a: PortOwner, b: PortOwner, world: NavigationWorld): boolean {
  const [service, pods] = a.holder.kind === 'Service' ? [a, b] : [b, a];
  if (service.holder.kind !== 'Service' || pods.holder.kind === 'Service') return false;
  const selector = service.holder.labelSets.find(({ role }) => role === 'selector');
  const isNear = viewOf(service.holder, world)
    .ofKind(pods.holder.kind)
    .some((object) => isSameObject(object, pods.holder));
  return isNear && selector !== undefined && labelsOfPod(pods).some((labels) => selects(selector, labels) === true);
}

function labelsOfPod({ holder, owner }: PortOwner): readonly LabelSet[] {
  const template = owner.replace(/\.?spec$/, '');
  const path = template === '' ? 'metadata.labels' : `${template}.metadata.labels`;
  return holder.labelSets.filter((set) => set.role === 'pods' && set.path === path);
}

function isSameLocal(each: Occurrence, { symbol, name, owner }: Occurrence): boolean {
  return each.symbol === symbol && each.name === name && each.owner === owner;
}

function placesIn(object: IndexedObject, isMeant: (occurrence: Occurrence) => boolean): readonly SymbolPlace[] {
  return object.occurrences
    .filter(isMeant)
    .map((occurrence) => placeIn(object, occurrence, { role: occurrence.role, isVerbatim: occurrence.isVerbatim }));
}
